import Testing

extension Vector {
    /// A field that is expected and that the runner does not look at would pass whatever happens.
    func knows(_ fields: Set<String>) throws {
        let others = expected.keys.filter { !fields.contains($0) }.sorted()
        try #require(others.isEmpty, "\(id) expects what is not known: \(others.joined(separator: ", "))")
        try #require(!expected.isEmpty, "\(id) expects nothing")
    }
}

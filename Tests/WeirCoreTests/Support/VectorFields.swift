import Testing

extension Vector {
    /// A field that a runner does not know is a case that it does not check: that is a failure, not a pass.
    func requireKnown(_ input: [String], expected: [String]) {
        for name in self.input.keys where !input.contains(name) { Issue.record("\(id): unknown input \(name)") }
        for name in self.expected.keys where !expected.contains(name) { Issue.record("\(id): unknown result \(name)") }
        #expect(!self.expected.isEmpty, "\(id) expects nothing")
    }
}

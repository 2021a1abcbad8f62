/// The parameters of a request in AWS's Query protocol: `Action=…&InstanceIds.member.1=…`.
struct FormParameters: Sendable {
    private(set) var pairs: [(name: String, value: String)] = []

    /// Nil when the text is no form, or has too many parameters.
    init?(_ text: String) {
        for piece in text.split(separator: "&") {
            let equals = piece.firstIndex(of: "=") ?? piece.endIndex
            guard pairs.count < APILimits.formParameters,
                let name = percentDecoded(piece[..<equals], plusIsSpace: true),
                let value = percentDecoded(piece[equals...].dropFirst(), plusIsSpace: true)
            else { return nil }
            pairs.append((name, value))
        }
    }

    subscript(name: String) -> String? { pairs.first { $0.name == name }?.value }

    /// Whether there is a parameter of this name, or of one of its members.
    func has(_ name: String) -> Bool { pairs.contains { $0.name == name || $0.name.hasPrefix(name + ".") } }

    /// The values of `name.member.1`, `name.member.2` and so on, up to the first that is missing.
    func list(_ name: String) -> [String] {
        var values: [String] = []
        while let value = self["\(name).member.\(values.count + 1)"] { values.append(value) }
        return values
    }
}

/// The files in `~/.aws`: sections of `name = value`.
struct INIFile: Sendable, Equatable {
    private var sections: [String: [String: String]] = [:]

    /// Reads what it can; a line that is none of theirs is passed over, as the AWS tools do. A section that comes twice is
    /// one, and of two values the later one counts. An indented line belongs to the value above it (`s3 =` and its
    /// settings) and is of no interest here.
    init(_ text: String) {
        var section: String?
        for line in text.split(whereSeparator: \.isNewline) {
            guard let first = line.first, first != "#", first != ";", !first.isWhitespace else { continue }
            if first == "[" {
                section = line.firstIndex(of: "]").map { Self.name(line[line.index(after: line.startIndex)..<$0]) }
            } else if let section, let equals = line.firstIndex(of: "=") {
                let name = Self.trim(line[..<equals]).lowercased()
                sections[section, default: [:]][name] = Self.trim(line[line.index(after: equals)...])
            }
        }
    }

    /// - Parameter name: in lower case.
    func value(_ name: String, in section: String) -> String? { sections[section]?[name] }

    /// All of it, names in lower case; empty when there is no such section.
    func section(_ name: String) -> [String: String] { sections[name] ?? [:] }

    func has(_ section: String) -> Bool { sections[section] != nil }

    /// `profile  x` and `profile x` are the same section; quotes around the name are not part of it.
    private static func name(_ text: Substring) -> String {
        trim(text).split(whereSeparator: \.isWhitespace).map { $0.filter { $0 != "\"" } }.joined(separator: " ")
    }

    private static func trim(_ text: Substring) -> String {
        let end = text.lastIndex { !$0.isWhitespace }.map(text.index(after:)) ?? text.startIndex
        return String(text[..<end].drop(while: \.isWhitespace))
    }
}

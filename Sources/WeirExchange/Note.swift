/// What a person has to know of what was carried over, and of what was not.
public struct Note: Sendable, Equatable {
    /// Raw values are the words of the JSON output.
    public enum Kind: String, Sendable, CaseIterable {
        /// It has no counterpart on the other side.
        case notCarried = "not_carried"
        /// It is there, in another form or with another meaning.
        case changed
        /// Nothing that was read says it: a person has to.
        case fillIn = "fill_in"
    }

    public var kind: Kind
    /// The file that it stands in; nil when it stands in none.
    public var file: String?
    /// From 1.
    public var line: Int?
    /// Where in the file: `AutoScalingGroups[0].Tags`, or the key of the policy file.
    public var path: String?
    public var why: String

    init(_ kind: Kind, file: String? = nil, line: Int? = nil, path: String? = nil, why: String, order: Int = 0) {
        self.kind = kind
        self.file = file
        self.line = line
        self.path = path
        self.why = why
    }

    /// `groups.json:14 AutoScalingGroups[0].Tags: why`.
    public var text: String {
        let place = file.map { file in line.map { "\(file):\($0)" } ?? file }
        let what = [place, path].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " ")
        return what.isEmpty ? why : "\(what): \(why)"
    }
}

/// Something that was written cannot be read or used; the whole of it cannot be carried over then.
public struct ImportMistake: Error, Sendable, Equatable {
    public var text: String

    init(_ text: String) {
        self.text = text
    }
}

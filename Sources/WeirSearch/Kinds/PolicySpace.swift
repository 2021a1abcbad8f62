import WeirCore
import WeirPolicy

/// All policies that a search may try: the file as it is with other figures, or with another kind of scaling in it.
public struct PolicySpace: Sendable {
    public let families: [Family]
    private let text: String
    private let given: GivenFigures
    private let kinds: [any ScalingKind]
    private let editing: PolicyEditing?
    private let setting: Setting
    /// Alarms that nobody needs when the scaling policies are others.
    private let unneeded: [String]

    /// - Parameters:
    ///   - file: with its figures, and how it is edited; nil: only figures can be moved.
    ///   - kinds: the words for those that are tried.
    public init(
        _ file: PolicyFile, _ given: GivenFigures, _ editing: PolicyEditing?, _ setting: Setting, kinds: [String]
    ) {
        text = file.text
        let moves = kinds.contains(ScalingKinds.asGiven)
        self.given = given
        self.kinds = editing == nil ? [] : ScalingKinds.all.filter { kinds.contains($0.name) }
        self.editing = editing
        self.setting = setting
        let own = Family(
            ScalingKinds.asGiven, moves ? given.parameters : [], start: moves ? given.start : [])
        families = [own] + self.kinds.map { Family($0.name, $0.parameters(setting), start: $0.start(setting)) }
        // What a named rule speaks of, or what tells people something, stays.
        let named = file.group.compositeAlarms.filter { editing?.alarmNames.contains($0.name) ?? false }
        unneeded =
            named.isEmpty
            ? file.group.alarms.filter { alarm in alarm.actions == AlarmActions() }.map(\.name) : []
    }

    /// The whole file.
    public func text(of candidate: Candidate) -> String {
        let values = families[candidate.family].values(at: candidate.places)
        if candidate.family == 0 {
            return values.isEmpty ? text : PolicyEditing.text(text, with: given.changes(values))
        }
        let kind = kinds[candidate.family - 1]
        return editing?.text(with: kind.scaling(values, setting), without: unneeded, remark: []) ?? text
    }

    /// What is other than in the file: what, as it was, and as it is.
    public func changes(_ candidate: Candidate) -> [(name: String, before: String, after: String)] {
        let values = families[candidate.family].values(at: candidate.places)
        guard candidate.family == 0 else {
            return zip(families[candidate.family].parameters, values).map { parameter, value in
                (parameter.name, "", parameter.isTime ? Values.time(value) : Values.number(value))
            }
        }
        guard !values.isEmpty else { return [] }
        return given.changes(values).compactMap { figure, value in
            let (before, after) = (figure.text(figure.value), figure.text(value))
            return before == after ? nil : (figure.name, before, after)
        }
    }
}

/// Lines at the beginning of a policy file that say what a search found. They are told from others by how they begin.
public enum Remarks {
    private static let mark = "#: "

    public static func text(_ lines: [String], above text: String) -> String {
        let end = PolicyEditing.lineEnd(of: text)
        return lines.map { mark + $0 + end }.joined() + text
    }

    /// A file that was searched before says so no longer.
    public static func removed(from text: String) -> String {
        var rest = text[...]
        // To a character CR and LF are one, and not LF.
        while rest.hasPrefix(mark), let end = rest.unicodeScalars.firstIndex(of: "\n") {
            rest = rest[rest.unicodeScalars.index(after: end)...]
        }
        return String(rest)
    }
}

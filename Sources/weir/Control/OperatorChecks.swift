import WeirAPI
import WeirCore
import WeirPolicy

/// What an operator wrote, held against the group as it stands: what is not there is a mistake, with what there is.
extension GroupView {
    /// How many instances are in one of these lifecycle states.
    func count(_ states: LifecycleState...) -> Int {
        instances.count { instance in states.contains { $0.rawValue == instance.lifecycleState } }
    }

    /// All of them, or a mistake.
    func check(instances ids: [String]) throws(Failure) {
        for id in ids where !instances.contains(where: { $0.id == id }) {
            let known = instances.map(\.id).joined(separator: ", ")
            throw .mistake("group \(group) has no instance \(id); it has \(known.isEmpty ? "none" : known)")
        }
    }

    /// The one group that all of these instances are of.
    static func group(of ids: [String], among groups: [GroupView]) throws(Failure) -> GroupView {
        var found: GroupView?
        for id in ids {
            guard let group = groups.first(where: { $0.instances.contains { $0.id == id } }) else {
                throw noGroup(has: id, groups.flatMap(\.instances).map(\.id))
            }
            if let found, found.group != group.group {
                throw .mistake("\(id) is of group \(group.group), others are of \(found.group); one group at a time")
            }
            found = group
        }
        guard let found else { throw .mistake("no instance is named") }
        return found
    }

    private static func noGroup(has id: String, _ known: [String]) -> Failure {
        let hint = NearestWord.to(id, among: known).map { "did you mean '\($0)'?" }
        let all = known.isEmpty ? "there is none" : "there are: \(known.joined(separator: ", "))"
        return .mistake("no group has an instance \(id); \(hint ?? all)")
    }

    /// The group has such a hook, and the instance waits for it.
    func check(hook: String, of id: String) throws(Failure) {
        let waits = instances.first { $0.id == id }?.waitsFor.map(\.hook) ?? []
        // A hook that was taken out of the policy file may still be waited for.
        if waits.contains(hook) { return }
        let names = lifecycleHooks.map(\.name)
        guard names.contains(hook) else {
            let hint = NearestWord.to(hook, among: names + waits).map { "did you mean '\($0)'?" }
            let all = names.isEmpty ? "it has none" : "it has: \(names.joined(separator: ", "))"
            throw .mistake("group \(group) has no lifecycle hook '\(hook)'; \(hint ?? all)")
        }
        let instead = waits.isEmpty ? "" : "; it waits for \(waits.joined(separator: ", "))"
        throw .world("\(id) does not wait for the lifecycle hook '\(hook)'\(instead)")
    }

    /// Chosen to end, or ending already: no part of the desired capacity any more.
    func isTerminating(_ id: String) -> Bool {
        instances.contains { $0.id == id && $0.lifecycleState.hasPrefix("Terminating") }
    }
}

extension ScalingProcess {
    /// Their names in the Auto Scaling API, which may also be written in small letters and with hyphens.
    static func named(_ words: [String]) throws(Failure) -> [String] {
        var names: [String] = []
        for word in words {
            guard let process = allCases.first(where: { plain($0.rawValue) == plain(word) }) else {
                let known = allCases.map(\.rawValue)
                let hint = NearestWord.to(word, among: known).map { "did you mean '\($0)'?" }
                throw .mistake(
                    "there is no process '\(word)'; \(hint ?? "there are: \(known.joined(separator: ", "))")")
            }
            names.append(process.rawValue)
        }
        return names
    }

    private static func plain(_ word: String) -> String {
        word.lowercased().filter { $0 != "-" && $0 != "_" }
    }
}

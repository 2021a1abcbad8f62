import WeirAPI
import WeirCore
import WeirPolicy

/// What an operator wrote, held against the group as it stands: what is not there is a mistake, with what there is.
extension GroupView {
    /// All of them, or a mistake.
    func check(instances ids: [String]) throws(Failure) {
        for id in ids where !instances.contains(where: { $0.id == id }) {
            let known = instances.map(\.id).joined(separator: ", ")
            throw .mistake("group \(group) has no instance \(id); it has \(known.isEmpty ? "none" : known)")
        }
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

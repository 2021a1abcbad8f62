/// What became of every value that was read. Nothing is dropped in silence: a value that nobody accounts for is told when the
/// account is closed.
final class Ledger {
    enum Outcome: Equatable {
        /// The key of the policy file that says it now.
        case carried(String)
        /// Nothing is lost without it.
        case notNeeded(String)
        case told(Note.Kind, String)
    }

    /// A value: by its document and its path in it.
    struct Place: Hashable {
        var file: String
        var index: Int
        var path: String
    }

    private var outcomes: [Place: Outcome] = [:]
    private var lines: [Place: Int] = [:]

    func set(_ outcome: Outcome, at place: Place, line: Int) {
        outcomes[place] = outcome
        lines[place] = line
    }

    /// Only when nothing is known of it yet.
    func settle(_ outcome: Outcome, at place: Place, line: Int) {
        if outcomes[place] == nil { set(outcome, at: place, line: line) }
    }

    /// What was said of the parts of a value does not hold any more: the whole of it has another end.
    func forget(below place: Place) {
        for other in Array(outcomes.keys)
        where other.file == place.file && other.index == place.index && other.path.isBelow(place.path) {
            outcomes[other] = nil
        }
    }

    // MARK: The end

    /// Every value of these documents that holds something, with what became of it.
    func account(of documents: [Document]) -> [Account] {
        var accounts: [Account] = []
        for document in documents { walk(document.root, in: document, inherited: nil, into: &accounts) }
        return accounts
    }

    private func walk(_ node: Node, in document: Document, inherited: Outcome?, into accounts: inout [Account]) {
        let outcome = outcomes[Place(file: document.file, index: document.index, path: node.path)] ?? inherited
        switch node.content {
        case .list(let items) where !items.isEmpty:
            for item in items { walk(item, in: document, inherited: outcome, into: &accounts) }
        case .mapping(let entries) where !entries.isEmpty:
            for entry in entries { walk(entry.value, in: document, inherited: outcome, into: &accounts) }
        case .nothing, .text, .number, .boolean, .list, .mapping, .unresolved:
            let unaccounted = Outcome.told(.notCarried, "weir does not know it")
            accounts.append(
                Account(
                    file: document.file, path: node.path, line: node.line,
                    outcome: outcome ?? (node.saysNothing ? .notNeeded("nothing is set") : unaccounted),
                    isUnknown: outcome == nil && !node.saysNothing))
        }
    }

    /// All that a person has to know, by file and line.
    func notes(of documents: [Document]) -> [Note] {
        var notes: [Note] = []
        for (number, document) in documents.enumerated() {
            var found = outcomes.compactMap { place, outcome -> Note? in
                guard place.file == document.file, place.index == document.index,
                    case .told(let kind, let why) = outcome
                else { return nil }
                return Note(kind, file: place.file, line: lines[place], path: place.path, why: why, order: number)
            }
            found += account(of: [document]).filter(\.isUnknown).map {
                Note(
                    .notCarried, file: $0.file, line: $0.line, path: $0.path, why: "weir does not know it",
                    order: number)
            }
            notes += found.sorted {
                ($0.line ?? 0, $0.path ?? "", $0.why) < ($1.line ?? 0, $1.path ?? "", $1.why)
            }
        }
        return notes
    }
}

/// One value, and what became of it.
struct Account: Sendable {
    var file: String
    var path: String
    var line: Int
    var outcome: Ledger.Outcome
    /// Nobody had anything to say of it.
    var isUnknown: Bool
}

extension Ledger.Outcome: Sendable {}

extension String {
    fileprivate func isBelow(_ path: String) -> Bool {
        path.isEmpty || hasPrefix("\(path).") || hasPrefix("\(path)[")
    }
}

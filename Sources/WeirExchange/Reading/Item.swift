/// A value that is being carried over, with the account that is kept of it.
struct Item {
    let node: Node
    let document: Document
    let ledger: Ledger

    /// Nil when there is none, or it says nothing.
    subscript(key: String) -> Item? {
        guard let child = node[key], !child.saysNothing else { return nil }
        return Item(node: child, document: document, ledger: ledger)
    }

    /// Also when it says nothing, as an empty text does.
    func written(_ key: String) -> Item? {
        node[key].map { Item(node: $0, document: document, ledger: ledger) }
    }

    /// Those that say something.
    var items: [Item] {
        node.items.filter { !$0.saysNothing }.map { Item(node: $0, document: document, ledger: ledger) }
    }

    var entries: [(key: String, item: Item)] {
        node.entries.filter { !$0.value.saysNothing }
            .map { ($0.key, Item(node: $0.value, document: document, ledger: ledger)) }
    }

    /// The last part of the path.
    var name: String { node.path.split(separator: ".").last.map(String.init) ?? "" }

    /// For the remark beside what it became: `MinSize groups.json:12`.
    var origin: String { "\(name) \(document.file):\(node.line)" }

    private var place: Ledger.Place { .init(file: document.file, index: document.index, path: node.path) }

    /// Nothing, or an empty text.
    var isEmpty: Bool {
        switch node.content {
        case .nothing: true
        case .text(let text): text.isEmpty
        case .number, .boolean, .list, .mapping, .unresolved: false
        }
    }

    func isSame(as other: Item) -> Bool { place == other.place }

    // MARK: Its account

    func carried(_ key: String) { ledger.set(.carried(key), at: place, line: node.line) }

    func notNeeded(_ why: String) { ledger.set(.notNeeded(why), at: place, line: node.line) }

    func lost(_ why: String) { ledger.set(.told(.notCarried, why), at: place, line: node.line) }

    func changed(_ why: String) { ledger.set(.told(.changed, why), at: place, line: node.line) }

    /// The whole of it, whatever was said of its parts.
    func lostWhole(_ why: String) {
        ledger.forget(below: place)
        lost(why)
    }

    func notNeededWhole(_ why: String) {
        ledger.forget(below: place)
        notNeeded(why)
    }

    /// Accounts for what nobody has accounted for yet.
    func settle(_ outcome: Ledger.Outcome) { ledger.settle(outcome, at: place, line: node.line) }

    /// Keys that have one reason each.
    func settle(notNeeded: [String: String], lost: [String: String]) {
        for (key, item) in entries {
            if let why = notNeeded[key] {
                item.settle(.notNeeded(why))
            } else if let why = lost[key] {
                item.settle(.told(.notCarried, why))
            }
        }
    }

    // MARK: Typed reads, each with its account

    /// - Parameter key: of the policy file.
    func text(as key: String) -> String? { read(as: key, "a text") { $0 } }

    func integer(as key: String) -> Int? {
        read(as: key, "a whole number between -\(Self.largestInteger) and \(Self.largestInteger)") { text in
            // CloudFormation and KEDA write numbers as texts, and some tools 3.0 for 3.
            let number = Int(text) ?? Double(text).flatMap { Int(exactly: $0) }
            return number.flatMap { (-Self.largestInteger...Self.largestInteger).contains($0) ? $0 : nil }
        }
    }

    /// Our own: of instances and of seconds it is more than anybody has, and what is calculated from it stays a number.
    static let largestInteger = 1_000_000_000

    func number(as key: String) -> Double? {
        read(as: key, "a number") { Double($0).flatMap { $0.isFinite ? $0 : nil } }
    }

    func boolean(as key: String) -> Bool? {
        read(as: key, "true or false") { ["true": true, "false": false][$0.lowercased()] }
    }

    private func read<Value>(as key: String, _ expected: String, _ convert: (String) -> Value?) -> Value? {
        if case .unresolved(let why) = node.content {
            lost(why)
            return nil
        }
        guard let value = node.scalarText.flatMap(convert) else {
            lost("it is not \(expected)")
            return nil
        }
        carried(key)
        return value
    }

    /// What it says, without any account.
    var plain: String? { node.scalarText }
}

/// Where each key of the format belongs, in words.
struct KeyHomes: Sendable {
    private var homes: [(key: Key, place: String)] = []

    /// Walks the declarations in their order, so that the outermost home of a word is the one that is named.
    init(root: Section) {
        add(root, place: "at the top of the file")
    }

    /// Where a key that was written somewhere else belongs, as a hint; nil when no section knows it. The key's own name
    /// comes before what others call it.
    func hint(for written: String) -> String? {
        let word = NearestWord.snakeCase(written)
        if let home = homes.first(where: { $0.key.name == word }) { return "'\(word)' belongs \(home.place)" }
        return homes.first { $0.key.elsewhere.contains(word) }.map { "did you mean '\($0.key.name)' \($0.place)?" }
    }

    private mutating func add(_ section: Section, place: String) {
        for key in section.keys { homes.append((key, place)) }
        for key in section.keys { add(key.shape, name: key.name) }
    }

    private mutating func add(_ shape: Key.Shape, name: String) {
        switch shape {
        case .value: break
        case .section(let section): add(section, place: "under '\(name)'")
        case .sequence(let section, _): add(section, place: "under '\(name)'")
        case .named(let names, let shape): add(shape, name: "\(names.article) \(names.noun)", isNamed: true)
        case .variants(let variants):
            for (_, section) in variants.sections { add(section, place: "under '\(name)'") }
        case .either(let either):
            for section in either.sections { add(section, place: "under '\(name)'") }
        }
    }

    private mutating func add(_ shape: Key.Shape, name: String, isNamed: Bool) {
        switch shape {
        case .section(let section): add(section, place: "in \(name)")
        case .variants(let variants):
            for (word, section) in variants.sections { add(section, place: "in \(name) of type \(word)") }
        case .either(let either):
            add(either.usual, place: "in \(name)")
            add(either.special, place: "in \(name) with '\(either.key)'")
        case .value, .named, .sequence: break
        }
    }
}

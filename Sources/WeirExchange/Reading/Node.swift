/// A value of a document that somebody else's tool wrote, with where it stands.
struct Node: Sendable {
    var content: Content
    /// As people write it: `AutoScalingGroups[0].MinSize`; empty for the document as a whole.
    var path: String
    /// From 1.
    var line: Int

    enum Content: Sendable {
        case nothing
        case text(String)
        case number(String)
        case boolean(Bool)
        case list([Node])
        /// In the order of the document.
        case mapping([Entry])
        /// A function that cannot be worked out from the document, and why.
        case unresolved(String)
    }

    struct Entry: Sendable {
        var key: String
        var value: Node
    }

    /// Nil when it is no mapping, or has no such key.
    subscript(key: String) -> Node? {
        guard case .mapping(let entries) = content else { return nil }
        return entries.first { $0.key == key }?.value
    }

    var entries: [Entry] {
        guard case .mapping(let entries) = content else { return [] }
        return entries
    }

    var items: [Node] {
        guard case .list(let items) = content else { return [] }
        return items
    }

    /// Of a scalar, whatever its kind.
    var scalarText: String? {
        switch content {
        case .text(let text), .number(let text): text
        case .boolean(let value): String(value)
        case .nothing, .list, .mapping, .unresolved: nil
        }
    }

    /// Null, an empty text, an empty list or an empty mapping: nothing was set.
    var saysNothing: Bool {
        switch content {
        case .nothing: true
        case .text(let text): text.isEmpty
        case .list(let items): items.isEmpty
        case .mapping(let entries): entries.isEmpty
        case .number, .boolean, .unresolved: false
        }
    }

    /// The same value, standing elsewhere: what it holds gets paths below.
    func moved(to path: String) -> Node {
        var node = self
        node.path = path
        switch content {
        case .list(let items):
            node.content = .list(items.enumerated().map { $1.moved(to: "\(path)[\($0)]") })
        case .mapping(let entries):
            node.content = .mapping(
                entries.map { Entry(key: $0.key, value: $0.value.moved(to: Node.path(path, $0.key))) })
        case .nothing, .text, .number, .boolean, .unresolved: break
        }
        return node
    }

    static func path(_ path: String, _ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}

/// One document of a file: a file of several has several.
struct Document: Sendable {
    var file: String
    /// From 0, for files that hold several.
    var index: Int
    var root: Node
}

/// Functions that make lists, or take them apart. Source: CloudFormation, "Intrinsic function reference".
extension Resolver {
    func join(_ argument: Node) -> Node.Content {
        guard argument.items.count == 2, let separator = argument.items[0].scalarText else {
            return .unresolved("Fn::Join has another form")
        }
        switch elements(of: argument.items[1], in: "Fn::Join") {
        case .failure(let unknown): return .unresolved(unknown.why)
        case .success(let items):
            var parts: [String] = []
            for item in items {
                guard let part = part(of: item.content, isWhole: items.count == 1) else { return unknown(item.content) }
                parts.append(part)
            }
            return .text(parts.joined(separator: separator))
        }
    }

    func split(_ argument: Node) -> Node.Content {
        guard argument.items.count == 2, let separator = argument.items[0].scalarText, !separator.isEmpty else {
            return .unresolved("Fn::Split has another form")
        }
        let source = resolve(argument.items[1])
        guard let text = part(of: source.content, isWhole: false) else { return unknown(source.content) }
        return .list(Self.list(text.components(separatedBy: separator), in: argument))
    }

    func select(_ argument: Node) -> Node.Content {
        guard argument.items.count == 2 else { return .unresolved("Fn::Select has another form") }
        let place = resolve(argument.items[0])
        if case .unresolved = place.content { return place.content }
        switch elements(of: argument.items[1], in: "Fn::Select") {
        case .failure(let unknown): return .unresolved(unknown.why)
        case .success(let items):
            guard let index = place.scalarText.flatMap({ Int($0) }), items.indices.contains(index) else {
                return .unresolved("Fn::Select asks for number \(place.scalarText ?? "?") of \(items.count)")
            }
            return items[index].content
        }
    }

    private struct Unknown: Error {
        var why: String
    }

    /// Of a list that is written, of one that a function makes, or of a parameter that is one.
    private func elements(of node: Node, in function: String) -> Result<[Node], Unknown> {
        let resolved = resolve(node)
        switch resolved.content {
        case .list(let items): return .success(items)
        case .unresolved(let why): return .failure(Unknown(why: why))
        // The value of a parameter whose type is a list.
        case .text(let text) where node.entries.first?.key == "Ref" && Resolution.logicalName(of: text) == nil:
            return .success(Self.list(Self.members(of: text), in: node))
        case .nothing, .text, .number, .boolean, .mapping: return .failure(Unknown(why: "\(function) has no list"))
        }
    }

    /// Of the value of a parameter whose type is a list; blanks around a member are no part of it.
    static func members(of text: String) -> [String] {
        text.split(separator: ",", omittingEmptySubsequences: false).map { member in
            let begin = member.drop(while: \.isWhitespace)
            return begin.lastIndex { !$0.isWhitespace }.map { String(begin[...$0]) } ?? ""
        }
    }

    private static func list(_ parts: [String], in node: Node) -> [Node] {
        parts.map { Node(content: .text($0), path: node.path, line: node.line) }
    }
}

extension String {
    /// Also of parts that are empty.
    fileprivate func components(separatedBy separator: String) -> [String] {
        var parts: [String] = []
        var rest = self[...]
        while let range = rest.firstRange(of: separator) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return parts + [String(rest)]
    }
}

/// The conditions of a template, as far as its parameters and mappings decide them. Source: CloudFormation, "Condition functions".
extension Resolver {
    enum Truth: Equatable {
        case decided(Bool)
        /// The sentence says why not.
        case unknown(String)
    }

    /// `Fn::If`: a condition, and what holds with it and without it.
    func choose(_ argument: Node) -> Node.Content {
        guard argument.items.count == 3, let name = argument.items[0].scalarText else {
            return .unresolved("Fn::If has another form")
        }
        switch condition(name) {
        case .decided(let holds):
            onChoice(
                [argument.items[0], argument.items[holds ? 2 : 1]],
                "\(name) \(holds ? "holds" : "does not hold") with these parameters")
            return resolve(argument.items[holds ? 1 : 2]).content
        case .unknown(let why): return .unresolved("Fn::If asks for \(name): \(why)")
        }
    }

    func condition(_ name: String) -> Truth { condition(name, within: []) }

    /// - Parameter outer: the conditions that ask for this one; a template may be mistaken.
    private func condition(_ name: String, within outer: [String]) -> Truth {
        guard let node = template["Conditions"]?[name] else { return .unknown("there is no condition '\(name)'") }
        guard !outer.contains(name) else { return .unknown("it rests on itself") }
        return truth(of: node, within: outer + [name])
    }

    private func truth(of node: Node, within outer: [String]) -> Truth {
        guard node.entries.count == 1, let entry = node.entries.first else { return Self.malformed }
        let parts = entry.value.items
        switch entry.key {
        case "Condition": return entry.value.scalarText.map { condition($0, within: outer) } ?? Self.malformed
        case "Fn::Equals": return equality(of: parts.map(resolve))
        case "Fn::Not":
            guard parts.count == 1 else { return Self.malformed }
            switch truth(of: parts[0], within: outer) {
            case .decided(let holds): return .decided(!holds)
            case .unknown(let why): return .unknown(why)
            }
        case "Fn::And": return joined(parts.map { truth(of: $0, within: outer) }, decidedBy: false)
        case "Fn::Or": return joined(parts.map { truth(of: $0, within: outer) }, decidedBy: true)
        default: return .unknown("\(entry.key) is not known before the stack is made")
        }
    }

    private func equality(of sides: [Node]) -> Truth {
        guard sides.count == 2 else { return Self.malformed }
        for side in sides {
            if case .unresolved(let why) = side.content { return .unknown(why) }
        }
        guard let left = sides[0].scalarText, let right = sides[1].scalarText else { return Self.malformed }
        return .decided(left == right)
    }

    /// One part may decide alone, also where another is not known.
    private func joined(_ parts: [Truth], decidedBy value: Bool) -> Truth {
        if parts.contains(.decided(value)) { return .decided(value) }
        for case .unknown(let why) in parts { return .unknown(why) }
        return parts.isEmpty ? Self.malformed : .decided(!value)
    }

    private static let malformed = Truth.unknown("it has another form")
}

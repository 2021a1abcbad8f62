/// Works out the functions of a template, as far as the template alone says what they give.
struct Resolver {
    let template: Node
    let parameters: [String: String]
    /// Is told of each choice which parts of it have no say, and why.
    var onChoice: (_ unused: [Node], _ why: String) -> Void = { _, _ in }
    private let resources: Set<String>

    init(template: Node, parameters: [String: String]) {
        self.template = template
        self.parameters = parameters
        resources = Set((template["Resources"]?.entries ?? []).map(\.key))
    }

    /// The same value without functions. What another resource gives is a text as `Resolution` writes it; what nobody can know
    /// here is unresolved, with the reason.
    func resolve(_ node: Node) -> Node {
        var resolved = node
        switch node.content {
        case .list(let items): resolved.content = .list(items.compactMap(kept))
        case .mapping(let entries):
            if entries.count == 1, let function = function(entries[0], in: node) {
                resolved.content = function
            } else {
                resolved.content = .mapping(
                    entries.compactMap { entry in kept(entry.value).map { .init(key: entry.key, value: $0) } })
            }
        case .nothing, .text, .number, .boolean, .unresolved: break
        }
        return resolved
    }

    /// Nil for what a function says is not there: `AWS::NoValue`.
    private func kept(_ node: Node) -> Node? {
        let resolved = resolve(node)
        guard case .nothing = resolved.content, case .mapping = node.content else { return resolved }
        onChoice([node], "with these parameters nothing is set")
        return nil
    }

    private func function(_ entry: Node.Entry, in node: Node) -> Node.Content? {
        let argument = entry.value
        switch entry.key {
        case "Ref": return argument.scalarText.map(reference)
        case "Fn::GetAtt":
            let parts = argument.items.compactMap(\.scalarText)
            return attribute(parts.isEmpty ? argument.scalarText ?? "" : parts.joined(separator: "."))
        case "Fn::Sub": return substitute(argument)
        case "Fn::Join": return join(argument)
        case "Fn::Split": return split(argument)
        case "Fn::Select": return select(argument)
        case "Fn::FindInMap": return find(argument)
        case "Fn::If": return choose(argument)
        case _ where entry.key.hasPrefix("Fn::"):
            return .unresolved("\(entry.key) is not known before the stack is made")
        default: return nil
        }
    }

    private func reference(_ name: String) -> Node.Content {
        if name == "AWS::NoValue" { return .nothing }
        if resources.contains(name) { return .text(Resolution.reference(name)) }
        if let value = parameters[name] { return .text(value) }
        let hint = "give it with --parameter \(name)=VALUE"
        if name.hasPrefix("AWS::") { return .unresolved("\(name) is not known before the stack is made: \(hint)") }
        guard let parameter = template["Parameters"]?[name] else {
            return .unresolved("there is no parameter or resource '\(name)'")
        }
        if parameter["Type"]?.scalarText?.hasPrefix(Self.storedElsewhere) == true {
            return .unresolved("the parameter's value is in the Parameter Store of AWS: \(hint)")
        }
        return parameter["Default"]?.content ?? .unresolved("the parameter has no default: \(hint)")
    }

    /// Types of parameters whose default is the name of another parameter, and not a value. Source: CloudFormation, "Supported
    /// Systems Manager parameter types".
    private static let storedElsewhere = "AWS::SSM::Parameter::Value<"

    /// What every stack knows of itself. Source: CloudFormation, "Get AWS values using pseudo parameters".
    static let pseudoParameters = [
        "AWS::AccountId", "AWS::NotificationARNs", "AWS::Partition", "AWS::Region", "AWS::StackId", "AWS::StackName",
        "AWS::URLSuffix",
    ]

    private func attribute(_ name: String) -> Node.Content {
        let resource = String(name.prefix { $0 != "." })
        guard resources.contains(resource) else { return .unresolved("there is no resource '\(resource)'") }
        return .text("\(Resolution.attribute(resource))\(name.dropFirst(resource.count))")
    }

    /// `${Name}`, `${Resource.Attribute}`, `${!Literal}`.
    private func substitute(_ argument: Node) -> Node.Content {
        let variables = argument.items.count == 2 ? argument.items[1].entries : []
        guard let text = argument.scalarText ?? argument.items.first?.scalarText else {
            return .unresolved("Fn::Sub has no text")
        }
        var result = ""
        var rest = Substring(text)
        while let start = rest.firstIndex(of: "$") {
            result += rest[..<start]
            rest = rest[start...]
            guard rest.hasPrefix("${"), let end = rest.firstIndex(of: "}") else {
                result += rest.prefix(1)
                rest = rest.dropFirst()
                continue
            }
            let name = String(rest[rest.index(start, offsetBy: 2)..<end])
            rest = rest[rest.index(after: end)...]
            if name.hasPrefix("!") {
                result += "${\(name.dropFirst())}"
                continue
            }
            let value = variables.first { $0.key == name }.map { resolve($0.value).content }
            let content = value ?? (name.contains(".") ? attribute(name) : reference(name))
            let isWhole = result.isEmpty && rest.isEmpty
            guard let part = part(of: content, isWhole: isWhole) else { return unknown(content) }
            result += part
        }
        return .text(result + rest)
    }

    /// A text that is part of another; a name that another resource gets is known only as a whole.
    func part(of content: Node.Content, isWhole: Bool) -> String? {
        guard let text = Node(content: content, path: "", line: 0).scalarText else { return nil }
        return isWhole || Resolution.logicalName(of: text) == nil ? text : nil
    }

    func unknown(_ content: Node.Content) -> Node.Content {
        if case .unresolved = content { return content }
        return .unresolved("it holds what is not known before the stack is made")
    }

    private func find(_ argument: Node) -> Node.Content {
        let keys = argument.items.compactMap { resolve($0).scalarText }
        guard keys.count == 3, let value = template["Mappings"]?[keys[0]]?[keys[1]]?[keys[2]] else {
            return .unresolved("Fn::FindInMap is not known before the stack is made")
        }
        return value.content
    }
}

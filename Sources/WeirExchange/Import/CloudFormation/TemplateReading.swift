/// Takes the resources of a CloudFormation template into the stock.
extension AWSStock {
    private static let kinds: [String: AWSResource.Kind] = Dictionary(
        uniqueKeysWithValues: CloudResource.Kind.allCases.map { ($0.rawValue, $0.resourceKind) })

    static func isTemplate(_ document: Document) -> Bool {
        guard let resources = document.root["Resources"]?.entries, !resources.isEmpty else { return false }
        return resources.allSatisfy { $0.value["Type"] != nil }
    }

    mutating func take(template document: Document, parameters: [String: String]) {
        let root = Item(node: document.root, document: document, ledger: ledger)
        var resolver = Resolver(template: document.root, parameters: parameters)
        resolver.onChoice = { [ledger] unused, why in
            for node in unused { Item(node: node, document: document, ledger: ledger).notNeededWhole(why) }
        }
        let used = "its values are carried over where they are used"
        root.settle(
            notNeeded: [
                "AWSTemplateFormatVersion": "about the template", "Description": "about the template",
                "Metadata": "about the template", "Outputs": "of the stack, and not of the group",
                "Parameters": used, "Mappings": used, "Rules": "about the parameters",
                "Conditions": "each is worked out where it is asked for",
            ],
            lost: ["Transform": "what a macro adds is not in the template: give the processed one"])
        for (name, item) in root["Resources"]?.entries ?? [] { take(resource: item, name, resolver) }
    }

    private mutating func take(resource: Item, _ logicalName: String, _ resolver: Resolver) {
        let type = resource["Type"]?.plain ?? ""
        guard let kind = Self.kinds[type] else {
            resource.lostWhole(
                "\(type) has no counterpart: weir has groups, their policies, alarms, schedules, hooks, warm pools and queues"
            )
            return
        }
        resource.settle(
            notNeeded: [
                "Type": "the key of the policy file says it", "DependsOn": "about the stack",
                "Metadata": "about the template", "DeletionPolicy": "about the stack",
                "UpdateReplacePolicy": "about the stack",
            ],
            lost: [
                "CreationPolicy": "an instance is ready when its launch hooks are completed"
            ])
        settle(updatePolicy: resource["UpdatePolicy"])
        if let condition = resource["Condition"], let name = condition.plain {
            switch resolver.condition(name) {
            case .decided(true): condition.notNeeded("it holds with these parameters")
            case .decided(false):
                return resource.notNeededWhole("its condition \(name) does not hold: the stack is without it")
            case .unknown(let why): condition.lost("it is here as if this one held, which nobody can know yet: \(why)")
            }
        }
        let none = Node(
            content: .mapping([]), path: Node.path(resource.node.path, "Properties"), line: resource.node.line)
        let properties = resource.node["Properties"] ?? none
        let item = Item(node: resolver.resolve(properties), document: resource.document, ledger: ledger)
        // What the resource is called when nothing in it says so.
        let given = resource["Metadata"]?[CloudFormationText.nameKey]
        given?.carried("the name")
        let written = kind.nameKey.flatMap { item[$0]?.plain }
        add(
            kind, item, name: given?.plain ?? written ?? logicalName,
            names: Set([written, Resolution.reference(logicalName)].compactMap(\.self)), logicalName: logicalName)
    }

    private func settle(updatePolicy: Item?) {
        guard let updatePolicy else { return }
        let sizes = updatePolicy[CloudFormationText.scheduledSizesKey]
        sizes?.notNeeded("what a scheduled action has set holds until the policy file names other sizes")
        if sizes == nil || updatePolicy.entries.count > 1 {
            updatePolicy.lost("'instance_refresh' says how instances are replaced")
        }
    }
}

extension CloudResource.Kind {
    fileprivate var resourceKind: AWSResource.Kind {
        switch self {
        case .group: .group
        case .scalingPolicy: .scalingPolicy
        case .scheduledAction: .scheduledAction
        case .lifecycleHook: .lifecycleHook
        case .warmPool: .warmPool
        case .alarm: .alarm
        case .queue: .queue
        }
    }
}

extension AWSResource.Kind {
    /// The property with the name; nil when a template cannot choose one.
    fileprivate var nameKey: String? {
        switch self {
        case .group: "AutoScalingGroupName"
        case .alarm, .compositeAlarm: "AlarmName"
        case .lifecycleHook: "LifecycleHookName"
        case .queue: "QueueName"
        case .scalingPolicy, .scheduledAction, .warmPool: nil
        }
    }
}

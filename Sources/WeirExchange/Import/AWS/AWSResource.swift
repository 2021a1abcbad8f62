/// One thing of AWS, from whichever document told of it. CloudFormation's properties have the names of the API's fields, so one
/// reading serves both.
struct AWSResource {
    enum Kind: Equatable {
        case group
        case scalingPolicy
        case scheduledAction
        case alarm
        case compositeAlarm
        case lifecycleHook
        case warmPool
        case queue
    }

    var kind: Kind
    /// Its fields.
    var item: Item
    /// All that others may call it: its name, its ARN, and what a template's functions give.
    var names: Set<String>
    /// Its name, or that of the resource in the template.
    var name: String
    /// The name in the template; nil elsewhere.
    var logicalName: String?

    /// - Parameter link: a name, an ARN, or a function of a template as `Resolution` writes it.
    func isCalled(_ link: String?) -> Bool {
        guard let link else { return false }
        if names.contains(link) { return true }
        return logicalName.map { link.hasPrefix("\(Resolution.attribute($0)).") } ?? false
    }

    func field(_ keys: String...) -> Item? { keys.lazy.compactMap { item[$0] }.first }
}

/// All that was read of AWS.
struct AWSStock {
    var resources: [AWSResource] = []
    let ledger: Ledger

    subscript(kind: AWSResource.Kind) -> [AWSResource] { resources.filter { $0.kind == kind } }

    /// Takes a document when it is what an AWS command prints; false when it is something else.
    mutating func take(_ document: Document) -> Bool {
        let root = Item(node: document.root, document: document, ledger: ledger)
        var isKnown = false
        for list in Self.lists {
            guard let node = document.root[list.key] else { continue }
            isKnown = true
            let item = Item(node: node, document: document, ledger: ledger)
            for element in item.items { take(element, list) }
        }
        if !isKnown, let attributes = root["Attributes"], attributes["QueueArn"] != nil {
            isKnown = true
            take(attributes, .init(key: "Attributes", kind: .queue, name: "QueueArn", arn: "QueueArn"))
        }
        if !isKnown, root["WarmPoolConfiguration"] != nil {
            isKnown = true
            root["WarmPoolConfiguration"].map { add(.warmPool, $0, name: "", names: []) }
            root["Instances"]?.notNeeded(Self.presentState)
        }
        if isKnown {
            root["ResponseMetadata"]?.notNeeded("about the answer, not about the group")
            root["NextToken"]?.lost("the answer goes on: ask again without --no-paginate and --max-items")
        }
        return isKnown
    }

    static let presentState = "the state of one moment, and not a setting"

    private struct Printed {
        var key: String
        var kind: AWSResource.Kind
        var name: String
        var arn: String?
    }

    private static let lists = [
        Printed(key: "AutoScalingGroups", kind: .group, name: "AutoScalingGroupName", arn: "AutoScalingGroupARN"),
        Printed(key: "ScalingPolicies", kind: .scalingPolicy, name: "PolicyName", arn: "PolicyARN"),
        Printed(
            key: "ScheduledUpdateGroupActions", kind: .scheduledAction, name: "ScheduledActionName",
            arn: "ScheduledActionARN"),
        Printed(key: "MetricAlarms", kind: .alarm, name: "AlarmName", arn: "AlarmArn"),
        Printed(key: "CompositeAlarms", kind: .compositeAlarm, name: "AlarmName", arn: "AlarmArn"),
        Printed(key: "LifecycleHooks", kind: .lifecycleHook, name: "LifecycleHookName"),
        // Application Auto Scaling prints these; its policies come under the same key as those of groups.
        Printed(key: "ScheduledActions", kind: .scheduledAction, name: "ScheduledActionName"),
    ]

    private mutating func take(_ item: Item, _ list: Printed) {
        if item["ServiceNamespace"] != nil {
            item.lostWhole(
                "Application Auto Scaling scales something else than instances: weir reads EC2 Auto Scaling groups")
            return
        }
        let written = item[list.name]?.plain ?? ""
        // A queue's attributes hold its ARN only, which ends with its name.
        let name = list.name == list.arn ? written.split(separator: ":").last.map(String.init) ?? written : written
        add(list.kind, item, name: name, names: Set([name, list.arn.flatMap { item[$0]?.plain }].compactMap(\.self)))
    }

    mutating func add(
        _ kind: AWSResource.Kind, _ item: Item, name: String, names: Set<String>, logicalName: String? = nil
    ) {
        resources.append(
            AWSResource(
                kind: kind, item: item, names: names.subtracting([""]), name: name, logicalName: logicalName))
    }
}

/// How a function of a template that gives another resource's name or attribute is written as a text.
enum Resolution {
    static func reference(_ logicalName: String) -> String { "Ref:\(logicalName)" }
    static func attribute(_ logicalName: String) -> String { "GetAtt:\(logicalName)" }

    /// The logical name that such a text speaks of; nil for any other text.
    static func logicalName(of text: String) -> String? {
        if text.hasPrefix("Ref:") { return String(text.dropFirst(4)) }
        guard text.hasPrefix("GetAtt:") else { return nil }
        return text.dropFirst(7).split(separator: ".").first.map(String.init)
    }
}

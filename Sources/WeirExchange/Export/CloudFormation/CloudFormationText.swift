import WeirCore
import WeirPolicy

/// A plan as a CloudFormation template.
enum CloudFormationText {
    static func text(_ plan: CloudPlan, of file: PolicyFile, as syntax: PolicyExport.Syntax) -> String {
        let template = PlainValue.object([
            ("AWSTemplateFormatVersion", .text("2010-09-09")),
            ("Description", .text("Auto Scaling group \(file.group.name), made by weir export")),
            ("Parameters", parameters), ("Resources", .object(plan.resources.map { ($0.id, resource($0, of: plan)) })),
        ])
        switch syntax {
        case .json: return template.json + "\n"
        case .yaml, .hcl: return head(plan.notes).map { "# \($0.onOneLine)\n" }.joined() + template.yaml
        }
    }

    /// JSON has no comments: there the notes are on stderr only.
    private static func head(_ notes: [Note]) -> [String] {
        notes.isEmpty
            ? []
            : ["Not carried over, or carried over in another form:"] + notes.map { "  \($0.path ?? ""): \($0.why)" }
    }

    private static var parameters: PlainValue {
        .object(
            CloudParameter.allCases.map { parameter in
                var properties: [(String, PlainValue)] = [
                    ("Type", .text(parameter.cloudFormationType)), ("Description", .text(parameter.summary)),
                ]
                if parameter == .launchTemplateVersion { properties.append(("Default", .text("1"))) }
                return (parameter.rawValue, .object(properties))
            })
    }

    private static func resource(_ resource: CloudResource, of plan: CloudPlan) -> PlainValue {
        var entries: [(String, PlainValue)] = [("Type", .text(resource.kind.rawValue))]
        // CloudFormation makes the names of these itself; weir import reads them here.
        switch resource.kind {
        case .scalingPolicy, .scheduledAction:
            entries.append(("Metadata", .object([(CloudFormationText.nameKey, .text(resource.name))])))
        case .group:
            // Otherwise each update of the stack would undo what the actions set.
            if plan.resources.contains(where: { $0.kind == .scheduledAction }) {
                entries.append(("UpdatePolicy", .object([(scheduledSizesKey, keepsScheduledSizes)])))
            }
        case .lifecycleHook, .warmPool, .alarm, .queue: break
        }
        entries.append(
            ("Properties", .object(resource.properties.map { ($0.key, value($0.value, key: $0.key, resource.kind)) })))
        return .object(entries)
    }

    static let nameKey = "WeirName"

    /// Of a group's UpdatePolicy. Source: CloudFormation, "UpdatePolicy attribute", AutoScalingScheduledAction.
    static let scheduledSizesKey = "AutoScalingScheduledAction"
    private static let keepsScheduledSizes = PlainValue.object([
        ("IgnoreUnmodifiedGroupSizeProperties", .boolean(true))
    ])

    private static func value(_ value: CloudValue, key: String, _ kind: CloudResource.Kind) -> PlainValue {
        switch value {
        case .text(let text): return .text(text)
        case .integer(let number):
            // The sizes of groups, and cooldowns, are texts there.
            let isText =
                kind == .group && ["MinSize", "MaxSize", "DesiredCapacity", "Cooldown"].contains(key)
                || kind == .scalingPolicy && key == "Cooldown"
            return isText ? .text("\(number)") : .number(Double(number))
        case .number(let number): return .number(number)
        case .boolean(let boolean): return .boolean(boolean)
        case .list(let items): return .list(items.map { self.value($0, key: key, kind) })
        case .object(let properties):
            return .object(properties.map { ($0.key, self.value($0.value, key: $0.key, kind)) })
        case .parameter(let name): return .object([("Ref", .text(name))])
        case .name(let id):
            // Of a queue Ref gives the address.
            return id.hasSuffix("Queue")
                ? .object([("Fn::GetAtt", .list([.text(id), .text("QueueName")]))]) : .object([("Ref", .text(id))])
        case .arn(let id):
            return id.hasSuffix("Queue")
                ? .object([("Fn::GetAtt", .list([.text(id), .text("Arn")]))]) : .object([("Ref", .text(id))])
        }
    }
}

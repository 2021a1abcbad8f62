import WeirCore
import WeirPolicy

/// A plan as Terraform's configuration for the provider hashicorp/aws.
enum TerraformText {
    static func text(_ plan: CloudPlan, of file: PolicyFile, as syntax: PolicyExport.Syntax) -> String {
        let resources = plan.resources.filter { $0.kind != .warmPool }.map { resource in
            (
                type: resource.kind.terraformType, id: snakeCase(resource.id),
                body: TerraformShape(plan).body(of: resource)
            )
        }
        switch syntax {
        case .json:
            var byType: [(String, PlainValue)] = []
            for resource in resources where !byType.contains(where: { $0.0 == resource.type }) {
                let same = resources.filter { $0.type == resource.type }
                byType.append((resource.type, .object(same.map { ($0.id, TerraformItem.plain($0.body)) })))
            }
            let variables = variables.map { ($0.name, TerraformItem.plain($0.body)) }
            return PlainValue.object([
                ("terraform", TerraformItem.plain(provider)), ("variable", .object(variables)),
                ("resource", .object(byType)),
            ]).json + "\n"
        case .hcl, .yaml:
            var blocks = ["terraform {\n\(TerraformItem.hcl(provider, indent: 1))}\n"]
            blocks += variables.map { "variable \"\($0.name)\" {\n\(TerraformItem.hcl($0.body, indent: 1))}\n" }
            blocks += resources.map {
                "resource \"\($0.type)\" \"\($0.id)\" {\n\(TerraformItem.hcl($0.body, indent: 1))}\n"
            }
            return head(plan.notes, of: file) + blocks.joined(separator: "\n")
        }
    }

    /// JSON has no comments: there the notes are on stderr only.
    private static func head(_ notes: [Note], of file: PolicyFile) -> String {
        var lines = ["Auto Scaling group \(file.group.name), made by weir export"]
        if !notes.isEmpty { lines += ["", "Not carried over, or carried over in another form:"] }
        lines += notes.map { "  \($0.path ?? ""): \($0.why)" }
        return lines.map { $0.isEmpty ? "#\n" : "# \($0.onOneLine)\n" }.joined() + "\n"
    }

    private static let provider: [TerraformItem] = [
        .block(
            "required_providers",
            [.attribute("aws", .map([.init(key: "source", value: .text("hashicorp/aws"))]))])
    ]

    private static var variables: [(name: String, body: [TerraformItem])] {
        CloudParameter.allCases.map { parameter in
            var body: [TerraformItem] = [
                .attribute("description", .text(parameter.summary)),
                .attribute("type", .word(parameter == .subnets ? "list(string)" : "string")),
            ]
            if parameter == .launchTemplateVersion { body.append(.attribute("default", .text("$Latest"))) }
            return (snakeCase(parameter.rawValue), body)
        }
    }

    /// `PolicyUp`, `VPCZoneIdentifier` → `policy_up`, `vpc_zone_identifier`.
    static func snakeCase(_ name: String) -> String {
        let characters = Array(name)
        var text = ""
        for (index, character) in characters.enumerated() {
            let previous = index > 0 ? characters[index - 1] : nil
            let next = index + 1 < characters.count ? characters[index + 1] : nil
            let beginsWord = character.isUppercase && (previous?.isLowercase ?? false || previous?.isNumber ?? false)
            let endsCapitals = character.isUppercase && (previous?.isUppercase ?? false) && (next?.isLowercase ?? false)
            if beginsWord || endsCapitals { text += "_" }
            text += character.lowercased()
        }
        return text
    }
}

extension CloudResource.Kind {
    var terraformType: String {
        switch self {
        case .group: "aws_autoscaling_group"
        case .scalingPolicy: "aws_autoscaling_policy"
        case .scheduledAction: "aws_autoscaling_schedule"
        case .lifecycleHook: "aws_autoscaling_lifecycle_hook"
        // A block of the group there.
        case .warmPool: "aws_autoscaling_group"
        case .alarm: "aws_cloudwatch_metric_alarm"
        case .queue: "aws_sqs_queue"
        }
    }
}

/// A value of a resource that is being written for AWS, before it is CloudFormation or Terraform.
indirect enum CloudValue: Equatable {
    case text(String)
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    case list([CloudValue])
    case object([Property])
    /// The name of another resource, or its address, as the tool gives it once it is made.
    case name(of: String)
    case arn(of: String)
    /// What whoever makes the stack says.
    case parameter(String)

    struct Property: Equatable {
        var key: String
        var value: CloudValue

        init(_ key: String, _ value: CloudValue) {
            self.key = key
            self.value = value
        }
    }
}

/// One resource, with the names that CloudFormation has for its type and its properties.
struct CloudResource: Equatable {
    enum Kind: String, CaseIterable {
        case group = "AWS::AutoScaling::AutoScalingGroup"
        case scalingPolicy = "AWS::AutoScaling::ScalingPolicy"
        case scheduledAction = "AWS::AutoScaling::ScheduledAction"
        case lifecycleHook = "AWS::AutoScaling::LifecycleHook"
        case warmPool = "AWS::AutoScaling::WarmPool"
        case alarm = "AWS::CloudWatch::Alarm"
        case queue = "AWS::SQS::Queue"
    }

    var kind: Kind
    /// In the template: letters and digits.
    var id: String
    /// What the policy file calls it; CloudFormation gives some kinds no name of one's own.
    var name: String
    var properties: [CloudValue.Property]
}

/// A policy file as resources of AWS.
struct CloudPlan {
    var resources: [CloudResource] = []
    var notes: [Note] = []
    private var ids: Set<String> = []

    /// A name of letters and digits that no other resource has.
    mutating func id(_ prefix: String, _ name: String) -> String {
        let words = name.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        let base = prefix + words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        var id = base
        var number = 2
        while !ids.insert(id).inserted {
            id = "\(base)\(number)"
            number += 1
        }
        return id
    }

    mutating func add(_ kind: CloudResource.Kind, _ id: String, name: String, _ properties: [CloudValue.Property]) {
        resources.append(CloudResource(kind: kind, id: id, name: name, properties: properties))
    }
}

/// Values that whoever makes the stack says: what an instance is made from is not in a policy file.
enum CloudParameter: String, CaseIterable {
    case launchTemplateId = "LaunchTemplateId"
    case launchTemplateVersion = "LaunchTemplateVersion"
    case subnets = "Subnets"

    var cloudFormationType: String {
        switch self {
        case .launchTemplateId, .launchTemplateVersion: "String"
        case .subnets: "List<AWS::EC2::Subnet::Id>"
        }
    }

    var summary: String {
        switch self {
        case .launchTemplateId: "What an instance is made from"
        case .launchTemplateVersion: "The version of the launch template"
        case .subnets: "Where instances are launched"
        }
    }
}

import WeirCore
import WeirPolicy

/// The group itself: sizes, times, and what holds for the life of an instance.
extension AWSImport {
    static let groupFieldsNotNeeded = [
        "AutoScalingGroupARN": "an address on AWS", "CreatedTime": AWSStock.presentState,
        "Instances": AWSStock.presentState, "Status": AWSStock.presentState, "WarmPoolSize": AWSStock.presentState,
        "PredictedCapacity": AWSStock.presentState, "ServiceLinkedRoleARN": "weir acts with its own rights",
        "EnabledMetrics": "weir always tells its metrics", "MetricsCollection": "weir always tells its metrics",
        "AvailabilityZoneIds": "the same zones again", "DesiredCapacityType": "weir counts instances",
        "SkipZonalShiftValidation": "only for the call itself", "Context": "reserved by AWS",
    ]

    private static let launching =
        "weir launches containers and processes: what an instance does has to be written under 'workers'"
    private static let network =
        "weir's instances are in the network of its machine: see 'network' of the docker launcher"
    private static let balancing = "workers of a queue need no load balancer, and weir has none"
    private static let zones = "weir launches on one machine, which is in one zone"

    static let groupFieldsLost = [
        "LaunchTemplate": launching, "LaunchConfigurationName": launching, "MixedInstancesPolicy": launching,
        "InstanceId": launching, "PlacementGroup": network, "VPCZoneIdentifier": network,
        "LoadBalancerNames": balancing,
        "TargetGroupARNs": balancing, "TrafficSources": balancing, "AvailabilityZones": zones,
        "AvailabilityZoneDistribution": zones, "AvailabilityZoneImpairmentPolicy": zones,
        "CapacityRebalance": "there are no Spot instances here",
        "CapacityReservationSpecification": "there is no capacity to reserve here",
        "Tags": "instances have no tags; the docker launcher has 'labels'",
        "NotificationConfigurations":
            "weir notifies no topic of launches; 'alarm_actions' tell of alarms, and hooks of instances",
        "NotificationConfiguration":
            "weir notifies no topic of launches; 'alarm_actions' tell of alarms, and hooks of instances",
        "InstanceMaintenancePolicy": "weir has it for refreshes only: 'instance_refresh', min_healthy_percentage",
        "InstanceLifecyclePolicy": "an instance whose hook is abandoned is ended",
        "DeletionProtection": "taking the policy file away ends the group, and nothing keeps a file from that",
    ]

    mutating func readGroup() {
        let item = group.item
        for (key, word) in [("MinSize", "min_size"), ("MaxSize", "max_size"), ("DesiredCapacity", "desired_capacity")] {
            if let field = item[key], let size = field.integer(as: word) {
                draft.sizes.append(.init(word, size, from: field))
            } else if key != "DesiredCapacity" {
                notes.append(Note(.fillIn, path: word, why: "nothing that was read says the group's \(key)"))
                draft.sizes.append(.init(word, key == "MinSize" ? 0 : 1, remark: "FILL IN"))
            }
        }
        // Templates say Cooldown.
        if let field = group.field("DefaultCooldown", "Cooldown"), let seconds = field.integer(as: "default_cooldown") {
            draft.sizes.append(.init("default_cooldown", time: .seconds(seconds), from: field))
        }
        let protect = "protect_from_scale_in"
        if let field = item["NewInstancesProtectedFromScaleIn"], field.boolean(as: protect) == true {
            draft.sizes.append(.init(protect, true, from: field))
        }
        readTerminationPolicies(item["TerminationPolicies"])
        if let field = item["MaxInstanceLifetime"], let seconds = field.integer(as: "max_instance_lifetime"),
            seconds > 0
        {
            draft.sizes.append(.init("max_instance_lifetime", time: .seconds(seconds), from: field))
        }
        if let field = item["DefaultInstanceWarmup"], let seconds = field.integer(as: "workers.warmup"), seconds >= 0 {
            draft.workers.append(.init("warmup", time: .seconds(seconds), from: field))
        }
        let grace = "health_check_grace_period"
        if let field = item["HealthCheckGracePeriod"], let seconds = field.integer(as: "workers.\(grace)") {
            draft.workers.append(.init(grace, time: .seconds(seconds), from: field))
        }
        for suspended in item["SuspendedProcesses"]?.items ?? [] {
            let process = suspended["ProcessName"]?.plain ?? suspended.plain ?? ""
            suspended.lost("a suspension is no setting: weir suspend \(draft.groupName) \(process)")
        }
        readHealthCheckType(item["HealthCheckType"])
        item.settle(notNeeded: Self.groupFieldsNotNeeded, lost: Self.groupFieldsLost)
    }

    private mutating func readHealthCheckType(_ item: Item?) {
        guard let item, let types = item.plain?.split(separator: ",").map(String.init) else { return }
        // An instance whose process has ended is replaced without any check.
        let others = types.filter { $0 != "EC2" }
        others.isEmpty
            ? item.notNeeded("an instance whose process has ended is replaced without any check")
            : item.lost(
                "weir does not know the checks of \(others.joined(separator: ", ")): write 'workers.health_check'")
    }

    private mutating func readTerminationPolicies(_ item: Item?) {
        var words: [String] = []
        for policy in item?.items ?? [] {
            let known = [
                "Default": TerminationPolicy.default, "OldestInstance": .oldestInstance,
                "NewestInstance": .newestInstance, "ClosestToNextInstanceHour": .closestToNextInstanceHour,
                "OldestLaunchTemplate": .oldestLaunchTemplate,
                "OldestLaunchConfiguration": .oldestLaunchConfiguration, "AllocationStrategy": .allocationStrategy,
            ]
            guard let word = policy.plain.flatMap({ known[$0] }) else {
                policy.lost("weir asks no function whom to end; termination_policies takes words")
                continue
            }
            policy.carried("termination_policies")
            words.append(word.rawValue)
        }
        // What holds without it anyway.
        if words.isEmpty || words == [TerminationPolicy.default.rawValue] { return }
        draft.sizes.append(.init("termination_policies", texts: words, from: item))
    }
}

extension PolicyDraft {
    var groupName: String {
        if case .plain(let text) = group.value { text } else { "" }
    }
}

import WeirCore
import WeirPolicy

/// Makes resources of AWS from a policy file, and tells what has no counterpart there.
struct CloudWriter {
    let file: PolicyFile
    let target: PolicyExport.Target
    var plan = CloudPlan()
    let groupID = "Group"
    /// How the queue is named in the dimensions of metrics; nil when CloudWatch knows nothing of the source.
    var queueName: CloudValue?
    /// Of the group: these are published only when somebody asks for them.
    var groupMetrics: [String] = []

    init(_ file: PolicyFile, for target: PolicyExport.Target) {
        self.file = file
        self.target = target
    }

    var group: GroupPolicy { file.group }

    mutating func run() {
        _ = plan.id("", groupID)
        writeQueue()
        let before = plan.resources.count
        writeScalingPolicies()
        writeScheduledActions()
        writeLifecycleHooks()
        writeWarmPool()
        // It names the metrics that the others need, and stands before them.
        let resource = groupResource()
        plan.resources.insert(resource, at: before)
        tellGroup()
        tellWorkers()
        tellQueue()
    }

    mutating func lost(_ path: String, _ why: String) {
        plan.notes.append(Note(.notCarried, file: file.path, path: path, why: why))
    }

    mutating func changed(_ path: String, _ why: String) {
        plan.notes.append(Note(.changed, file: file.path, path: path, why: why))
    }

    /// A time in whole seconds, and told where that is another one.
    mutating func seconds(_ time: Duration, _ path: String) -> CloudValue {
        let whole = time.wholeSeconds
        if Duration.seconds(whole) != time {
            changed(path, "AWS takes whole seconds here: \(Quantity.text(time)) became \(whole)s")
        }
        return .integer(whole)
    }

    // MARK: The group

    private mutating func groupResource() -> CloudResource {
        var properties: [CloudValue.Property] = [
            .init("AutoScalingGroupName", .text(group.name)), .init("MinSize", .integer(group.minSize)),
            .init("MaxSize", .integer(group.maxSize)), .init("DesiredCapacity", .integer(group.initialDesiredCapacity)),
            .init("Cooldown", seconds(group.defaultCooldown, "default_cooldown")),
        ]
        if let warmup = group.instanceWarmup {
            properties.append(.init("DefaultInstanceWarmup", seconds(warmup, "workers.warmup")))
        }
        properties += [
            .init("HealthCheckType", .text("EC2")),
            .init("HealthCheckGracePeriod", seconds(group.healthCheckGracePeriod, "health_check_grace_period")),
        ]
        if let lifetime = group.maxInstanceLifetime {
            properties.append(.init("MaxInstanceLifetime", seconds(lifetime, "max_instance_lifetime")))
        }
        properties += [
            .init("NewInstancesProtectedFromScaleIn", .boolean(group.protectFromScaleIn)),
            .init("TerminationPolicies", .list(group.terminationPolicies.map { .text($0.apiName) })),
            .init(
                "LaunchTemplate",
                .object([
                    .init("LaunchTemplateId", .parameter(CloudParameter.launchTemplateId.rawValue)),
                    .init("Version", .parameter(CloudParameter.launchTemplateVersion.rawValue)),
                ])),
            .init("VPCZoneIdentifier", .parameter(CloudParameter.subnets.rawValue)),
        ]
        if !groupMetrics.isEmpty {
            let collection: CloudValue = .object([
                .init("Granularity", .text("1Minute")), .init("Metrics", .list(groupMetrics.map { .text($0) })),
            ])
            properties.append(.init("MetricsCollection", .list([collection])))
        }
        return CloudResource(kind: .group, id: groupID, name: group.name, properties: properties)
    }

    // MARK: The queue

    private mutating func writeQueue() {
        let options = file.source.options
        guard let name = options.text("queue"), ["embedded", "sqs"].contains(file.source.word) else {
            lost("queue.\(file.source.word)", "CloudWatch does not measure it, nor what hangs on it")
            return
        }
        guard file.source.word == "embedded" else {
            // The queue is there already; a URL ends with its name.
            queueName = .text(name.split(separator: "/").last.map(String.init) ?? name)
            return
        }
        var properties: [CloudValue.Property] = [.init("QueueName", .text(name))]
        if let timeout = options.duration("visibility_timeout") {
            properties.append(.init("VisibilityTimeout", seconds(timeout, "queue.embedded.visibility_timeout")))
        }
        if let retention = options.duration("retention") {
            properties.append(.init("MessageRetentionPeriod", seconds(retention, "queue.embedded.retention")))
        }
        let id = plan.id("", "Queue")
        if let dead = options.text("dead_letter_queue") {
            let deadID = plan.id("", "DeadLetterQueue")
            plan.add(
                .queue, deadID, name: dead,
                [.init("QueueName", .text(dead)), .init("MessageRetentionPeriod", .integer(1_209_600))])
            properties.append(
                .init(
                    "RedrivePolicy",
                    .object([
                        .init("deadLetterTargetArn", .arn(of: deadID)),
                        .init("maxReceiveCount", .integer(options.integer("max_receive_count") ?? 10)),
                    ])))
        }
        plan.add(.queue, id, name: name, properties)
        queueName = .name(of: id)
    }

    // MARK: Times and lives

    private mutating func writeScheduledActions() {
        for action in group.scheduledActions {
            var properties: [CloudValue.Property] = [.init("AutoScalingGroupName", .name(of: groupID))]
            if let recurrence = action.recurrence { properties.append(.init("Recurrence", .text(recurrence.text))) }
            if action.recurrence != nil { properties.append(.init("TimeZone", .text(action.timeZone.name))) }
            if let start = action.startTime { properties.append(.init("StartTime", .text(start.rfc3339))) }
            if let end = action.endTime { properties.append(.init("EndTime", .text(end.rfc3339))) }
            if let size = action.minSize { properties.append(.init("MinSize", .integer(size))) }
            if let size = action.maxSize { properties.append(.init("MaxSize", .integer(size))) }
            if let size = action.desiredCapacity { properties.append(.init("DesiredCapacity", .integer(size))) }
            plan.add(.scheduledAction, plan.id("Schedule", action.name), name: action.name, properties)
        }
    }

    private mutating func writeLifecycleHooks() {
        for hook in group.lifecycleHooks {
            plan.add(
                .lifecycleHook, plan.id("Hook", hook.name), name: hook.name,
                [
                    .init("AutoScalingGroupName", .name(of: groupID)), .init("LifecycleHookName", .text(hook.name)),
                    .init("LifecycleTransition", .text(hook.transition.apiName)),
                    .init(
                        "HeartbeatTimeout",
                        seconds(hook.heartbeatTimeout, "lifecycle_hooks.\(hook.name).heartbeat_timeout")),
                    .init("DefaultResult", .text(hook.defaultResult.apiName)),
                ])
            if hook.runsCommand {
                lost("lifecycle_hooks.\(hook.name).command", "AWS runs no command: somebody has to complete the hook")
            }
        }
    }

    private mutating func writeWarmPool() {
        guard let pool = group.warmPool else { return }
        var properties: [CloudValue.Property] = [
            .init("AutoScalingGroupName", .name(of: groupID)),
            .init("PoolState", .text(pool.state.apiName)), .init("MinSize", .integer(pool.minSize)),
        ]
        if let most = pool.maxPreparedCapacity { properties.append(.init("MaxGroupPreparedCapacity", .integer(most))) }
        if pool.reuseOnScaleIn {
            let reuse: CloudValue = .object([.init("ReuseOnScaleIn", .boolean(true))])
            properties.append(.init("InstanceReusePolicy", reuse))
        }
        plan.add(.warmPool, plan.id("", "WarmPool"), name: group.name, properties)
        if pool.state == .hibernated {
            lost("warm_pool.preparation_time", "on AWS a launch hook says when an instance is prepared")
        }
    }
}

extension TerminationPolicy {
    /// Its name in the Auto Scaling API.
    var apiName: String {
        rawValue.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }
}

extension WarmPoolState {
    /// PoolState of PutWarmPool.
    fileprivate var apiName: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
}

extension Duration {
    /// What AWS takes, which knows nothing finer than a second; a part of one is a whole one.
    var wholeSeconds: Int { Int((wholeMilliseconds + 999) / 1000) }
}

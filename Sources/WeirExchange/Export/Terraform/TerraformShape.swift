/// Where Terraform says something else than CloudFormation, or says it in another place.
struct TerraformShape {
    private let plan: CloudPlan

    init(_ plan: CloudPlan) {
        self.plan = plan
    }

    /// Properties whose name is another one than CloudFormation's in small letters.
    private static let names: [CloudResource.Kind: [String: String]] = [
        .group: [
            "AutoScalingGroupName": "name", "Cooldown": "default_cooldown",
            "NewInstancesProtectedFromScaleIn": "protect_from_scale_in", "LaunchTemplateId": "id",
        ],
        .scalingPolicy: ["AutoScalingGroupName": "autoscaling_group_name", "StepAdjustments": "step_adjustment"],
        .scheduledAction: ["AutoScalingGroupName": "autoscaling_group_name"],
        .lifecycleHook: ["AutoScalingGroupName": "autoscaling_group_name", "LifecycleHookName": "name"],
        .warmPool: [:],
        .alarm: ["EvaluateLowSampleCountPercentile": "evaluate_low_sample_count_percentiles"],
        .queue: [
            "QueueName": "name", "VisibilityTimeout": "visibility_timeout_seconds",
            "MessageRetentionPeriod": "message_retention_seconds",
        ],
    ]

    func body(of resource: CloudResource) -> [TerraformItem] {
        let kind = resource.kind
        var items: [TerraformItem] = []
        switch kind {
        case .scalingPolicy: items.append(.attribute("name", .text(resource.name)))
        case .scheduledAction: items.append(.attribute("scheduled_action_name", .text(resource.name)))
        case .group, .lifecycleHook, .warmPool, .alarm, .queue: break
        }
        for property in resource.properties { items += self.items(property, kind) }
        switch kind {
        case .group:
            for pool in plan.resources where pool.kind == .warmPool {
                let inner = pool.properties.filter { $0.key != "AutoScalingGroupName" }
                items.append(.block("warm_pool", inner.flatMap { self.items($0, .warmPool) }))
            }
            items.append(.block("lifecycle", [.attribute("ignore_changes", .list(changingSizes))]))
        case .scheduledAction:
            // What is left out would be set to 0 there; -1 leaves it as it is.
            for (key, name) in Self.sizes where !resource.properties.contains(where: { $0.key == key }) {
                items.append(.attribute(name, .number(-1)))
            }
        case .scalingPolicy, .lifecycleHook, .warmPool, .alarm, .queue: break
        }
        return items.filter(Self.isAttribute) + items.filter { !Self.isAttribute($0) }
    }

    private static let sizes = [
        ("MinSize", "min_size"), ("MaxSize", "max_size"), ("DesiredCapacity", "desired_capacity"),
    ]

    /// Those that policies and scheduled actions set: otherwise each apply would undo it.
    private var changingSizes: [TerraformValue] {
        let set = plan.resources.filter { $0.kind == .scheduledAction }.flatMap(\.properties).map(\.key)
        return Self.sizes.filter { $0.0 == "DesiredCapacity" || set.contains($0.0) }.map { .word($0.1) }
    }

    private static func isAttribute(_ item: TerraformItem) -> Bool {
        if case .attribute = item { true } else { false }
    }

    // MARK: Properties

    private func items(_ property: CloudValue.Property, _ kind: CloudResource.Kind) -> [TerraformItem] {
        let name = Self.names[kind]?[property.key] ?? TerraformText.snakeCase(property.key)
        switch (kind, property.key, property.value) {
        case (.group, "MetricsCollection", .list(let items)):
            guard case .object(let collection)? = items.first,
                let metrics = collection.first(where: { $0.key == "Metrics" })
            else { return [] }
            return [
                .attribute("enabled_metrics", value(metrics.value)),
                .attribute("metrics_granularity", .text("1Minute")),
            ]
        case (.queue, "RedrivePolicy", .object(let policy)):
            let entries = policy.map { TerraformValue.Entry(key: $0.key, value: value($0.value)) }
            return [.attribute("redrive_policy", .expression(Self.encoded(entries)))]
        case (.alarm, "Dimensions", .list(let items)): return [.attribute("dimensions", dimensions(items))]
        case (.alarm, "Metrics", .list(let items)): return items.map { .block("metric_query", query($0)) }
        case (.scalingPolicy, "CustomizedMetricSpecification", .object(let inner)):
            return [.block(name, inner.flatMap { customized($0) })]
        case (_, _, .object(let inner)): return [.block(name, inner.flatMap { self.items($0, kind) })]
        case (_, _, .list(let items)) where !items.isEmpty && items.allSatisfy(Self.isObject):
            return items.map { item in
                guard case .object(let inner) = item else { return .block(name, []) }
                return .block(name, inner.flatMap { self.items($0, kind) })
            }
        default: return [.attribute(name, value(property.value))]
        }
    }

    /// Dimensions of the one metric have another name than those of metric math.
    private func customized(_ property: CloudValue.Property) -> [TerraformItem] {
        guard property.key == "Dimensions", case .list(let items) = property.value else {
            return self.items(property, .scalingPolicy)
        }
        return items.flatMap { item -> [TerraformItem] in
            guard case .object(let inner) = item else { return [] }
            return [.block("metric_dimension", inner.flatMap { self.items($0, .scalingPolicy) })]
        }
    }

    /// A MetricDataQuery, whose metric and statistic stand in one block here.
    private func query(_ item: CloudValue) -> [TerraformItem] {
        guard case .object(let properties) = item else { return [] }
        return properties.flatMap { property -> [TerraformItem] in
            guard property.key == "MetricStat", case .object(let stat) = property.value else {
                return items(property, .alarm)
            }
            let inner = stat.flatMap { part -> [TerraformItem] in
                guard part.key == "Metric", case .object(let metric) = part.value else { return items(part, .alarm) }
                return metric.flatMap { items($0, .alarm) }
            }
            return [.block("metric", inner)]
        }
    }

    private func dimensions(_ items: [CloudValue]) -> TerraformValue {
        .map(
            items.compactMap { item in
                guard case .object(let pair) = item, case .text(let name)? = pair.first?.value, let last = pair.last
                else { return nil }
                return TerraformValue.Entry(key: name, value: value(last.value))
            })
    }

    private static func isObject(_ value: CloudValue) -> Bool {
        if case .object = value { true } else { false }
    }

    /// On one line, so that it can stand in the JSON syntax as well.
    private static func encoded(_ entries: [TerraformValue.Entry]) -> String {
        let pairs = entries.map { entry in
            switch entry.value {
            case .expression(let text): "\(entry.key) = \(text)"
            case .number(let number): "\(entry.key) = \(PlainNumber.text(number))"
            case .text, .boolean, .list, .map, .word: "\(entry.key) = null"
            }
        }
        return "jsonencode({ \(pairs.joined(separator: ", ")) })"
    }

    // MARK: Values

    private func value(_ value: CloudValue) -> TerraformValue {
        switch value {
        case .text(let text): .text(text)
        case .integer(let number): .number(Double(number))
        case .number(let number): .number(number)
        case .boolean(let boolean): .boolean(boolean)
        case .list(let items): .list(items.map(self.value))
        case .object(let properties):
            .map(properties.map { .init(key: TerraformText.snakeCase($0.key), value: self.value($0.value)) })
        case .name(let id): .expression("\(address(id)).name")
        case .arn(let id): .expression("\(address(id)).arn")
        case .parameter(let name): .expression("var.\(TerraformText.snakeCase(name))")
        }
    }

    private func address(_ id: String) -> String {
        let type = plan.resources.first { $0.id == id }?.kind ?? .group
        return "\(type.terraformType).\(TerraformText.snakeCase(id))"
    }
}

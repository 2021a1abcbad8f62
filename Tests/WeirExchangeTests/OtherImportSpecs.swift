import Testing
import WeirCore
import WeirPolicy

@testable import WeirExchange

@Suite("Importing a CloudFormation template")
struct TemplateSpecs {
    private func imported(_ parameters: [String: String], movesQueue: Bool = true) throws -> ImportedPolicy {
        let options = ImportOptions(movesQueue: movesQueue, parameters: parameters)
        return try #require(
            try PolicyImport.read(Fixtures.files("cloudformation/workers.yaml"), options: options).first)
    }

    @Test("Functions link group, queue, policies and alarms")
    func links() throws {
        let policy = try imported(["Stage": "prod"])
        let file = try policy.read()
        #expect(file.group.name == "workers" && file.group.minSize == 1 && file.group.maxSize == 16)
        #expect(file.source.options.text("queue") == "invoices-prod")
        #expect(file.source.options.text("dead_letter_queue") == "invoices-prod-dead")
        #expect(file.source.options.integer("max_receive_count") == 3)
        let alarm = try #require(file.group.alarms.first)
        #expect(alarm.name == "prod-behind" && alarm.threshold == 80)
        #expect(file.group.scalingPolicies.map(\.name) == ["Out", "In"])
        #expect(file.group.scalingPolicies.map(\.alarmState) == [.alarm, .ok])
        #expect(file.group.warmPool?.minSize == 2)
        #expect(file.group.lifecycleHooks.map(\.heartbeatTimeout) == [.seconds(3600)])
        #expect(file.group.scheduledActions.map(\.maxSize) == [4])
        for account in policy.accounts { #expect(!account.isUnknown, "\(account.line) \(account.path)") }
    }

    @Test("What only the stack will know is told, and not guessed")
    func unresolved() throws {
        let policy = try imported(["Stage": "prod"])
        let path = "Resources.Workers.Properties"
        #expect(
            policy.why("\(path).DefaultInstanceWarmup")?.contains(
                "Fn::If asks for IsAbroad: AWS::Region is not known before the stack is made") == true)
        #expect(policy.why("\(path).LaunchTemplate") != nil)
        #expect(policy.why("Resources.Workers.UpdatePolicy") != nil)
        #expect(policy.why("Resources.DeadLetters.Properties.VisibilityTimeout")?.contains("14 days") == true)
        #expect(policy.why("Resources.DeadLetters.Properties.MessageRetentionPeriod") == nil)
        #expect(policy.why("Resources.Role")?.hasPrefix("AWS::IAM::Role has no counterpart") == true)
    }

    @Test("A condition that the parameters decide chooses, and leaves out what does not hold")
    func conditions() throws {
        let prod = try imported(["Stage": "prod"])
        let group = try prod.read().group
        #expect(group.healthCheckGracePeriod == .seconds(60))
        #expect(group.terminationPolicies == [.oldestInstance, .default])
        #expect(prod.why("Resources.Behind.Condition") == nil)
        let test = try imported(["Stage": "test"])
        let other = try test.read().group
        #expect(other.healthCheckGracePeriod == .seconds(30) && other.terminationPolicies == [.newestInstance])
        #expect(other.alarms.isEmpty, "its alarm is for production only")
        for account in prod.accounts + test.accounts { #expect(!account.isUnknown, "\(account.line) \(account.path)") }
        let open = try imported([:])
        #expect(open.why("Resources.Behind.Condition")?.contains("--parameter Stage=VALUE") == true)
        #expect(
            open.why("Resources.Workers.Properties.HealthCheckGracePeriod")?.contains("--parameter Stage=VALUE") == true
        )
    }

    @Test("A parameter without a value says how to give one")
    func parameter() throws {
        let policy = try imported([:], movesQueue: false)
        let file = try policy.read()
        #expect(file.source.options.text("queue") == "Invoices")
        #expect(policy.notes.contains { $0.kind == .fillIn && $0.path == "queue" })
        #expect(policy.notes.contains { $0.why.contains("threshold is not a number that can be told") })
        #expect(file.group.alarms.isEmpty && file.group.scalingPolicies.isEmpty)
    }
}

@Suite("Importing a Dockerrun file")
struct DockerrunSpecs {
    private func imported(_ name: String) throws -> ImportedPolicy {
        let policy = try #require(
            try PolicyImport.read(Fixtures.files("dockerrun/\(name).json"), options: .init(group: "mailer")).first)
        for account in policy.accounts { #expect(!account.isUnknown, "\(account.line) \(account.path)") }
        return policy
    }

    @Test("Version 1: an image, its volumes and its command")
    func version1() throws {
        let policy = try imported("v1")
        let file = try policy.read()
        #expect(file.group.name == "mailer" && file.group.minSize == 1 && file.group.maxSize == 4)
        let docker = file.launcher.options
        #expect(docker.text("image") == "registry.example.com/mailer:3.2" && docker.text("pull") == "missing")
        #expect(docker.texts("entrypoint") == ["/usr/bin/mailer", "--strict"])
        #expect(docker.texts("command") == ["work", "--from", "the queue"])
        #expect(docker.texts("mounts") == ["/srv/mail/templates:/templates"])
        for path in ["Authentication", "Ports", "Logging", "Volumes[1]"] { #expect(policy.why(path) != nil) }
    }

    @Test("Version 2: the essential container, with what it mounts")
    func version2() throws {
        let policy = try imported("v2")
        let docker = try policy.read().launcher.options
        #expect(docker.text("image") == "transcribe:7")
        #expect(docker.sizeBytes("memory") == 1536 << 20 && docker.number("cpus") == 0.5)
        #expect(docker.texts("mounts") == ["/var/app/current/models:/models:ro", "scratch:/scratch"])
        #expect(docker.texts("entrypoint") == ["/sbin/tini", "--"])
        #expect(docker.text("user") == "1000" && docker.text("working_directory") == "/srv")
        #expect(policy.why("containerDefinitions[0]") == ContainerFields.several)
        #expect(policy.why("containerDefinitions[1].memoryReservation") != nil)
    }

    @Test("A secret stays out of the file")
    func secrets() throws {
        let policy = try imported("v2")
        #expect(!policy.text.contains("hunter2"))
        let environment = try policy.read().launcher.options.textMap("environment")
        #expect(environment.map(\.name) == ["LANGUAGE", "PRICE", "DB_PASSWORD"])
        #expect(environment.map(\.value) == ["de", "$${five} dollars", "${DB_PASSWORD}"])
    }

    @Test("With a group of AWS it says what the group launches")
    func together() throws {
        let files = try Fixtures.aws() + Fixtures.files("dockerrun/v2.json")
        let policy = try #require(try PolicyImport.read(files, options: .init(group: "Thumbnails_Workers")).first)
        #expect(try policy.read().launcher.options.text("image") == "transcribe:7")
        #expect(!policy.notes.contains { $0.kind == .fillIn })
    }
}

@Suite("Importing from KEDA")
struct KEDASpecs {
    private func imported(_ name: String) throws -> ImportedPolicy {
        let policy = try #require(try PolicyImport.read(Fixtures.files("keda/\(name).yaml")).first)
        for account in policy.accounts { #expect(!account.isUnknown, "\(account.line) \(account.path)") }
        return policy
    }

    @Test("A ScaledObject with its Deployment")
    func scaledObject() throws {
        let policy = try imported("sqs")
        let file = try policy.read()
        let group = file.group
        #expect(group.name == "resizer-scaling" && group.minSize == 0 && group.maxSize == 25)
        #expect(file.source.options.text("queue") == "https://sqs.eu-central-1.amazonaws.com/111122223333/pictures")
        #expect(group.pollInterval == .seconds(15))
        #expect(group.fallback == SourceFallback(.capacity(6), after: .seconds(60)))
        #expect(
            group.metrics.map(\.expression.text) == ["visible / max(in_service, 1)", "if(desired == 0, visible, 0)"])
        #expect(group.alarms.first?.threshold == 3)
        guard case .targetTracking(let tracking)? = group.scalingPolicies.last?.kind else {
            Issue.record("no target tracking")
            return
        }
        #expect(tracking.target == 12)
        #expect(tracking.scaleOutAlarm == AlarmShape(period: .seconds(20), evaluationPeriods: 2))
        #expect(tracking.scaleInAlarm == AlarmShape(period: .seconds(20), evaluationPeriods: 30))
        #expect(group.scheduledActions.map(\.minSize) == [4, 0])
        #expect(group.scheduledActions.map(\.desiredCapacity) == [nil, nil], "target tracking scales in")
        let docker = file.launcher.options
        #expect(docker.text("image") == "registry.example.com/resizer:12" && docker.number("cpus") == 1.5)
        #expect(docker.texts("entrypoint") == ["/app/resize"] && docker.texts("command") == ["--queue", "pictures"])
        #expect(group.stopTimeout == .seconds(90))
        #expect(policy.why("spec.triggers[2]")?.contains("no source for 'cpu'") == true)
    }

    @Test("RabbitMQ is asked through its management API, and no password is carried over")
    func rabbit() throws {
        let policy = try imported("rabbitmq")
        let file = try policy.read()
        #expect(file.source.options.text("url") == "${RABBITMQ_API}/api/queues/shop/new%20orders")
        let tracking = try backlogTracking(file.group)
        #expect(tracking.messagesPerInstance == 30 && tracking.scaleIn == ScalingBehavior(.window(.seconds(300))))
        #expect(file.group.metrics.isEmpty && file.group.alarms.isEmpty)
        #expect(!policy.text.contains("secret@"))
        #expect(policy.notes.contains { $0.kind == .fillIn && $0.why.contains("RABBITMQ_API") })
    }

    @Test("A ScaledJob over a Redis list")
    func job() throws {
        let policy = try imported("redis-job")
        let file = try policy.read()
        #expect(
            file.source.options.text("shell")
                == "printf '{\"visible\": %s}' \"$(redis-cli -h redis.internal -p 6380 -n 3 --tls LLEN 'to do')\"")
        #expect(file.launcher.options.text("image") == "encode:4")
        #expect(file.group.maxSize == 8 && file.group.pollInterval == .seconds(45))
        let tracking = try backlogTracking(file.group)
        #expect(tracking.messagesPerInstance == 2 && tracking.scaleIn == ScalingBehavior(.window(.zero)))
        #expect(file.group.protectFromScaleIn)
        #expect(policy.why("kind")?.contains("KEDA ends no job that runs") == true)
        #expect(policy.why("spec.jobTargetRef.parallelism") != nil)
    }

    @Test("What a HorizontalPodAutoscaler does is what backlog tracking does: target, windows and rates")
    func behaviour() throws {
        let policy = try imported("behaviour")
        let group = try policy.read().group
        let tracking = try backlogTracking(group)
        #expect(group.scalingPolicies.count == 1 && group.minSize == 0 && group.maxSize == 40)
        #expect(tracking.messagesPerInstance == 20 && !tracking.disableScaleIn)
        #expect(
            tracking.scaleOut
                == ScalingBehavior(.window(.seconds(30)), maxRate: ScalingRate(.instances(4), each: .seconds(15))))
        #expect(
            tracking.scaleIn
                == ScalingBehavior(.window(.seconds(240)), maxRate: ScalingRate(.percent(50), each: .seconds(60))))
        #expect(!group.protectFromScaleIn)
        let behaviour = "spec.advanced.horizontalPodAutoscalerConfig.behavior"
        #expect(policy.why("\(behaviour).scaleUp.tolerance")?.contains("as far as the work leads") == true)
        #expect(policy.why("spec.cooldownPeriod")?.contains("the longer of the two") == true)
        #expect(policy.why("spec.triggers[1]")?.contains("a group measures one queue") == true)
    }

    @Test("where scale-down is disabled nothing says how fast it would be")
    func disabledScaleDown() throws {
        let text = try Fixtures.text("keda/behaviour.yaml").replacing(
            "stabilizationWindowSeconds: 240", with: "selectPolicy: Disabled")
        let policy = try #require(try PolicyImport.read([("behaviour.yaml", text)]).first)
        for account in policy.accounts { #expect(!account.isUnknown, "\(account.line) \(account.path)") }
        #expect(try backlogTracking(policy.read().group).disableScaleIn)
        #expect(!policy.text.contains("scale_in_window") && !policy.text.contains("max_scale_in_rate"))
        #expect(policy.why("spec.cooldownPeriod")?.contains("KEDA goes to zero all the same") == true)
    }

    @Test("it asks for as many as the autoscaler would, which rounds up")
    func asMany() throws {
        let group = try imported("behaviour").read().group
        for (messages, pods) in [(0, 0), (1, 1), (20, 1), (21, 2), (799, 40), (5000, 40)] {
            let state = GroupState(startingWith: group, seed: 1, at: Instant(milliseconds: 0))
            // Rates count from what there was, and windows from what was recommended, so nothing is held back here.
            var free = group
            var tracking = try backlogTracking(group)
            tracking.scaleOut = ScalingBehavior(.window(.zero))
            free.scalingPolicies[0].kind = .backlogTracking(tracking)
            let measurement = Measurement(
                visible: .value(Double(messages)), inFlight: .value(0), delayed: .value(0), oldestAge: .value(0))
            let evaluation = evaluate(
                free, state, Observation(measurement: measurement, listing: .instances([])),
                at: Instant(milliseconds: 1000))
            #expect(evaluation.decision.desired == pods, "\(messages) messages")
        }
    }

    private func backlogTracking(_ group: GroupPolicy) throws -> BacklogTracking {
        guard case .backlogTracking(let tracking)? = group.scalingPolicies.last?.kind else {
            throw Missing.backlogTracking
        }
        return tracking
    }

    private enum Missing: Error { case backlogTracking }
}

import Testing
import WeirCore
import WeirPolicy

@testable import WeirExchange

@Suite("Times and counts of KEDA")
struct KEDATimeSpecs {
    private static let queue = "{ queueURL: jobs, awsRegion: eu-west-1 }"

    /// A ScaledObject with one trigger that counts a queue on SQS.
    private static func scaledObject(_ spec: String, trigger: String = "") -> String {
        """
        apiVersion: keda.sh/v1alpha1
        kind: ScaledObject
        metadata: { name: orders }
        spec:
          scaleTargetRef: { name: orders }
        \(spec.split(separator: "\n").map { "  \($0)\n" }.joined())
          triggers:
            - { type: aws-sqs-queue, metadata: \(queue)\(trigger) }
        """
    }

    private func imported(_ text: String) throws -> ImportedPolicy {
        let policy = try #require(try PolicyImport.read([("orders.yaml", text)]).first)
        for account in policy.accounts { #expect(!account.isUnknown, "\(account.line) \(account.path)") }
        return policy
    }

    private func backlogTracking(_ policy: ImportedPolicy) throws -> BacklogTracking {
        guard case .backlogTracking(let tracking)? = try policy.read().group.scalingPolicies.last?.kind else {
            throw Missing()
        }
        return tracking
    }

    private struct Missing: Error {}

    // MARK: How often

    @Test(
        "An autoscaler asks every 15 s, however seldom KEDA does, unless it is given what KEDA has kept",
        arguments: [
            ("pollingInterval: 120", "", 15, true), ("", "", 15, false), ("pollingInterval: 5", "", 5, false),
            ("pollingInterval: 120", ", useCachedMetrics: true", 120, false),
            ("pollingInterval: 120", ", useCachedMetrics: false", 15, true),
        ])
    func pace(spec: String, trigger: String, seconds: Int, isTold: Bool) throws {
        let policy = try imported(Self.scaledObject(spec, trigger: trigger))
        #expect(try policy.read().group.pollInterval == .seconds(seconds))
        #expect(policy.why("spec.pollingInterval")?.contains("every 15 s") ?? false == isTold)
    }

    @Test("For jobs it is KEDA itself that asks")
    func jobs() throws {
        let text = try Fixtures.text("keda/redis-job.yaml").replacing(
            "pollingInterval: 45", with: "pollingInterval: 120")
        #expect(try imported(text).read().group.pollInterval == .seconds(120))
    }

    @Test("Jobs of which not all work counts are not ended either")
    func trackedJobs() throws {
        let policy = try imported(
            """
            apiVersion: keda.sh/v1alpha1
            kind: ScaledJob
            metadata: { name: orders }
            spec:
              jobTargetRef: { template: { spec: { containers: [{ image: orders:2 }] } } }
              triggers:
                - { type: aws-sqs-queue, metadata: { queueURL: jobs, awsRegion: eu-west-1, scaleOnInFlight: "false" } }
            """)
        let group = try policy.read().group
        guard case .targetTracking(let tracking)? = group.scalingPolicies.last?.kind else { throw Missing() }
        #expect(group.protectFromScaleIn && tracking.scaleInAlarm.evaluationPeriods == 1)
    }

    // MARK: How long

    @Test(
        "Where a group goes to zero it waits at least as long as KEDA does, also when that is not written",
        arguments: [
            ("minReplicaCount: 0", 60, 300), ("minReplicaCount: 1", 60, 60), ("cooldownPeriod: 120", 60, 120),
            ("cooldownPeriod: 30", 60, 60), ("", 400, 400),
        ])
    func cooldown(spec: String, window: Int, expected: Int) throws {
        let behaviour =
            "advanced: { horizontalPodAutoscalerConfig: { behavior: { scaleDown: { stabilizationWindowSeconds: \(window) } } } }"
        let policy = try imported(Self.scaledObject("\(spec)\n\(behaviour)"))
        #expect(try backlogTracking(policy).scaleIn == ScalingBehavior(.window(.seconds(expected))))
        let path = "spec.advanced.horizontalPodAutoscalerConfig.behavior.scaleDown.stabilizationWindowSeconds"
        #expect(policy.why(path)?.contains("KEDA waits 300 s") ?? false == (spec == "minReplicaCount: 0"))
    }

    // MARK: By the clock

    private static func cron(_ hours: String...) -> String {
        let triggers = hours.map { hours in
            """
                - type: cron
                  metadata: { timezone: Europe/Paris, start: 0 \(hours.prefix(2)) * * *, end: 0 \(hours.suffix(2)) * * *, desiredReplicas: "6" }

            """
        }
        return """
            apiVersion: keda.sh/v1alpha1
            kind: ScaledObject
            metadata: { name: orders }
            spec:
              minReplicaCount: 1
              triggers:
            \(triggers.joined())
            """
    }

    @Test("Where only the clock says how many, its end sends them home")
    func cronAlone() throws {
        let policy = try imported(Self.cron("08 18"))
        let actions = try policy.read().group.scheduledActions
        #expect(actions.map(\.minSize) == [6, 1] && actions.map(\.desiredCapacity) == [nil, 1])
    }

    @Test("Several of them may overlap, and that is told")
    func severalCrons() throws {
        let policy = try imported(Self.cron("08 18", "12 20"))
        #expect(try policy.read().group.scheduledActions.map(\.name) == ["start", "end", "start-2", "end-2"])
        for index in 0...1 {
            #expect(policy.why("spec.triggers[\(index)].type")?.contains("KEDA takes the largest") == true)
        }
        #expect(try imported(Self.cron("08 18")).notes.allSatisfy { !$0.why.contains("KEDA takes the largest") })
    }

    @Test("Absurd numbers are told, and nothing else happens")
    func absurd() throws {
        let large = "9223372036854775807"
        let policy = try imported(
            Self.scaledObject(
                """
                pollingInterval: \(large)
                fallback: { failureThreshold: \(large), replicas: 2 }
                advanced: { horizontalPodAutoscalerConfig: { behavior: { scaleDown: { stabilizationWindowSeconds: \(large) } } } }
                """))
        for path in ["pollingInterval", "fallback.failureThreshold"] {
            #expect(policy.why("spec.\(path)")?.contains("between -1000000000 and 1000000000") == true)
        }
        #expect(try policy.read().group.pollInterval == .seconds(15))
        let job = try imported(
            Fixtures.text("keda/redis-job.yaml").replacing(
                "pollingInterval: 45",
                with: "pollingInterval: 1000000000\n  fallback: { failureThreshold: 1000000000, replicas: 2 }"))
        #expect(job.text.contains("fallback_after: "))
    }
}

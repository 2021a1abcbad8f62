import Testing
import WeirCore

@testable import WeirPolicy

/// Hooks, health, lifetime, warm pool and instance refresh, as a file says them.
@Suite("The life of an instance, in files that are right")
struct LifeFileSpecs {
    private func file(_ text: String) throws -> PolicyFile {
        let result = reader.read(text: text, path: "emails.yaml")
        #expect(result.text == "")
        return try #require(result.files.first)
    }

    private func docker(_ lines: String) -> String {
        smallest().replacing("workers: { docker: emails:1 }", with: "workers:\n  docker: emails:1\n\(lines)")
    }

    // MARK: Hooks

    @Test("Lifecycle hooks, in the order of the file; a command is told apart")
    func hooks() throws {
        let file = try file(
            smallest(
                """
                lifecycle_hooks:
                  warm-cache:
                    transition: launching
                    heartbeat_timeout: 300s
                    command: ["./warm.sh", "--all"]
                  ask/before_end:
                    transition: terminating
                    heartbeat_timeout: 2h
                    default_result: continue
                """))
        #expect(
            file.group.lifecycleHooks == [
                LifecycleHook(
                    name: "warm-cache", transition: .launching, heartbeatTimeout: .seconds(300), runsCommand: true),
                LifecycleHook(
                    name: "ask/before_end", transition: .terminating, heartbeatTimeout: .seconds(7200),
                    defaultResult: .continue),
            ])
        #expect(
            file.hookCommands == [HookCommand(hook: "warm-cache", program: "./warm.sh", arguments: ["--all"])])
    }

    @Test("A hook in the words of the Auto Scaling API", arguments: LifecycleTransition.allCases)
    func hookOfAPI(_ transition: LifecycleTransition) throws {
        let file = try file(
            smallest(
                """
                lifecycle_hooks:
                  a: { transition: "\(transition.apiName)", heartbeat_timeout: 30s, default_result: CONTINUE }
                """))
        #expect(file.group.lifecycleHooks.map(\.transition) == [transition])
        #expect(file.group.lifecycleHooks.map(\.defaultResult) == [.continue])
    }

    // MARK: Health

    @Test("An HTTP health check, with all that goes with it")
    func http() throws {
        let file = try file(
            docker(
                """
                  health_check_grace_period: 30s
                  health_check:
                    http: { port: 8080, path: "/healthz?deep=1", scheme: HTTPS }
                    interval: 20s
                    timeout: 2s
                    unhealthy_threshold: 5
                    busy_timeout: 2h
                """))
        #expect(file.group.healthCheckGracePeriod == .seconds(30))
        #expect(file.group.healthCheck == HealthCheckPolicy(unhealthyThreshold: 5, busyTimeout: .seconds(7200)))
        #expect(
            file.healthProbe
                == HealthProbe(
                    kind: .http(port: 8080, path: "/healthz?deep=1", scheme: .https), interval: .seconds(20),
                    timeout: .seconds(2)))
    }

    @Test("A port alone is enough, and the rest has defaults")
    func port() throws {
        let file = try file(docker("  health_check: { http: 8080 }"))
        #expect(file.group.healthCheck == HealthCheckPolicy())
        #expect(
            file.healthProbe
                == HealthProbe(
                    kind: .http(port: 8080, path: "/", scheme: .http), interval: .seconds(10), timeout: .seconds(5)))
    }

    @Test("A command as health check")
    func command() throws {
        let file = try file(docker("  health_check: { command: [./check.sh, --quick], interval: 1m }"))
        #expect(
            file.healthProbe
                == HealthProbe(
                    kind: .command(["./check.sh", "--quick"]), interval: .seconds(60), timeout: .seconds(5)))
    }

    @Test("Instances of one group may share an address when there is only one of them")
    func oneInstance() throws {
        let text = docker("  health_check: { http: 8080 }").replacing(
            "docker: emails:1", with: "process: { command: [work] }")
        #expect(try file(text.replacing("max_size: 5", with: "max_size: 1")).healthProbe != nil)
    }

    @Test(
        "Maximum instance lifetime: none, or at least a day",
        arguments: [
            ("0s", nil), ("1d", Duration.seconds(86_400)), ("168h", .seconds(604_800)), ("365d", .seconds(31_536_000)),
        ])
    func lifetime(_ written: String, _ lifetime: Duration?) throws {
        #expect(try file(smallest("max_instance_lifetime: \(written)")).group.maxInstanceLifetime == lifetime)
    }

    @Test("All termination policies, by their names here and in the API")
    func terminationPolicies() throws {
        let words = TerminationPolicy.allCases.filter { $0 != .default } + [.default]
        let ours = words.map(\.rawValue).joined(separator: ", ")
        #expect(try file(smallest("termination_policies: [\(ours)]")).group.terminationPolicies == words)
        let theirs = "OldestLaunchTemplate, OldestLaunchConfiguration, AllocationStrategy, Default"
        #expect(
            try file(smallest("termination_policies: [\(theirs)]")).group.terminationPolicies
                == [.oldestLaunchTemplate, .oldestLaunchConfiguration, .allocationStrategy, .default])
    }

    // MARK: Warm pool

    @Test("A warm pool without a word is stopped, and as large as the group can grow")
    func poolByDefault() throws {
        #expect(try file(smallest("warm_pool: {}")).group.warmPool == WarmPool())
        #expect(try file(smallest()).group.warmPool == nil)
    }

    @Test(
        "A hibernated warm pool, in our word, in AWS's and in Docker's",
        arguments: ["hibernated", "Hibernated", "paused"])
    func hibernated(_ word: String) throws {
        let file = try file(
            smallest(
                """
                warm_pool:
                  state: \(word)
                  min_size: 2
                  max_prepared_capacity: 8
                  reuse_on_scale_in: true
                  preparation_time: 20s
                """))
        #expect(
            file.group.warmPool
                == WarmPool(
                    state: .hibernated, minSize: 2, maxPreparedCapacity: 8, reuseOnScaleIn: true,
                    preparationTime: .seconds(20)))
    }

    @Test("More may be prepared than the group can have, so that a group at its maximum has a pool too")
    func prepared() throws {
        let pool = try file(smallest("warm_pool: { max_prepared_capacity: 9, min_size: 6 }")).group.warmPool
        #expect(pool?.size(desired: 5, maxSize: 5) == 6)
    }

    // MARK: Instance refresh

    @Test("What a refresh does is written as in RefreshPreferences")
    func refresh() throws {
        let file = try file(
            smallest(
                """
                instance_refresh:
                  min_healthy_percentage: 50
                  max_healthy_percentage: 150
                  instance_warmup: 30s
                  checkpoints: [10, 50, 100]
                  checkpoint_delay: 10m
                  skip_matching: true
                  protected_instances: Refresh
                  standby_instances: Terminate
                  auto_rollback: true
                  on_change: true
                """))
        #expect(
            file.group.instanceRefresh
                == RefreshPreferences(
                    minHealthyPercentage: 50, maxHealthyPercentage: 150, instanceWarmup: .seconds(30),
                    checkpointPercentages: [10, 50, 100], checkpointDelay: .seconds(600), skipMatching: true,
                    protectedInstances: .replace, standbyInstances: .replace, autoRollback: true, onChange: true))
    }

    @Test("What is not written is as in StartInstanceRefresh, also when there is no section")
    func refreshByDefault() throws {
        #expect(try file(smallest()).group.instanceRefresh == RefreshPreferences())
        #expect(try file(smallest("instance_refresh:")).group.instanceRefresh == RefreshPreferences())
    }

    // MARK: Explained

    @Test(
        "As explained, each reads back to the same values",
        arguments: [
            "lifecycle_hooks: { a: { transition: launching, heartbeat_timeout: 30s, command: [\"./a\", \"b c\"] } }",
            "max_instance_lifetime: 7d", "warm_pool: {}", "warm_pool: { state: paused, preparation_time: 1s }",
            "instance_refresh: { checkpoints: [20], protected_instances: ignore }",
        ])
    func explained(_ line: String) throws {
        for text in [smallest(line), docker("  health_check: { http: 80 }\n" + line)] {
            let result = reader.read(text: text, path: "emails.yaml")
            let file = try #require(result.files.first)
            let again = reader.read(text: result.explain(file), path: "emails.yaml")
            #expect(again.text == "")
            #expect(again.files.first?.group == file.group)
            #expect(again.files.first?.hookCommands == file.hookCommands)
            #expect(again.files.first?.healthProbe == file.healthProbe)
        }
    }

    @Test("A section that is not there is said not to be; a choice that was not made is no news")
    func absent() throws {
        let result = reader.read(text: docker("  health_check: { http: 80 }"), path: "emails.yaml")
        let text = result.explain(try #require(result.files.first))
        #expect(text.contains("# warm_pool: none"))
        #expect(text.contains("# lifecycle_hooks: none"))
        #expect(!text.contains("# command: not set\n    interval"))
        #expect(text.contains("min_healthy_percentage: 90"))
    }

    // MARK: What backends can do

    /// A source and a launcher that can do nothing beyond the usual, beside a launcher that can do all.
    private static let plain = PolicyReader(
        catalogue: Catalogue(
            sources: [BackendSection(word: "plain", summary: "A queue.", fields: [], shorthand: nil)],
            launchers: [BackendSection(word: "plain", summary: "A launcher.", fields: []), .docker]))

    @Test(
        "A backend can do only what it declares",
        arguments: [
            (
                "plain: {}", "stopped",
                "6:21: error: 'plain' cannot make an instance without starting it, as a stopped warm pool needs"
            ),
            (
                "plain: {}", "hibernated",
                "6:21: error: 'plain' cannot pause an instance, as a hibernated warm pool needs"
            ),
            ("docker: a:1", "stopped", nil),
        ])
    func abilities(_ launcher: String, _ pool: String, _ complaint: String?) {
        let text = """
            group: a
            queue: { plain: {} }
            workers: { \(launcher) }
            min_size: 0
            max_size: 5
            warm_pool: { state: \(pool) }
            """
        let result = Self.plain.read(text: text, path: "a.yaml")
        #expect(result.text.hasPrefix(complaint.map { "a.yaml:\($0)" } ?? ""))
        #expect(result.text.contains("expected another launcher: docker") == (complaint != nil))
        #expect(result.hasErrors == (complaint != nil))
    }
}

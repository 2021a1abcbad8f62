import Synchronization
import Testing
import WeirCore
import WeirRuntime

@testable import WeirBackends

/// One after the other, because some of them take the engine away from the others.
@Suite("A real Docker engine", .serialized, .enabled(if: TestEngines.runsDocker))
struct RealDockerSpecs {
    @Test("keeps what every launcher promises", arguments: LauncherPromise.allCases)
    func keeps(_ promise: LauncherPromise) async throws {
        try await promise.check(DockerSubject())
    }

    // MARK: How they end

    @Test("an end tells its exit code and the last lines of both streams")
    func exitCode() async throws {
        let exit = try await DockerSubject("echo out; echo err >&2; printf half; exit 7").runToItsEnd()
        #expect(exit.code == 7 && !exit.outOfMemory)
        #expect(exit.logTail.sorted() == ["err", "half", "out"])
    }

    @Test("a long log gives its last lines only")
    func longLog() async throws {
        let exit = try await DockerSubject("seq 1 5000; exit 1").runToItsEnd()
        #expect(exit.logTail == (4981...5000).map { "\($0)" })
    }

    @Test("an end for want of memory is told as one")
    func outOfMemory() async throws {
        let subject = try DockerSubject("exec tail /dev/zero").with { $0.memoryBytes = 32 << 20 }
        let exit = try await subject.runToItsEnd()
        #expect(exit.outOfMemory && exit.code == 137)
    }

    @Test("SIGTERM ends a worker that does not know it, thanks to init, and its exit code says so")
    func terminated() async throws {
        let (subject, id) = (try DockerSubject("exec sleep 600"), InstanceID.fresh())
        try await subject.docker().launch(subject.order(id))
        let began = ContinuousClock.now
        try await subject.docker().terminate(id, stopTimeout: .seconds(30))
        #expect(ContinuousClock.now - began < .seconds(15))
        #expect(try await subject.exit(of: id)?.code == 143)
        try await subject.endAll()
    }

    @Test("a worker that ignores SIGTERM is killed after the stop timeout")
    func killed() async throws {
        let subject = try DockerSubject(#"trap "" TERM; echo x >"/starts/up"; while true; do sleep 1; done"#)
        let id = InstanceID.fresh()
        try await subject.docker().launch(subject.order(id))
        #expect(try await eventually { subject.starts.text("up") != nil })
        let began = ContinuousClock.now
        try await subject.docker().terminate(id, stopTimeout: .milliseconds(1500))
        let took = ContinuousClock.now - began
        #expect(took >= .milliseconds(1500) && took < .seconds(15))
        #expect(try await subject.exit(of: id)?.code == 137)
        try await subject.endAll()
    }

    // MARK: How they start

    @Test("a worker runs as the policy file says")
    func settings() async throws {
        let subject = try DockerSubject(
            #"id -u; pwd; echo "$LOG $WEIR_GROUP $GIVEN"; touch /in/x || echo read only; grep db /etc/hosts; ulimit -u"#
        ).with { options in
            options.user = "1000"
            options.workingDirectory = "/tmp"
            options.environment = [.init(name: "LOG", value: "info"), .init(name: "GIVEN", value: "by the file")]
            options.mounts[0] = DockerOptions.Mount("\(options.mounts[0].source):/in:ro") ?? options.mounts[0]
            options.cpus = 0.5
            options.memoryBytes = 64 << 20
            options.processes = 32
            options.extraHosts = ["db:127.0.0.9"]
            options.network = "host"
            options.labels = [.init(name: "team", value: "media")]
        }
        let (launcher, id) = (subject.docker(), InstanceID.fresh())
        var order = subject.order(id)
        order.environment = [EnvironmentVariable("GIVEN", "by weir")]
        try await launcher.launch(order)
        let tail = try await subject.exit(of: id)?.logTail.joined(separator: "\n") ?? ""
        for line in ["1000", "/tmp", "info contract by weir", "read only", "127.0.0.9\tdb"] {
            #expect(tail.contains(line))
        }
        try await subject.endAll()
    }

    @Test("a command that is not there is refused with the engine's words, and leaves nothing")
    func badCommand() async throws {
        let subject = try DockerSubject().with {
            $0.command = ["/no/such/worker"]
            $0.usesInit = false
        }
        let id = InstanceID.fresh()
        let failure = await #expect(throws: LauncherFailure.self) {
            try await subject.docker().launch(subject.order(id))
        }
        #expect(failure?.message.contains("\(id) was not started") == true)
        #expect(failure?.message.contains("/no/such/worker") == true)
        #expect(failure?.retryHelps == false)
        #expect(try await subject.docker().list().isEmpty)
    }

    @Test("an image that is missing is pulled, and if it cannot be, that is said")
    func badPull() async throws {
        // Nobody listens on port 1.
        for pull in [DockerOptions.Pull.missing, .always] {
            let subject = try DockerSubject().with {
                $0.image = "127.0.0.1:1/no/such:1"
                $0.pull = pull
            }
            let id = InstanceID.fresh()
            let failure = await #expect(throws: LauncherFailure.self) {
                try await subject.docker().launch(subject.order(id))
            }
            #expect(failure?.message.contains("\(id) was not started: the image '127.0.0.1:1/no/such:1'") == true)
            #expect(failure?.message.contains("refused") == true)
            #expect(failure?.retryHelps == true)
        }
    }

    @Test("an image that is there is not pulled")
    func noPull() async throws {
        let (subject, id) = (try DockerSubject().with { $0.pull = .missing }, InstanceID.fresh())
        try await subject.docker().launch(subject.order(id))
        #expect(try await subject.phase(of: id) == .running)
        try await subject.endAll()
    }

    @Test("weir was killed between making a container and starting it: the next launch starts that one")
    func halfway() async throws {
        let (subject, id) = (try DockerSubject(), InstanceID.fresh())
        try await makeWithoutStarting(id, subject)
        #expect(try await subject.docker().list() == [ListedInstance(id: id, phase: .starting)])
        let made = try await container(of: id, subject)
        // A restarted weir may ask more than once.
        for _ in 0..<2 { try await subject.docker().launch(subject.order(id)) }
        #expect(try await subject.docker().list() == [ListedInstance(id: id, phase: .running)])
        #expect(try await container(of: id, subject) == made)
        #expect(try await eventually { try await subject.starts(of: id) == 1 })
        try await subject.endAll()
    }

    @Test("what was made and never started is gone when it is terminated")
    func terminateHalfway() async throws {
        let (subject, id) = (try DockerSubject(), InstanceID.fresh())
        try await makeWithoutStarting(id, subject)
        try await subject.docker().terminate(id, stopTimeout: .seconds(30))
        #expect(try await subject.docker().list().isEmpty)
        #expect(try await subject.starts(of: id) == 0)
    }

    @Test("thirty at once all run, each once")
    func many() async throws {
        let (subject, ids) = (try DockerSubject(), (0..<30).map { _ in InstanceID.fresh() })
        let launcher = subject.docker()
        await withTaskGroup { group in
            for id in ids {
                group.addTask {
                    await #expect(throws: Never.self) { try await launcher.launch(subject.order(id)) }
                }
            }
        }
        #expect(try await launcher.list() == ids.sorted().map { ListedInstance(id: $0, phase: .running) })
        await withTaskGroup { group in
            for id in ids {
                group.addTask {
                    await #expect(throws: Never.self) {
                        try await launcher.terminate(id, stopTimeout: .zero)
                        try await launcher.remove(id)
                    }
                }
            }
        }
        #expect(try await launcher.list().isEmpty)
    }

    // MARK: Whose they are

    @Test("a container of another weir on the same engine is neither listed, stopped, removed nor taken for a launch")
    func otherFleet() async throws {
        let subject = try DockerSubject()
        let labels = [DockerLabel.fleet: "another", DockerLabel.group: DockerSubject.group]
        let other = try await DockerBystander(subject.engine, subject.options, labels: labels)
        let launcher = subject.docker()
        #expect(try await launcher.list().isEmpty)
        for attempt in [
            { try await launcher.terminate(other.id, stopTimeout: .zero) },
            { try await launcher.remove(other.id) },
            { try await launcher.launch(subject.order(other.id)) },
        ] as [@Sendable () async throws -> Void] {
            let failure = await #expect(throws: LauncherFailure.self) { try await attempt() }
            #expect(failure?.message.contains("is not one that this weir launched; it is left alone") == true)
        }
        #expect(try await other.isUntouched())
        try await other.end()
    }

    // MARK: The engine itself

    @Test("a death is told at once")
    func promptEvents() async throws {
        let (subject, id) = (try DockerSubject(), InstanceID.fresh())
        try await subject.docker().launch(subject.order(id))
        let changes = subject.docker().changes()
        // The first one says that the engine is heard.
        #expect(await told(changes))
        try await DockerHands(engine: subject.engine)
            .post("/containers/\(subject.name(of: id))/kill", timeLimit: .seconds(10))
        let began = ContinuousClock.now
        #expect(await told(changes))
        #expect(ContinuousClock.now - began < .seconds(60))
        #expect(try await subject.exit(of: id)?.code == 137)
        try await subject.endAll()
    }

    @Test("an engine that hangs costs a time limit, can be called off, and is as before once it goes on")
    func hung() async throws {
        let (subject, daemon, id) = (try DockerSubject(), try DockerDaemon(), InstanceID.fresh())
        try await subject.docker().launch(subject.order(id))
        try await daemon.halt()
        let began = ContinuousClock.now
        let failure = await #expect(throws: DockerFailure.self) {
            _ = try await subject.engine.get("/_ping", timeLimit: .milliseconds(300))
        }
        #expect(failure?.sentence.contains("no answer within 300ms") == true)
        #expect(failure?.retryHelps == true)
        let list = Task { try await subject.docker().list() }
        let late = InstanceID.fresh()
        let launch = Task { try await subject.docker().launch(subject.order(late)) }
        // So that both are most likely under way; what must follow is the same if they are not.
        try await Task.sleep(for: .milliseconds(100))
        list.cancel()
        launch.cancel()
        await #expect(throws: LauncherFailure.self) { try await list.value }
        await #expect(throws: LauncherFailure.self) { try await launch.value }
        #expect(ContinuousClock.now - began < .seconds(60))
        try daemon.goOn()
        #expect(try await subject.phase(of: id) == .running)
        // The launch that was called off may have reached the engine all the same; then it is in the list, like any other.
        _ = try await eventually(within: .seconds(3)) { try await subject.phase(of: late) == .starting }
        try await subject.endAll()
    }

    @Test("an engine that is gone is a failure that time may heal; when it is back, it is heard and asked again")
    func restarted() async throws {
        let (subject, daemon, id) = (try DockerSubject(), try DockerDaemon(), InstanceID.fresh())
        try await subject.docker().launch(subject.order(id))
        let changes = subject.docker().changes()
        let count = Mutex(0)
        let listener = Task { for await _ in changes { count.withLock { $0 += 1 } } }
        #expect(try await eventually { count.withLock { $0 } > 0 })

        try await daemon.stop()
        let failure = await #expect(throws: LauncherFailure.self) { try await subject.docker().list() }
        #expect(failure?.retryHelps == true)
        #expect(failure?.message.contains("the containers of 'contract' were not listed") == true)
        let before = count.withLock { $0 }
        try await daemon.start(subject.engine)
        #expect(try await eventually(within: .seconds(20)) { count.withLock { $0 } > before })
        listener.cancel()

        // The engine ends its containers when it goes.
        #expect(try await subject.exit(of: id) != nil)
        let next = InstanceID.fresh()
        try await subject.docker().launch(subject.order(next))
        #expect(try await subject.phase(of: next) == .running)
        try await subject.endAll()
    }

    // MARK: Helpers

    private func told(_ changes: AsyncStream<Void>) async -> Bool {
        await withTimeLimit(.seconds(20)) {
            for await _ in changes { return true }
            return false
        } ?? false
    }

    private func container(of id: InstanceID, _ subject: DockerSubject) async throws -> String? {
        let lister = DockerLister(engine: subject.engine, group: DockerSubject.group, fleet: subject.fleet)
        return try await lister.inspect(subject.name(of: id))?.container.id
    }

    private func makeWithoutStarting(_ id: InstanceID, _ subject: DockerSubject) async throws {
        let body = try DockerWire.create(subject.order(id), subject.options, fleet: subject.fleet)
        try await DockerHands(engine: subject.engine).post(
            "/containers/create", query: [("name", subject.name(of: id))], body: body, timeLimit: .seconds(30))
    }
}

import Glibc
import Synchronization
import Testing
import WeirCore
import WeirHTTP
import WeirPolicy
import WeirRuntime

@testable import WeirBackends

/// What a real engine cannot be made to do at will, and what podman does otherwise.
@Suite("An engine that answers as it is told to")
struct FakeEngineSpecs {
    private let id = InstanceID("i-1")
    private let ours = #""Config":{"Labels":{"weir.fleet":"f","weir.group":"g","weir.instance":"i-1"}}"#
    private var order: LaunchOrder { LaunchOrder(instance: id, group: "g") }

    private func inspected(_ state: String) -> FakeEngine.Answer {
        .init(200, #"{"Id":"c1","State":{"Status":"\#(state)","ExitCode":3},\#(ours)}"#)
    }

    @Test(
        "a name that is taken by this very launch is a success",
        arguments: [
            (409, "Conflict. The container name is already in use", "docker"),
            (500, "that name is already in use", "podman"),
        ])
    func nameTaken(_ status: Int, _ message: String, because: String) async throws {
        let engine = try FakeEngine { request in
            switch request {
            case "POST /containers/create": .init(status, #"{"message":"\#(message)"}"#)
            case "GET /containers/weir-g-i-1/json": inspected("running")
            default: .init(500, "")
            }
        }
        defer { engine.stop() }
        try await engine.launcher().launch(order)
        #expect(engine.requests == ["POST /containers/create", "GET /containers/weir-g-i-1/json"], "\(because)")
    }

    @Test("a name that is taken by a container that does not show yet is waited for, and started if nobody else does")
    func nameTakenUnseen() async throws {
        let looks = Mutex(0)
        let engine = try FakeEngine { request in
            switch request {
            case "POST /containers/create": return .init(409, #"{"message":"in use"}"#)
            case "GET /containers/weir-g-i-1/json":
                let look = looks.withLock { looks in
                    looks += 1
                    return looks
                }
                return look < 3 ? .init(404, #"{"message":"no such container"}"#) : inspected("created")
            case "POST /containers/c1/start": return .init(204, "")
            default: return .init(500, "")
            }
        }
        defer { engine.stop() }
        try await engine.launcher().launch(order)
        #expect(engine.requests.last == "POST /containers/c1/start")
        #expect(looks.withLock { $0 } == 3)
    }

    @Test("a missing image is pulled, and the container is then made")
    func pulls() async throws {
        let pulled = Mutex(false)
        let engine = try FakeEngine { request in
            switch request {
            case "POST /containers/create":
                pulled.withLock { $0 } ? .init(201, #"{"Id":"c1"}"#) : .init(404, #"{"message":"No such image: w"}"#)
            case "GET /images/w/json": .init(404, "{}")
            case "POST /images/create":
                pulled.withLock { pulled in
                    pulled = true
                    return .init(200, #"{"status":"Pulling"}"# + "\r\n" + #"{"status":"Done"}"# + "\r\n")
                }
            case "POST /containers/c1/start": .init(204, "")
            default: .init(500, "")
            }
        }
        defer { engine.stop() }
        try await engine.launcher().launch(order)
        #expect(
            engine.requests == [
                "POST /containers/create", "GET /images/w/json", "POST /images/create", "POST /containers/create",
                "POST /containers/c1/start",
            ])
    }

    @Test("a pull that fails after it began fails the launch, with the registry's words")
    func pullFails() async throws {
        let engine = try FakeEngine { request in
            switch request {
            case "POST /images/create": .init(200, #"{"status":"Pulling"}"# + "\n" + #"{"error":"manifest unknown"}"#)
            default: .init(404, #"{"message":"No such image: w"}"#)
            }
        }
        defer { engine.stop() }
        let failure = await #expect(throws: LauncherFailure.self) { try await engine.launcher().launch(order) }
        #expect(failure?.message == "i-1 was not started: the image 'w' could not be pulled: manifest unknown")
        #expect(failure?.retryHelps == true)
    }

    @Test("what is not found at create may be something else than the image, and is told as it is")
    func otherNotFound() async throws {
        let engine = try FakeEngine { request in
            request == "GET /images/w/json" ? .init(200, "{}") : .init(404, #"{"message":"no such volume driver"}"#)
        }
        defer { engine.stop() }
        let failure = await #expect(throws: LauncherFailure.self) { try await engine.launcher().launch(order) }
        #expect(failure?.message == "i-1 was not started: the engine refused (404): no such volume driver")
    }

    @Test("what does not start is deleted, but without force: if it did start after all, it stays")
    func startFails() async throws {
        let engine = try FakeEngine { request in
            switch request {
            case "POST /containers/create": .init(201, #"{"Id":"c1"}"#)
            case "POST /containers/c1/start": .init(404, #"{"message":"network back not found"}"#)
            default: .init(204, "")
            }
        }
        defer { engine.stop() }
        let failure = await #expect(throws: LauncherFailure.self) { try await engine.launcher().launch(order) }
        #expect(
            failure
                == LauncherFailure(
                    "i-1 was not started: the engine refused (404): network back not found", retryHelps: false))
        #expect(engine.lines.last == "DELETE /v1.41/containers/c1?v=1 HTTP/1.1")
    }

    @Test("a removal that is under way is one")
    func removing() async throws {
        let engine = try FakeEngine { request in
            request.hasPrefix("GET ")
                ? inspected("removing") : .init(409, #"{"message":"removal of container c1 is already in progress"}"#)
        }
        defer { engine.stop() }
        try await engine.launcher().remove(id)
        #expect(engine.requests.last == "DELETE /containers/c1")
    }

    @Test(
        "a container that is being removed is looked into: what never started is no instance that ended",
        arguments: [
            (#""StartedAt":"0001-01-01T00:00:00Z","ExitCode":0"#, nil, "made, and never started"),
            (#""StartedAt":"2026-11-21T04:09:15.524710739Z","ExitCode":3"#, Exit(code: 3), "started, and ended"),
            (#""ExitCode":3"#, Exit(code: 3), "an engine that does not say when it started"),
        ] as [(String, Exit?, String)])
    func listedWhileRemoved(_ state: String, _ exit: Exit?, because: String) async throws {
        let engine = try FakeEngine { request in
            switch request {
            case "GET /containers/json":
                .init(
                    200,
                    #"[{"Id":"c1","State":"removing","Labels":{"weir.fleet":"f","weir.group":"g","weir.instance":"i-1"}}]"#
                )
            case "GET /containers/c1/json": .init(200, #"{"Id":"c1","State":{"Status":"removing",\#(state)},\#(ours)}"#)
            default: .init(404, "{}")
            }
        }
        defer { engine.stop() }
        let listed = try await engine.lister().list()
        #expect(listed == exit.map { [ListedInstance(id: id, phase: .exited($0))] } ?? [], "\(because)")
    }

    @Test("the stop timeout travels in whole seconds, rounded up; the answer may take longer than that")
    func stopTimeout() async throws {
        let engine = try FakeEngine { request in request.hasPrefix("GET ") ? inspected("running") : .init(204, "") }
        defer { engine.stop() }
        for (timeout, seconds) in [(Duration.zero, 0), (.milliseconds(1), 1), (.seconds(120), 120)] {
            try await engine.launcher().terminate(id, stopTimeout: timeout)
            #expect(engine.lines.last == "POST /v1.41/containers/c1/stop?t=\(seconds) HTTP/1.1")
        }
    }

    @Test("how a container ended is asked once, and forgotten with it; only GETs are sent")
    func askedOnce() async throws {
        let isThere = Mutex(true)
        let engine = try FakeEngine { request in
            switch request {
            case "GET /containers/json":
                isThere.withLock { $0 }
                    ? .init(
                        200,
                        #"[{"Id":"c1","State":"exited","Labels":{"weir.fleet":"f","weir.group":"g","weir.instance":"i-1"}}]"#
                    )
                    : .init(200, "[]")
            case "GET /containers/c1/json": inspected("exited")
            default: .init(501, #"{"message":"configured logging driver does not support reading"}"#)
            }
        }
        defer { engine.stop() }
        let lister = engine.lister()
        let expected = [ListedInstance(id: id, phase: .exited(Exit(code: 3)))]
        for _ in 0..<3 { #expect(try await lister.list() == expected) }
        #expect(engine.requests.filter { $0 == "GET /containers/c1/json" }.count == 1)
        isThere.withLock { $0 = false }
        #expect(try await lister.list().isEmpty)
        isThere.withLock { $0 = true }
        #expect(try await lister.list() == expected)
        #expect(engine.requests.filter { $0 == "GET /containers/c1/json" }.count == 2)
        #expect(engine.requests.allSatisfy { $0.hasPrefix("GET ") })
    }

    @Test(
        "an ended container that cannot be looked into has ended all the same, and is looked into again",
        arguments: [FakeEngine.Answer(500, #"{"message":"layer is broken"}"#), .init(200, "{}")])
    func notInspected(_ answer: FakeEngine.Answer) async throws {
        let isBroken = Mutex(true)
        let engine = try FakeEngine { request in
            switch request {
            case "GET /containers/json":
                .init(
                    200,
                    #"[{"Id":"c1","State":"exited","Labels":{"weir.fleet":"f","weir.group":"g","weir.instance":"i-1"}},"#
                        + #"{"Id":"c2","State":"running","Labels":{"weir.fleet":"f","weir.group":"g","weir.instance":"i-2"}}]"#
                )
            case "GET /containers/c1/json": isBroken.withLock { $0 } ? answer : inspected("exited")
            default: .init(404, "{}")
            }
        }
        defer { engine.stop() }
        let lister = engine.lister()
        let second = ListedInstance(id: InstanceID("i-2"), phase: .running)
        #expect(try await lister.list() == [ListedInstance(id: id, phase: .exited(Exit(code: nil))), second])
        isBroken.withLock { $0 = false }
        #expect(try await lister.list() == [ListedInstance(id: id, phase: .exited(Exit(code: 3))), second])
    }

    @Test(
        "an engine that makes no sense is a failure of the list, never an empty list",
        arguments: [
            FakeEngine.Answer(200, "[{}]"), .init(200, ""), .init(500, "oops"), .init(200, #"{"message":"hello"}"#),
        ])
    func nonsense(_ answer: FakeEngine.Answer) async throws {
        let engine = try FakeEngine { _ in answer }
        defer { engine.stop() }
        let failure = await #expect(throws: LauncherFailure.self) { try await engine.lister().list() }
        #expect(failure?.message.hasPrefix("the containers of 'g' were not listed: the engine") == true)
        #expect(failure?.retryHelps == true)
    }

    @Test("an engine that is not there is a failure that says where it was looked for")
    func absent() async throws {
        let engine = try FakeEngine { _ in .init(200, "[]") }
        engine.stop()
        let failure = await #expect(throws: LauncherFailure.self) { try await engine.lister().list() }
        #expect(failure?.message.contains("on \(engine.path): could not connect") == true)
        #expect(failure?.retryHelps == true)
    }

    @Test("no more launches are under way at once than there are slots; who is called off in the queue starts nothing")
    func slots() async throws {
        let gate = TestGate()
        let asked = Mutex(0)
        let engine = try FakeEngine { request in
            if request == "POST /containers/create" {
                asked.withLock { $0 += 1 }
                gate.wait()
                return .init(201, #"{"Id":"c1"}"#)
            }
            return .init(204, "")
        }
        defer { engine.stop() }
        let launcher = engine.launcher(slots: 2)
        let tasks = (0..<5).map { number in
            Task { try await launcher.launch(LaunchOrder(instance: InstanceID("i-\(number)"), group: "g")) }
        }
        #expect(try await eventually { asked.withLock { $0 } == 2 })
        // Those in the queue first: a slot that is left goes to the next one, who starts unless it was called off before.
        let lines = engine.lines
        let begun = tasks.indices.filter { number in lines.contains { $0.contains("name=weir-g-i-\(number) ") } }
        #expect(begun.count == 2)
        for number in tasks.indices.filter({ !begun.contains($0) }) + begun {
            tasks[number].cancel()
            await #expect(throws: LauncherFailure.self) { try await tasks[number].value }
        }
        #expect(asked.withLock { $0 } == 2)
        for _ in tasks { gate.open() }
        // The slots are free again.
        try await launcher.launch(order)
    }

    @Test("a pull takes no slot: other launches of the engine go on meanwhile")
    func pullTakesNoSlot() async throws {
        let gate = TestGate()
        let creations = Mutex(0)
        let engine = try FakeEngine { request in
            switch request {
            case "POST /containers/create":
                let creation = creations.withLock { creations in
                    creations += 1
                    return creations
                }
                return creation == 1 ? .init(404, #"{"message":"No such image: w"}"#) : .init(201, #"{"Id":"c1"}"#)
            case "GET /images/w/json": return .init(404, "{}")
            case "POST /images/create":
                gate.wait()
                return .init(200, "{}")
            default: return .init(204, "")
            }
        }
        defer { engine.stop() }
        let launcher = engine.launcher(slots: 1)
        let slow = Task { try await launcher.launch(order) }
        #expect(try await eventually { engine.requests.contains("POST /images/create") })
        try await launcher.launch(LaunchOrder(instance: InstanceID("i-2"), group: "g"))
        gate.open()
        try await slow.value
        #expect(creations.withLock { $0 } == 3)
    }

    @Test(
        "an engine is spoken to in the oldest version that it accepts, but in none older than weir knows",
        arguments: [
            (200, #"{"ApiVersion":"1.52","MinAPIVersion":"1.44"}"#, "1.44", "Docker 29"),
            (200, #"{"ApiVersion":"1.41","MinAPIVersion":"1.12"}"#, "1.41", "Docker 20.10"),
            (200, #"{"ApiVersion":"2.3","MinAPIVersion":"2.0"}"#, "2.0", "versions are numbers, not text"),
            (200, #"{"ApiVersion":"1.41"}"#, "1.41", "one that tells no oldest one"),
            (200, "hello", "1.41", "one that makes no sense"),
            (403, "", "1.41", "a proxy that forbids the question"),
        ])
    func versions(_ status: Int, _ version: String, _ expected: String, because: String) async throws {
        let engine = try FakeEngine(version: .init(status, version)) { _ in .init(200, "[]") }
        defer { engine.stop() }
        let (lister, launcher) = (engine.lister(), engine.launcher())
        for _ in 0..<3 { #expect(try await lister.list().isEmpty) }
        #expect(try await launcher.list().isEmpty)
        #expect(engine.lines.allSatisfy { $0.hasPrefix("GET /v\(expected)/containers/json?") }, "\(because)")
        #expect(engine.timesAskedForVersion == 1, "all who speak to an engine ask once")
    }

    @Test("an engine that has become another one is asked again, and nothing is lost by it")
    func upgraded() async throws {
        let engine = try FakeEngine { request in
            switch request {
            case "GET /containers/json": .init(200, "[]")
            case "POST /containers/create": .init(201, #"{"Id":"c1"}"#)
            default: .init(204, "")
            }
        }
        defer { engine.stop() }
        let launcher = engine.launcher()
        #expect(try await launcher.list().isEmpty)
        engine.setVersion(.init(200, #"{"MinAPIVersion":"1.44"}"#))
        try await launcher.launch(order)
        #expect(engine.lines.last == "POST /v1.44/containers/c1/start HTTP/1.1")
        #expect(engine.timesAskedForVersion == 2)
    }

    @Test("an engine whose events have ended was away, and is asked for its version again")
    func away() async throws {
        let engine = try FakeEngine { _ in .init(200, "") }
        defer { engine.stop() }
        let changes = engine.lister().changes()
        let listening = Task { for await _ in changes {} }
        #expect(try await eventually { engine.timesAskedForVersion >= 2 })
        listening.cancel()
    }

    @Test("an engine that hangs up at once is asked for its events again")
    func eventsAgain() async throws {
        let engine = try FakeEngine { _ in .init(200, "") }
        defer { engine.stop() }
        let changes = engine.lister().changes()
        let listening = Task { for await _ in changes {} }
        defer { listening.cancel() }
        #expect(try await eventually { engine.requests.filter { $0 == "GET /events" }.count >= 2 })
    }

    @Test("the pause between two attempts doubles, up to the longest, and starts again after an engine that was heard")
    func eventsPauses() {
        var pauses = EventsPauses()
        let hangsUp = (0..<8).map { _ in pauses.next(afterHearingFor: .milliseconds(1)) }
        let shortest = DockerLimits.shortestEventsPause
        #expect(hangsUp.prefix(3) == [shortest, shortest * 2, shortest * 4])
        #expect(hangsUp.last == DockerLimits.longestEventsPause)
        #expect(pauses.next(afterHearingFor: DockerLimits.longestEventsPause + .seconds(1)) == shortest)
    }
}

/// An engine on a unix socket, whose answers the test gives.
final class FakeEngine: Sendable {
    struct Answer: Sendable {
        var status: Int
        var body: String

        init(_ status: Int, _ body: String) {
            self.status = status
            self.body = body
        }
    }

    let path = "/tmp/weir-fake-engine-\(getpid())-\(UInt32.random(in: 0...UInt32.max)).sock"
    private let server: TestServer
    private let seen: Seen
    /// One engine for all listers and launchers, as in a weir.
    private let engine: DockerEngine

    private final class Seen: Sendable {
        let lines = Mutex<[String]>([])
        let timesAskedForVersion = Mutex(0)
        let version: Mutex<Answer>

        init(_ version: Answer) {
            self.version = Mutex(version)
        }

        /// What every engine does before it looks at what was asked.
        func refusal(_ line: String) -> Answer? {
            let prefix = line.split(separator: " ")[1].split(separator: "/").first ?? ""
            let told = DockerWire.oldestVersion(Array(version.withLock { $0.body }.utf8))
            guard let spoken = DockerVersion(String(prefix.dropFirst())), let told, spoken < told else { return nil }
            return Answer(
                400,
                #"{"message":"client version \#(spoken) is too old. Minimum supported API version is \#(told), please upgrade your client to a newer version"}"#
            )
        }
    }

    /// - Parameters:
    ///   - version: what it answers when it is asked for its version, which is not among `requests`.
    ///   - answer: for a request such as `GET /containers/json`, without version and query.
    init(
        version: Answer = .init(200, #"{"ApiVersion":"1.41","MinAPIVersion":"1.12"}"#),
        _ answer: @escaping @Sendable (String) -> Answer
    ) throws {
        let seen = Seen(version)
        self.seen = seen
        engine = DockerEngine(address: DockerEngine.Address(unixSocket: path), http: HTTPClient())
        server = try TestServer(.unix(path: path)) { connection in
            while let request = connection.readRequest() {
                let reply: Answer
                if request.line == "GET /version HTTP/1.1" {
                    seen.timesAskedForVersion.withLock { $0 += 1 }
                    reply = seen.version.withLock { $0 }
                } else if let refusal = seen.refusal(request.line) {
                    reply = refusal
                } else {
                    seen.lines.withLock { $0.append(request.line) }
                    reply = answer(Self.short(request.line))
                }
                let body = reply.status == 204 ? "" : reply.body
                connection.write("HTTP/1.1 \(reply.status) X\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            }
        }
    }

    /// The request lines as they came.
    var lines: [String] { seen.lines.withLock { $0 } }
    var requests: [String] { lines.map(Self.short) }
    var timesAskedForVersion: Int { seen.timesAskedForVersion.withLock { $0 } }

    func setVersion(_ version: Answer) { seen.version.withLock { $0 = version } }

    func stop() {
        server.stop()
        unlink(path)
    }

    func lister() -> DockerLister { DockerLister(engine: engine, group: "g", fleet: "f") }

    func launcher(slots: Int = 8) -> DockerLauncher {
        let options = DockerOptions(Options(values: [.init(name: "image", value: .text("w"))]))
        return DockerLauncher(options, engine: engine, group: "g", fleet: "f", slots: Slots(slots))
    }

    private static func short(_ line: String) -> String {
        let words = line.split(separator: " ")
        let path = words.count > 1 ? words[1].prefix { $0 != "?" } : ""
        return "\(words.first ?? "") \(path.dropFirst().drop { $0 != "/" })"
    }
}

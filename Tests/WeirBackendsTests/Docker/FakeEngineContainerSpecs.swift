import Synchronization
import Testing
import WeirCore
import WeirRuntime

@testable import WeirBackends

/// What a real engine cannot be made to do at will, and what podman does otherwise.
@Suite("Containers of an engine that answers as it is told to")
struct FakeEngineContainerSpecs: FakeEngineStaging {
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
}

import Synchronization
import Testing
import WeirCore
import WeirRuntime

@testable import WeirBackends

/// What a real engine cannot be made to do at will, and what podman does otherwise.
@Suite("Launching on an engine that answers as it is told to")
struct FakeEngineLaunchSpecs: FakeEngineStaging {
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
}

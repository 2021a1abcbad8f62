import Testing
import WeirCore
import WeirRuntime

@testable import WeirBackends

/// What a real engine cannot be made to do at will, and what podman does otherwise.
@Suite("Versions and events of an engine that answers as it is told to")
struct FakeEngineVersionSpecs: FakeEngineStaging {
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

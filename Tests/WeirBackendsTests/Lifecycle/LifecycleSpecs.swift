import Foundation
import Synchronization
import Testing
import WeirCore
import WeirHTTP
import WeirRuntime

@testable import WeirBackends

/// Programs of the user's that weir runs beside its instances.
@Suite("Hooks, health checks and notifications")
struct LifecycleSpecs {
    private let id = InstanceID("i-0123456789abcdef0")
    private let environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": "/"]

    private func hooks(_ script: String, heartbeat: Duration = .seconds(30)) -> CommandHooks {
        let hook = LifecycleHook(name: "warm", transition: .terminating, heartbeatTimeout: heartbeat, runsCommand: true)
        return CommandHooks([(hook: hook, program: ["sh", "-c", script])], environment: environment)
    }

    // MARK: Hooks

    @Test("a hook's command is told which instance, which group, which hook and which transition")
    func hookIsTold() async throws {
        let folder = try TemporaryFolder()
        let names = "$WEIR_GROUP $WEIR_INSTANCE_ID $WEIR_HOOK $WEIR_LIFECYCLE_TRANSITION $HOME"
        try await hooks("echo \"\(names)\" >\(folder.path)/told").run("warm", for: id, of: "emails")
        #expect(
            folder.lines("told") == ["emails i-0123456789abcdef0 warm autoscaling:EC2_INSTANCE_TERMINATING /"])
    }

    @Test("one that fails says how, with its last words")
    func hookFails() async {
        let failure = await #expect(throws: LauncherFailure.self) {
            try await hooks("echo about to; echo the cache is gone >&2; exit 4").run("warm", for: id, of: "g")
        }
        #expect(failure?.message.contains("4") == true)
        #expect(failure?.message.contains("the cache is gone") == true)
    }

    @Test("one that is called off ends, with all that it started")
    func hookIsCalledOff() async throws {
        let folder = try TemporaryFolder()
        let hooks = hooks("sleep 600 & echo $! >\(folder.path)/child; wait")
        let run = Task { try? await hooks.run("warm", for: id, of: "g") }
        let child = try #require(
            try await eventually { folder.lines("child").first.flatMap { pid_t($0) } }, "it did not start")
        run.cancel()
        _ = await run.value
        #expect(try await eventually { !isAlive(child) })
    }

    @Test("a hook that has no command is no success")
    func noCommand() async {
        await #expect(throws: LauncherFailure.self) { try await hooks("true").run("other", for: id, of: "g") }
    }

    // MARK: Health

    private func checker(_ script: String, timeLimit: Duration = .seconds(10)) -> CommandHealthChecker {
        CommandHealthChecker(
            ["sh", "-c", script], every: .seconds(10), timeLimit: timeLimit, group: "emails",
            launcher: InMemoryLauncher(.init()), environment: environment)
    }

    @Test("a program says by its exit code how an instance is, and by its last words why")
    func commandChecks() async {
        let told = #"test "$WEIR_GROUP $WEIR_INSTANCE_ID $WEIR_INSTANCE_ADDRESS" = "emails \#(id) 127.0.0.1""#
        #expect(await checker(told).check(id) == .healthy)
        guard case .failed(let why) = await checker("echo stuck; exit 1").check(id) else {
            Issue.record("exit code 1 is healthy")
            return
        }
        #expect(why.contains("stuck"))
    }

    @Test("no answer in time is a failed check")
    func slowCheck() async {
        guard case .failed = await checker("sleep 600", timeLimit: .milliseconds(50)).check(id) else {
            Issue.record("a check that never ends is healthy")
            return
        }
    }

    @Test(
        "an instance says by its HTTP status how it is",
        arguments: [(200, true), (204, true), (302, true), (399, true), (400, false), (404, false), (503, false)])
    func httpChecks(_ status: Int, _ healthy: Bool) async throws {
        let server = try TestServer.answering { request in
            #expect(request.line == "GET /healthz HTTP/1.1")
            return "HTTP/1.1 \(status) So\r\nContent-Length: 0\r\n\r\n"
        }
        defer { server.stop() }
        let checker = HTTPHealthChecker(
            scheme: "http", port: server.port, path: "/healthz", every: .seconds(10), timeLimit: .seconds(10),
            launcher: InMemoryLauncher(.init()), http: HTTPClient())
        let result = await checker.check(id)
        #expect((result == .healthy) == healthy)
        if case .failed(let why) = result { #expect(why.contains("\(status)") && why.contains("/healthz")) }
    }

    @Test("where an instance cannot be found, nobody knows how it is")
    func notFound() async {
        let lost = InMemoryLauncher(.init(), refusal: "the engine is away")
        let http = HTTPHealthChecker(
            scheme: "http", port: 1, path: "/", every: .seconds(10), timeLimit: .seconds(10), launcher: lost,
            http: HTTPClient())
        #expect(await http.check(id) == .starting)
        let command = CommandHealthChecker(
            ["false"], every: .seconds(10), timeLimit: .seconds(10), group: "g", launcher: lost,
            environment: environment)
        #expect(await command.check(id) == .starting)
    }

    @Test("nobody there is a failed check, not a starting instance")
    func nobodyThere() async throws {
        let server = try TestServer()
        let port = server.port
        server.stop()
        let checker = HTTPHealthChecker(
            scheme: "http", port: port, path: "/", every: .seconds(10), timeLimit: .seconds(10),
            launcher: InMemoryLauncher(.init()), http: HTTPClient())
        guard case .failed = await checker.check(id) else {
            Issue.record("nobody there is healthy")
            return
        }
    }

    // MARK: Notifications

    private func notification(_ action: AlarmAction) -> AlarmNotification {
        AlarmNotification(
            alarm: "emails-up", from: .ok, to: .alarm, reason: "visible maximum 240 ≥ 100", action: action,
            at: Instant(milliseconds: 1_772_366_400_000))
    }

    @Test("a command is told of the change in its environment")
    func notifies() async throws {
        let folder = try TemporaryFolder()
        let names = "$WEIR_GROUP $WEIR_ALARM $WEIR_ALARM_OLD_STATE $WEIR_ALARM_STATE: $WEIR_ALARM_REASON"
        let notifier = AlarmNotifier(http: HTTPClient(), environment: environment)
        let failure = await notifier.tell(
            notification(.command(["sh", "-c", "echo \"\(names)\" >\(folder.path)/told"])), of: "emails")
        #expect(failure == nil)
        #expect(folder.lines("told") == ["emails emails-up OK ALARM: visible maximum 240 ≥ 100"])
    }

    @Test("an address is told in JSON with CloudWatch's names; a secret in it is resolved, and never shown")
    func posts() async throws {
        let bodies = Received()
        let server = try TestServer.answering { request in
            bodies.add(request.body)
            let isRight = request.line == "POST /secret-word HTTP/1.1"
            return "HTTP/1.1 \(isRight ? 200 : 500) So\r\nContent-Length: 0\r\n\r\n"
        }
        defer { server.stop() }
        let notifier = AlarmNotifier(http: HTTPClient(), environment: ["HOOK": "secret-word", "WRONG": "other-word"])
        #expect(await notifier.tell(notification(.post(url: "\(server.url)/${HOOK}")), of: "emails") == nil)
        let body = try #require(bodies.all.first)
        let fields = try JSONDecoder().decode([String: String].self, from: Data(body.utf8))
        #expect(
            fields == [
                "AlarmName": "emails-up", "OldStateValue": "OK", "NewStateValue": "ALARM",
                "NewStateReason": "visible maximum 240 ≥ 100", "StateChangeTime": "2026-03-01T12:00:00Z",
                "AutoScalingGroupName": "emails",
            ])
        let failure = await notifier.tell(notification(.post(url: "\(server.url)/${WRONG}")), of: "emails")
        #expect(failure?.contains("500") == true && failure?.contains("other-word") == false)
        let userinfo = "http://user:password@" + server.url.dropFirst("http://".count) + "/x?token=abc"
        let written = await notifier.tell(notification(.post(url: userinfo)), of: "emails")
        #expect(written?.contains("password") == false && written?.contains("abc") == false)
        let unresolved = await notifier.tell(notification(.post(url: "\(server.url)/${NOBODY}")), of: "emails")
        #expect(unresolved?.contains("NOBODY") == true)
    }
}

/// What a server was sent, from whichever thread.
private final class Received: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }
    func add(_ line: String) { lines.withLock { $0.append(line) } }
}

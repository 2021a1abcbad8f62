import Foundation
import Glibc
import Testing
import WeirCore
import WeirPolicy

@testable import WeirBackends

@Suite("The command source")
struct CommandSourceSpecs {
    private func source(_ line: String, limit: Duration = .seconds(20), in folder: TemporaryFolder? = nil)
        -> CommandSource
    {
        var values: [Options.Entry] = [.init(name: "shell", value: .text(line))]
        values.append(.init(name: "time_limit", value: .duration(limit)))
        var environment = ["PATH": "/usr/local/bin:/usr/bin:/bin"]
        environment["FOLDER"] = folder?.path
        return CommandSource(options: CommandOptions(Options(values: values)), environment: environment)
    }

    private func missing(_ sentence: String) -> WeirCore.Measurement { .missing(.sourceFailed(sentence)) }

    private let now = Instant(milliseconds: 0)

    @Test("measures what the program prints")
    func measures() async {
        let measurement = await source(#"echo '{"visible": 7, "in_flight": 2}'"#).measure(at: now)
        #expect(measurement.visible == .value(7))
        #expect(measurement.inFlight == .value(2))
        #expect(measurement.delayed == .missing(.notTold))
    }

    @Test("is waited for longer than its own time limit", arguments: [(1, 60), (45, 60), (600, 615)])
    func patience(limit: Int, patience: Int) {
        #expect(source("true", limit: .seconds(limit)).patience == .seconds(patience))
    }

    @Test("a program is run without a shell, and sees weir's variables")
    func program() async {
        let values: [Options.Entry] = [
            .init(name: "program", value: .list([.text("printf"), .text(#"{"visible":%s}"#), .text("5")]))
        ]
        let source = CommandSource(options: CommandOptions(Options(values: values)), environment: [:])
        #expect(await source.measure(at: now).visible == .value(5))
    }

    @Test(
        "what fails is missing, with the reason",
        arguments: [
            ("exit 3", "the command failed with exit code 3"),
            ("echo first >&2; echo 'no such queue' >&2; exit 1", "the command failed with exit code 1: no such queue"),
            (#"echo '{"visible":1}'; exit 1"#, "the command failed with exit code 1"),
            ("kill -KILL $$", "the command was ended by signal 9"),
            ("echo 12", "the output of the command cannot be used: it is not one JSON object"),
            (
                "echo 'warning: old' >&2; echo '{}'",
                "the output of the command cannot be used: it has no 'visible': warning: old"
            ),
            ("printf '\\033[2Jred\\n' >&2; exit 1", "the command failed with exit code 1: [2Jred"),
            ("yes", "the command printed more than 65536 bytes"),
            ("yes >&2", "the command printed more than 65536 bytes"),
        ])
    func reasons(_ line: String, sentence: String) async {
        #expect(await source(line).measure(at: now) == missing(sentence))
    }

    @Test("a program that is not there is missing, with the reason")
    func notThere() async {
        let values: [Options.Entry] = [.init(name: "program", value: .list([.text("no-such-program")]))]
        let source = CommandSource(options: CommandOptions(Options(values: values)), environment: [:])
        #expect(await source.measure(at: now) == missing("could not start no-such-program: No such file or directory"))
    }

    @Test("one that takes too long is killed with all that it started, even when it ignores SIGTERM")
    func timeLimit() async throws {
        let folder = try TemporaryFolder()
        let line = #"trap '' TERM; sleep 600 & echo $! $$ >"$FOLDER/pids"; echo waiting >&2; wait"#
        let measurement = await source(line, limit: .milliseconds(500), in: folder).measure(at: now)
        #expect(measurement == missing("the command took longer than 0.5 seconds: waiting"))
        let pids = folder.lines("pids").flatMap { $0.split(separator: " ") }.compactMap { pid_t($0) }
        #expect(pids.count == 2)
        for pid in pids { #expect(try await eventually { !isAlive(pid) }) }
    }

    @Test("its answer is taken when it ends, and what it left running is killed")
    func leftRunning() async throws {
        let folder = try TemporaryFolder()
        let line = #"sleep 600 & echo $! >"$FOLDER/pid"; echo '{"visible":4}'"#
        let began = ContinuousClock.now
        #expect(await source(line, in: folder).measure(at: now).visible == .value(4))
        #expect(ContinuousClock.now - began < .seconds(60))
        let pid = try #require(pid_t(folder.lines("pid").first ?? ""))
        #expect(try await eventually { !isAlive(pid) })
    }

    @Test("being cancelled is prompt, and kills it")
    func cancelled() async throws {
        let folder = try TemporaryFolder()
        let source = source(#"echo $$ >"$FOLDER/pid"; exec sleep 600"#, limit: .seconds(600), in: folder)
        let measuring = Task { await source.measure(at: now) }
        let pid = try #require(try await eventually { pid_t(folder.lines("pid").first ?? "") })
        let began = ContinuousClock.now
        measuring.cancel()
        #expect(await measuring.value == missing("the measurement was cancelled"))
        #expect(ContinuousClock.now - began < .seconds(60))
        #expect(try await eventually { !isAlive(pid) })
    }

    @Test(
        "a program whose end nobody saw is missing, whatever it printed, and no group is signalled for it",
        arguments: [#"echo '{"visible":0}'; exit 1"#, #"echo '{"visible":3}'"#])
    func endNotSeen(_ line: String) async {
        // Then the kernel reaps children by itself.
        signal(SIGCHLD, SIG_IGN)
        defer { signal(SIGCHLD, SIG_DFL) }
        #expect(await source(line).measure(at: now) == missing("nobody saw how the command ended"))
    }

    @Test("runs at most one at a time")
    func oneAtATime() async throws {
        let folder = try TemporaryFolder()
        let source = source(
            #"echo x >>"$FOLDER/runs"; while ! [ -e "$FOLDER/go" ]; do sleep 0.01; done; echo '{"visible":1}'"#,
            in: folder)
        let first = Task { await source.measure(at: now) }
        #expect(try await eventually { folder.lines("runs").count == 1 })
        #expect(await source.measure(at: now) == missing("the command before this one has not ended yet"))
        try "".write(toFile: "\(folder.path)/go", atomically: true, encoding: .utf8)
        #expect(await first.value.visible == .value(1))
        #expect(folder.lines("runs").count == 1)
        #expect(try await eventually { await source.measure(at: now).visible == .value(1) })
    }

    @Test("who has its answer may ask again at once")
    func againAtOnce() async {
        let source = source(#"echo '{"visible":1}'"#)
        for _ in 0..<200 { #expect(await source.measure(at: now).visible == .value(1)) }
    }

    @Test("leaves no zombie and no open descriptor behind")
    func leavesNothing() async throws {
        let source = source("echo $$ >&2; exit 1")
        _ = await source.measure(at: now)
        guard case .missing(.sourceFailed(let sentence)) = await source.measure(at: now).visible else {
            Issue.record("it did not fail")
            return
        }
        let pid = try #require(pid_t(sentence.split(separator: " ").last ?? ""))
        #expect(try await eventually { kill(pid, 0) != 0 })
    }
}

@Suite("The options of the command source")
struct CommandOptionsSpecs {
    @Test(
        "one command, and not an empty one",
        arguments: [
            ([], "there is no command to run"),
            ([.init(name: "shell", value: .text("  "))], "there is no command to run"),
            ([.init(name: "program", value: .list([.text("")]))], "'program' names no program"),
            (
                [.init(name: "shell", value: .text("x")), .init(name: "program", value: .list([.text("x")]))],
                "there are two commands: 'shell' and 'program'"
            ),
        ] as [([Options.Entry], String)])
    func mistakes(_ values: [Options.Entry], message: String) {
        #expect(CommandOptions.section.check(Options(values: values)).map(\.message) == [message])
    }

    @Test("a right one is right")
    func right() {
        let values: [Options.Entry] = [.init(name: "program", value: .list([.text("./depth"), .text("a b")]))]
        #expect(CommandOptions.section.check(Options(values: values)).isEmpty)
        let options = CommandOptions(Options(values: values))
        #expect(options.program == ["./depth", "a b"])
        #expect(options.timeLimit == .seconds(10))
    }
}

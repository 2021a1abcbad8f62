import Foundation
import Glibc
import Testing
import WeirCore
import WeirRuntime

@testable import WeirBackends

@Suite("The start of a process")
struct ProcessStartSpecs {
    @Test("its arguments arrive as they are, whatever they hold")
    func strangeArguments() async throws {
        let arguments = [
            "two words", "", "it's", "\"quoted\"", "$HOME ${PATH} $(id) `id`", "a\nb", "*", "\\n", "-e", "; exit 1",
            "ü 🐟", "--",
        ]
        let subject = try ProcessSubject(
            command: ["sh", "-c", #"printf '%s\0' "$@" >"$STARTS/arguments""#, "sh"] + arguments)
        let (_, id) = try await subject.launched()
        #expect(try await subject.exit(of: id) == Exit(code: 0))
        let seen = (subject.folder.text("arguments") ?? "").split(separator: "\0", omittingEmptySubsequences: false)
        #expect(seen.dropLast().map(String.init) == arguments)
    }

    @Test("variables arrive as they are, and none of the supervisor's are among them")
    func strangeVariables() async throws {
        var subject = try ProcessSubject(#"tr '\0' '\1' </proc/self/environ >"$STARTS/variables""#)
        subject.inherited = ["PATH": "/usr/bin:/bin"]
        subject.options.environment.append((name: "STRANGE", value: "$(id) 'a' \"b\"\nc=d"))
        let (_, id) = try await subject.launched()
        #expect(try await subject.exit(of: id)?.code == 0)
        let variables = (subject.folder.text("variables") ?? "").split(separator: "\u{1}").map(String.init)
        // The shells add where they are.
        #expect(
            variables.filter { !$0.hasPrefix("PWD=") && !$0.hasPrefix("OLDPWD=") }.sorted() == [
                "PATH=/usr/bin:/bin", "STARTS=\(subject.folder.path)", "STRANGE=$(id) 'a' \"b\"\nc=d",
                "WEIR_GROUP=contract",
                "WEIR_INSTANCE_ID=\(id)",
            ])
    }

    @Test("it gets the lock and none of weir's other descriptors")
    func descriptors() async throws {
        let forgotten = open("/dev/null", O_RDONLY)
        defer { close(forgotten) }
        let subject = try ProcessSubject(
            #"cd "/proc/$$/fd"; for n in $(seq 0 80); do if [ -e $n ]; then echo "$n $(readlink $n)"; fi; done"#)
        let (_, id) = try await subject.launched()
        let folder = subject.instanceFolder(id)
        let lines = try await subject.exit(of: id)?.logTail
        #expect(lines == ["0 /dev/null", "1 \(folder.log)", "2 \(folder.log)", "9 \(folder.lock)"])
    }

    @Test("no signal is ignored or blocked, whatever weir does about signals")
    func signals() async throws {
        signal(SIGUSR2, SIG_IGN)
        defer { signal(SIGUSR2, SIG_DFL) }
        let subject = try ProcessSubject(command: ["grep", "-E", "SigBlk|SigIgn", "/proc/self/status"])
        let (_, id) = try await subject.launched()
        let masks = try #require(try await subject.exit(of: id)).logTail.compactMap { line in
            UInt64(line.split(separator: "\t").last ?? "", radix: 16)
        }
        // Signals 32 and 33 are the C library's own, and it always ignores them in what it starts.
        #expect(masks.map { $0 & ~(0b11 << 31) } == [0, 0])
    }

    @Test("it leads no group of weir's: its session is its own")
    func session() async throws {
        let subject = try ProcessSubject()
        let (launcher, id) = try await subject.launched()
        let group = try #require(subject.instanceFolder(id).processGroup)
        #expect(getsid(group.id) == group.id)
        #expect(group.id != getpgrp())
        try await launcher.terminate(id, stopTimeout: .seconds(10))
    }

    struct Limit: Sendable, CustomTestStringConvertible {
        var script: String
        var prints: [String]
        var change: @Sendable (inout ProcessOptions) -> Void
        var because: String
        var testDescription: String { because }
    }

    @Test(
        "its limits hold",
        arguments: [
            Limit(
                script: "ulimit -v", prints: ["262144"], change: { $0.memoryBytes = 256 << 20 },
                because: "memory is address space, in KiB"),
            Limit(
                script: "ulimit -t", prints: ["2"], change: { $0.cpuTime = .milliseconds(1500) },
                because: "processor time is counted in whole seconds"),
            Limit(script: "ulimit -n", prints: ["64"], change: { $0.openFiles = 64 }, because: "open files"),
            Limit(script: "nice", prints: ["5"], change: { $0.niceness = 5 }, because: "niceness"),
            Limit(script: "pwd", prints: ["/usr"], change: { $0.workingDirectory = "/usr" }, because: "where it runs"),
            Limit(
                script: "exec ./env echo here", prints: ["here"], change: { $0.workingDirectory = "/usr/bin" },
                because: "a path is relative to where it runs"),
        ])
    func limits(_ limit: Limit) async throws {
        let subject = try ProcessSubject(limit.script).with(limit.change)
        let (_, id) = try await subject.launched()
        #expect(try await subject.exit(of: id) == Exit(code: 0, logTail: limit.prints))
    }

    @Test("who wants more memory than its limit does not get it")
    func memoryLimit() async throws {
        let subject = try ProcessSubject("exec dd if=/dev/zero of=/dev/null bs=128M count=1").with {
            $0.memoryBytes = 64 << 20
        }
        let (_, id) = try await subject.launched()
        let exit = try #require(try await subject.exit(of: id))
        #expect(exit.code == 1)
        #expect(exit.logTail.joined().contains("memory exhausted"))
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        var command: [String]
        var workingDirectory: String?
        var sentence: String
        var testDescription: String { sentence }
    }

    @Test(
        "is refused with its cause, and leaves nothing behind",
        arguments: [
            Refusal(
                command: ["no-such-program"],
                sentence: "was not started: there is no program 'no-such-program' that may be run in any folder of PATH"
            ),
            Refusal(command: ["./run"], sentence: "was not started: there is no program './run' that may be run"),
            Refusal(
                command: ["/etc/passwd"], sentence: "was not started: there is no program '/etc/passwd' that may be run"
            ),
            Refusal(
                command: ["true"], workingDirectory: "/nowhere",
                sentence: "was not started: its working_directory /nowhere is not a folder"),
            Refusal(
                command: ["echo", "a\0b"],
                sentence: "was not started: its command holds a zero byte, which no program can be given"),
        ])
    func refusals(_ row: Refusal) async throws {
        let subject = try ProcessSubject(command: row.command).with { $0.workingDirectory = row.workingDirectory }
        let launcher = try subject.launcher(subject.options)
        let id = InstanceID.fresh()
        await #expect(throws: LauncherFailure("\(id) \(row.sentence)", retryHelps: false)) {
            try await launcher.launch(LaunchOrder(instance: id, group: "contract"))
        }
        #expect(try await launcher.list().isEmpty)
        #expect(!Files.exists(subject.instanceFolder(id).path))
    }

    @Test("an id that is no name for a folder is refused", arguments: ["", "../i-1", "i-1/2", "j-1", "i-ü"])
    func strangeIDs(_ text: String) async throws {
        let subject = try ProcessSubject()
        let launcher = try subject.launcher(subject.options)
        await #expect(throws: LauncherFailure.self) {
            try await launcher.launch(LaunchOrder(instance: InstanceID(text), group: "contract"))
        }
    }

    @Test("a launch that was cut short before it began is begun when it is asked for again")
    func cutShort() async throws {
        let subject = try ProcessSubject()
        let launcher = try subject.launcher(subject.options)
        let id = InstanceID.fresh()
        let folder = subject.instanceFolder(id)
        try Files.makeFolder(folder.path)
        _ = try Descriptor.open(folder.lock, O_RDWR | O_CREAT)
        #expect(try await launcher.list().isEmpty)
        try await launcher.launch(LaunchOrder(instance: id, group: "contract"))
        #expect(try await eventually { try await subject.starts(of: id) == 1 })
        try await launcher.terminate(id, stopTimeout: .seconds(10))
    }

    @Test("a launch that was cut short after it began has ended, and is not begun again")
    func cutShortLater() async throws {
        let subject = try ProcessSubject()
        let launcher = try subject.launcher(subject.options)
        let id = InstanceID.fresh()
        let folder = subject.instanceFolder(id)
        try Files.makeFolder(folder.path)
        #expect(try folder.markOnce(folder.started))
        try await launcher.launch(LaunchOrder(instance: id, group: "contract"))
        #expect(try await launcher.list() == [ListedInstance(id: id, phase: .exited(Exit(code: nil)))])
        try await launcher.terminate(id, stopTimeout: .seconds(10))
        try await launcher.remove(id)
        #expect(try await launcher.list().isEmpty)
        #expect(try await subject.starts(of: id) == 0)
    }
}

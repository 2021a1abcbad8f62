import Foundation
import Testing
import WeirCore
import WeirRuntime

@testable import WeirBackends

@Suite("The log of a process")
struct ProcessLogSpecs {
    struct Row: Sendable, CustomTestStringConvertible {
        var script: String
        var tail: [String]
        var because: String
        var testDescription: String { because }
    }

    @Test(
        "its last lines are told with its end",
        arguments: [
            Row(script: ":", tail: [], because: "it said nothing"),
            Row(
                script: "echo out; echo err >&2; printf end", tail: ["out", "err", "end"],
                because: "both outputs, in order"),
            Row(script: "seq 1 100", tail: (81...100).map(String.init), because: "twenty lines"),
            Row(
                script: #"printf 'a\033[2Jb\r\nc\n\nd'"#, tail: ["a[2Jb", "c", "d"],
                because: "nothing that moves a cursor"),
            Row(
                script: "head -c 100000 /dev/zero | tr '\\0' x; echo; echo last", tail: ["last"],
                because: "a line that was cut in two is left out"),
            Row(
                script: "head -c 100000 /dev/zero | tr '\\0' x", tail: [String(repeating: "x", count: 4096)],
                because: "unless there is no other"),
        ])
    func tail(_ row: Row) async throws {
        let subject = try ProcessSubject(row.script)
        let (_, id) = try await subject.launched()
        #expect(try await subject.exit(of: id) == Exit(code: 0, logTail: row.tail))
    }

    @Test("a log that grows too large is cut down to its end, and goes on")
    func capped() async throws {
        let subject = try ProcessSubject(
            #"""
            yes 'a line of a log' | head -c 12000000; echo first-end; echo x >"$STARTS/written"
            while ! [ -e "$STARTS/go" ]; do sleep 0.01; done; echo second-end
            """#)
        let (launcher, id) = try await subject.launched()
        #expect(try await eventually(within: .seconds(30)) { subject.folder.text("written") != nil })
        let log = subject.instanceFolder(id).log
        #expect((Files.sizeBytes(of: log) ?? 0) > ProcessLimits.logBytes)
        _ = try await launcher.list()
        #expect((Files.sizeBytes(of: log) ?? .max) <= ProcessLimits.logKeptBytes)
        let kept = String(decoding: Files.start(of: log, limit: 100) ?? [], as: UTF8.self)
        #expect(kept.hasPrefix("a line of a log\n"))
        try "".write(toFile: "\(subject.folder.path)/go", atomically: true, encoding: .utf8)
        #expect(try await subject.exit(of: id)?.logTail.suffix(2) == ["first-end", "second-end"])
    }

    @Test("a dry run does not even cut a log")
    func listerOnlyReads() async throws {
        let subject = try ProcessSubject("yes 'a line of a log' | head -c 12000000")
        let (_, id) = try await subject.launched()
        _ = try await subject.exit(of: id)
        let before = Files.sizeBytes(of: subject.instanceFolder(id).log)
        _ = try await subject.phase(of: id)
        #expect(before == 12_000_000)
        #expect(Files.sizeBytes(of: subject.instanceFolder(id).log) == before)
    }

    @Test("is kept when the instance is removed, for the last twenty instances")
    func archived() async throws {
        let subject = try ProcessSubject(#"echo "$WEIR_INSTANCE_ID""#)
        let launcher = try subject.launcher(subject.options)
        var ids: [InstanceID] = []
        for _ in 0..<(ProcessLimits.logsKept + 2) {
            let id = InstanceID.fresh()
            try await launcher.launch(LaunchOrder(instance: id, group: "contract"))
            #expect(try await subject.exit(of: id)?.code == 0)
            try await launcher.remove(id)
            ids.append(id)
        }
        let kept = try Files.names(in: subject.logs)
        #expect(kept == ids.suffix(ProcessLimits.logsKept).map { "\($0).log" }.sorted())
        let last = try #require(ids.last)
        #expect(try String(contentsOfFile: "\(subject.logs)/\(last).log", encoding: .utf8) == "\(last)\n")
    }
}

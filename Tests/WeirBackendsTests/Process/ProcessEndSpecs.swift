import Foundation
import Glibc
import Testing
import WeirCore
import WeirRuntime

@testable import WeirBackends

@Suite("The end of a process")
struct ProcessEndSpecs {
    struct Row: Sendable, CustomTestStringConvertible {
        var script: String
        var code: Int?
        var because: String
        var testDescription: String { because }
    }

    @Test(
        "is told with its exit code",
        arguments: [
            Row(script: "exit 0", code: 0, because: "it was content"),
            Row(script: "exit 3", code: 3, because: "it was not"),
            Row(script: "kill -KILL $$", code: 137, because: "a signal ended it: 128 + 9"),
            Row(script: "kill -TERM $$", code: 143, because: "somebody else told it to stop: 128 + 15"),
            Row(script: "exec ./nothing-here", code: 127, because: "what it wanted to be is not there"),
            Row(script: "kill -KILL $PPID; kill -KILL $$", code: nil, because: "nobody was left to see it"),
        ])
    func exitCode(_ row: Row) async throws {
        let subject = try ProcessSubject(row.script)
        let (_, id) = try await subject.launched()
        let exit = try #require(try await subject.exit(of: id))
        #expect(exit.code == row.code)
        #expect(!exit.outOfMemory)
    }

    @Test("a worker that finishes on SIGTERM ends with its own code")
    func politeEnd() async throws {
        let subject = try ProcessSubject(
            #"trap 'echo good-bye; exit 7' TERM; echo ready >"$STARTS/ready"; while :; do sleep 0.02; done"#)
        let (launcher, id) = try await subject.launched()
        #expect(try await eventually { subject.folder.text("ready") != nil })
        try await launcher.terminate(id, stopTimeout: .seconds(10))
        let exit = try await subject.exit(of: id)
        #expect(exit?.code == 7)
        #expect(exit?.logTail.contains("good-bye") == true)
    }

    @Test("a worker that ignores SIGTERM gets its stop timeout and then SIGKILL")
    func killedAfterTheStopTimeout() async throws {
        let subject = try ProcessSubject(
            #"trap '' TERM; echo ready >"$STARTS/ready"; while :; do sleep 0.02; done"#)
        let (launcher, id) = try await subject.launched()
        #expect(try await eventually { subject.folder.text("ready") != nil })
        let began = ContinuousClock.now
        try await launcher.terminate(id, stopTimeout: .milliseconds(300))
        #expect(ContinuousClock.now - began >= .milliseconds(300))
        #expect(try await subject.phase(of: id) == .exited(Exit(code: 137)))
        #expect(try subject.instanceFolder(id).processGroup?.signal(0) == false)
    }

    @Test("SIGTERM reaches a worker that was stopped")
    func stoppedWorker() async throws {
        let subject = try ProcessSubject()
        let (launcher, id) = try await subject.launched()
        let group = try #require(subject.instanceFolder(id).processGroup)
        #expect(try group.signal(SIGSTOP))
        try await launcher.terminate(id, stopTimeout: .seconds(30))
        #expect(try await subject.exit(of: id)?.code == 143)
    }

    @Test("children end with it, also those that ignore SIGTERM and have let go of the lock")
    func childrenEnd() async throws {
        let subject = try ProcessSubject(
            #"""
            sh -c 'trap "" TERM; exec 9>&-; echo $$ >>"$STARTS/children"; while :; do sleep 0.02; done' &
            sh -c 'exec 9>&-; echo $$ >>"$STARTS/children"; exec sleep 600' &
            wait
            """#)
        let (launcher, id) = try await subject.launched()
        #expect(try await eventually { subject.folder.lines("children").count == 2 })
        try await launcher.terminate(id, stopTimeout: .seconds(10))
        for child in subject.folder.lines("children").compactMap(pid_t.init) {
            #expect(try await eventually { !isAlive(child) })
        }
    }

    @Test("children that a worker leaves behind end with it")
    func leftBehind() async throws {
        let subject = try ProcessSubject(#"sleep 600 & echo $! >"$STARTS/child"; exit 0"#)
        let (_, id) = try await subject.launched()
        #expect(try await subject.exit(of: id)?.code == 0)
        let child = try #require(pid_t(subject.folder.lines("child").first ?? ""))
        #expect(try await eventually { !isAlive(child) })
    }

    @Test("without its supervisor a worker is still seen, and ended with its children")
    func supervisorKilled() async throws {
        let subject = try ProcessSubject(
            #"sh -c 'trap "" TERM; exec 9>&-; echo $$ >"$STARTS/child"; while :; do sleep 0.02; done' & exec sleep 600"#
        )
        let (launcher, id) = try await subject.launched()
        #expect(try await eventually { !subject.folder.lines("child").isEmpty })
        let supervisor = try #require(subject.instanceFolder(id).processGroup).id
        kill(supervisor, SIGKILL)
        #expect(try await eventually { !isAlive(supervisor) })
        #expect(try await launcher.list() == [ListedInstance(id: id, phase: .running)])
        try await launcher.terminate(id, stopTimeout: .seconds(10))
        guard case .exited = try await subject.phase(of: id) else {
            Issue.record("it has not ended")
            return
        }
        let child = try #require(pid_t(subject.folder.lines("child").first ?? ""))
        #expect(try await eventually { !isAlive(child) })
    }

    @Test("SIGTERM is sent once, also when weir restarts while it waits")
    func oneTerm() async throws {
        let subject = try ProcessSubject(
            #"trap 'echo x >>"$STARTS/terms"' TERM; echo ready >"$STARTS/ready"; while :; do sleep 0.02; done"#)
        let (launcher, id) = try await subject.launched()
        #expect(try await eventually { subject.folder.text("ready") != nil })
        let waiting = Task { try await launcher.terminate(id, stopTimeout: .seconds(600)) }
        #expect(try await eventually { subject.folder.lines("terms").count == 1 })
        waiting.cancel()
        let interruption = await #expect(throws: LauncherFailure.self) { try await waiting.value }
        #expect(interruption?.retryHelps == true)
        try await subject.launcher().terminate(id, stopTimeout: .milliseconds(200))
        #expect(subject.folder.lines("terms").count == 1)
        #expect(try await subject.exit(of: id)?.code == 137)
    }

    @Test("a group number that the system gave to somebody else is left alone")
    func reusedNumber() async throws {
        let subject = try ProcessSubject("exit 0")
        let (launcher, id) = try await subject.launched()
        _ = try await subject.exit(of: id)
        let stranger = try ProcessBystander(InstanceID.fresh())
        try "\(stranger.pid)\n".write(toFile: subject.instanceFolder(id).group, atomically: true, encoding: .utf8)
        try await launcher.terminate(id, stopTimeout: .zero)
        try await launcher.remove(id)
        #expect(try await stranger.isUntouched())
        try await stranger.end()
    }

    @Test(
        "is told within a quarter of a second, however it ended",
        arguments: ["exit 3", "kill -KILL $PPID; kill -KILL $$"])
    func toldSoon(_ end: String) async throws {
        // What is promised is weir's own delay. A machine busy with other things may add to one try, but not to each.
        var delays: [Int] = []
        while delays.count < 8, delays.min() ?? .max >= 250_000_000 { delays.append(try await delay(ofBeingTold: end)) }
        #expect((delays.min() ?? .max) < 250_000_000, "in nanoseconds: \(delays)")
    }

    private func delay(ofBeingTold end: String) async throws -> Int {
        let subject = try ProcessSubject(
            #"while ! [ -e "$STARTS/go" ]; do sleep 0.01; done; date +%s%N >"$STARTS/end"; "# + end)
        let (launcher, id) = try await subject.launched()
        var changes = launcher.changes().makeAsyncIterator()
        try "".write(toFile: "\(subject.folder.path)/go", atomically: true, encoding: .utf8)
        while case .running? = try await subject.phase(of: id) { await changes.next() }
        let now = nanosecondsNow()
        return now - (try #require(Int(subject.folder.lines("end").first ?? "")))
    }
}

private func nanosecondsNow() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
}

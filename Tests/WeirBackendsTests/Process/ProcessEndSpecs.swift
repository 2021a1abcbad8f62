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

    // MARK: What left the session

    /// A worker that ignores SIGTERM and starts something that leaves its session with the lock still open.
    private static let leaver = #"""
        trap '' TERM
        setsid sh -c 'echo $$ >"$STARTS/stray"; exec sleep 600' &
        while :; do sleep 0.02; done
        """#

    private func stray(_ subject: ProcessSubject) async throws -> pid_t {
        try #require(try await eventually { subject.folder.lines("stray").first.flatMap { pid_t($0) } })
    }

    @Test("one that was killed from outside has ended, whatever else left its session and holds the lock")
    func killedBeside() async throws {
        let subject = try ProcessSubject(Self.leaver)
        let (launcher, id) = try await subject.launched()
        let stray = try await stray(subject)
        let group = try #require(subject.instanceFolder(id).processGroup).id
        kill(-group, SIGKILL)
        let ended = [ListedInstance(id: id, phase: .exited(Exit(code: nil)))]
        #expect(try await eventually(within: .seconds(10)) { try await launcher.list() == ended })
        #expect(isAlive(stray), "it is no longer part of the instance")
        // Nor is it in the way of what follows.
        try await launcher.terminate(id, stopTimeout: .seconds(10))
        try await launcher.remove(id)
        #expect(try await launcher.list().isEmpty)
        #expect(isAlive(stray))
        kill(stray, SIGKILL)
    }

    @Test("one that has to be killed is seen to end, whatever else left its session and holds the lock")
    func terminatedBeside() async throws {
        let subject = try ProcessSubject(Self.leaver)
        let (launcher, id) = try await subject.launched()
        let stray = try await stray(subject)
        let began = ContinuousClock.now
        try await launcher.terminate(id, stopTimeout: .milliseconds(100))
        #expect(ContinuousClock.now - began < ProcessLimits.killTime)
        #expect(try await subject.phase(of: id) == .exited(Exit(code: 137)))
        #expect(isAlive(stray))
        kill(stray, SIGKILL)
    }

    @Test("a group number that the system gave to somebody else keeps nobody in service")
    func reusedNumberBeside() async throws {
        let subject = try ProcessSubject(Self.leaver)
        let (_, id) = try await subject.launched()
        let stray = try await stray(subject)
        kill(-(try #require(subject.instanceFolder(id).processGroup).id), SIGKILL)
        let stranger = try ProcessBystander(InstanceID.fresh())
        try "\(stranger.pid)\n".write(toFile: subject.instanceFolder(id).group, atomically: true, encoding: .utf8)
        #expect(try await subject.phase(of: id) == .exited(Exit(code: nil)))
        #expect(try await stranger.isUntouched())
        try await stranger.end()
        kill(stray, SIGKILL)
    }

    @Test("without its supervisor a worker that hides its variables is still seen, by the lock that it holds")
    func hiddenVariables() async throws {
        let subject = try ProcessSubject("exec env -i sleep 600")
        let (launcher, id) = try await subject.launched()
        let group = try #require(subject.instanceFolder(id).processGroup)
        // `launched` returns when the supervisor runs; the worker is what has forgotten its id.
        #expect(try await eventually { members(of: group.id).contains { $0 != group.id && isBare($0) } })
        kill(group.id, SIGKILL)
        #expect(try await eventually { !isAlive(group.id) })
        #expect(try await launcher.list() == [ListedInstance(id: id, phase: .running)])
        try await launcher.terminate(id, stopTimeout: .seconds(10))
        #expect(try await eventually { members(of: group.id).isEmpty })
    }

    // MARK: How it is told to stop

    @Test("who was not sent SIGTERM is not marked as asked, so that the next weir sends it")
    func markedAfterwards() async throws {
        let subject = try ProcessSubject()
        let (id, launcher) = (InstanceID.fresh(), try subject.launcher(subject.options))
        // A supervisor that has not yet written which group it is: it lives, and nobody can signal it.
        let folder = subject.instanceFolder(id)
        try Files.makeFolder(folder.path)
        let lock = try Descriptor.open(folder.lock, O_RDWR | O_CREAT)
        #expect(try FileLock.take(lock))
        #expect(try folder.markOnce(folder.started))
        let waiting = Task { try await launcher.terminate(id, stopTimeout: .seconds(600)) }
        try await Task.sleep(for: .milliseconds(100))
        waiting.cancel()
        await #expect(throws: LauncherFailure.self) { try await waiting.value }
        #expect(!Files.exists(folder.stopping))
        withExtendedLifetime(lock) {}
    }

    @Test("the stop timeout counts from SIGTERM, however often weir restarts or tries again meanwhile")
    func timeoutGoesOn() async throws {
        let subject = try ProcessSubject(
            #"trap 'echo x >>"$STARTS/terms"' TERM; echo ready >"$STARTS/ready"; while :; do sleep 0.02; done"#)
        let (launcher, id) = try await subject.launched()
        #expect(try await eventually { subject.folder.text("ready") != nil })
        let waiting = Task { try await launcher.terminate(id, stopTimeout: .seconds(600)) }
        let stopping = subject.instanceFolder(id).stopping
        #expect(try await eventually { subject.folder.lines("terms").count == 1 && Files.exists(stopping) })
        waiting.cancel()
        await #expect(throws: LauncherFailure.self) { try await waiting.value }
        // Ten minutes later.
        let then = Date(timeIntervalSinceNow: -600)
        try FileManager.default.setAttributes([.modificationDate: then], ofItemAtPath: stopping)
        let next = try subject.launcher(subject.options)
        let hasEnded: Void? = await withTimeLimit(.seconds(60)) {
            await #expect(throws: Never.self) { try await next.terminate(id, stopTimeout: .seconds(600)) }
        }
        #expect(hasEnded != nil)
        #expect(try await subject.exit(of: id)?.code == 137)
        #expect(subject.folder.lines("terms").count == 1)
    }

    @Test("SIGTERM is sent once, also when two end it together and when weir restarts while it waits")
    func oneTerm() async throws {
        let subject = try ProcessSubject(
            #"trap 'echo x >>"$STARTS/terms"' TERM; echo ready >"$STARTS/ready"; while :; do sleep 0.02; done"#)
        let (launcher, id) = try await subject.launched()
        #expect(try await eventually { subject.folder.text("ready") != nil })
        let waiting = (0..<2).map { _ in Task { try await launcher.terminate(id, stopTimeout: .seconds(600)) } }
        #expect(try await eventually { subject.folder.lines("terms").count == 1 })
        // The second one has had its turn as well by now.
        try await Task.sleep(for: .milliseconds(50))
        for one in waiting {
            one.cancel()
            let interruption = await #expect(throws: LauncherFailure.self) { try await one.value }
            #expect(interruption?.retryHelps == true)
        }
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

/// Live processes of a group.
private func members(of group: pid_t) -> [pid_t] {
    ((try? Files.names(in: "/proc")) ?? []).compactMap { pid_t($0) }.filter { getpgid($0) == group && isAlive($0) }
}

/// It runs another program than a shell, with hardly a variable.
private func isBare(_ pid: pid_t) -> Bool {
    Files.start(of: "/proc/\(pid)/environ", limit: 1024)?.isEmpty == true
}

private func nanosecondsNow() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
}

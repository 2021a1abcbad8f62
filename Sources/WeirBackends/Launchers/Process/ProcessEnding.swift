import Glibc
import Synchronization
import WeirCore
import WeirRuntime

/// The end of one instance: SIGTERM to its whole group, SIGKILL after the stop timeout, and then nothing is left of it.
struct ProcessEnding: Sendable {
    let folder: InstanceFolder
    let stopTimeout: Duration

    private enum Step: Equatable {
        /// To be sent SIGTERM as soon as its group is known.
        case asking(until: ContinuousClock.Instant)
        case waiting(until: ContinuousClock.Instant)
        case killing(until: ContinuousClock.Instant)
    }

    /// Taken by who looks whether SIGTERM was sent, sends it, and writes that down: two who end the same instance, also
    /// through launchers of two policies, must not both send it. Nobody holds it for longer than that takes.
    private static let turn = Mutex(())

    /// Returns when it has ended. Called again, also after a restart of weir, it goes on waiting for what is left of the
    /// stop timeout: SIGTERM is sent once, because many programs take a second one for "at once".
    func run() async throws(ProcessFailure) {
        let begin = ContinuousClock.now
        guard try await asking({ () throws(SystemFailure) in try folder.phase() }) != nil else { return }
        var step: Step = .asking(until: begin + stopTimeout)
        while try await !asking({ () throws(SystemFailure) in try hasEnded() }) {
            let next = try next(step)
            step = try await asking { () throws(SystemFailure) in try perform(next) }
            try await pause(since: begin)
        }
        if case .killing = step { try await asking { () throws(SystemFailure) in try noteKill() } }
    }

    private func asking<Value: Sendable>(
        _ work: @escaping @Sendable () throws(SystemFailure) -> Value
    ) async throws(ProcessFailure) -> Value {
        do {
            return try await offTask(work)
        } catch {
            throw .system(folder.id, error)
        }
    }

    private func next(_ step: Step) throws(ProcessFailure) -> Step {
        let now = ContinuousClock.now
        switch step {
        case .asking(let end), .waiting(let end):
            return now < end ? step : .killing(until: now + ProcessLimits.killTime)
        case .killing(let end):
            guard now < end else { throw .doesNotEnd(folder.id) }
            return step
        }
    }

    /// - Returns: the step that follows.
    private func perform(_ step: Step) throws(SystemFailure) -> Step {
        switch step {
        case .asking:
            let asked = try Self.turn.withLock { _ throws(SystemFailure) in try ask() }
            return asked.map { .waiting(until: .now + max(.zero, stopTimeout - $0)) } ?? step
        case .waiting:
            return step
        case .killing:
            _ = try folder.processGroup?.signal(SIGKILL)
            return step
        }
    }

    /// Sends SIGTERM, unless that was done before. It is written down afterwards: a weir that is killed in between sends
    /// it a second time, which is better than never.
    /// - Returns: how long ago it was sent; nil when there is nobody to send it to yet.
    private func ask() throws(SystemFailure) -> Duration? {
        if let age = Files.age(of: folder.stopping) { return age }
        guard let group = folder.processGroup, try group.signal(SIGTERM) else { return nil }
        // A process that is stopped sees no other signal before this one.
        _ = try group.signal(SIGCONT)
        // It is sent, and a full disk is no reason not to wait for what follows.
        _ = try? folder.markOnce(folder.stopping)
        return .zero
    }

    /// Whether nothing is left of it. What it has left over in its group, because the supervisor was killed before it
    /// could clear up, is killed.
    private func hasEnded() throws(SystemFailure) -> Bool {
        switch try folder.phase() {
        case .starting, .running, .paused: return false
        case .exited, nil: break
        }
        guard let group = folder.processGroup else { return true }
        return try !group.signal(SIGKILL)
    }

    /// SIGKILL took the supervisor as well, so that it could not write down how the instance ended.
    private func noteKill() throws(SystemFailure) {
        guard !Files.exists(folder.exit) else { return }
        let file = try Descriptor.open(folder.exit, O_WRONLY | O_CREAT)
        try file.write("\(128 + SIGKILL)\n".utf8)
    }

    private func pause(since begin: ContinuousClock.Instant) async throws(ProcessFailure) {
        let quick = ContinuousClock.now < begin + ProcessLimits.quickEndTime
        do {
            try await Task.sleep(for: quick ? ProcessLimits.endCheckInterval : ProcessLimits.slowEndCheckInterval)
        } catch {
            throw .waitCancelled(folder.id)
        }
    }
}

import Glibc
import WeirCore
import WeirRuntime

/// The end of one instance: SIGTERM to its whole group, SIGKILL after the stop timeout, and then nothing is left of it.
struct ProcessEnding: Sendable {
    let folder: InstanceFolder
    let stopTimeout: Duration

    private enum Step: Equatable {
        /// To be sent SIGTERM as soon as its group is known.
        case asking
        case waiting
        case killing(since: ContinuousClock.Instant)
    }

    /// Returns when it has ended. Called again, also after a restart of weir, it goes on waiting: SIGTERM is sent once,
    /// because many programs take a second one for "at once".
    func run() async throws(ProcessFailure) {
        let begin = ContinuousClock.now
        guard try await asking({ () throws(SystemFailure) in try folder.phase() }) != nil else { return }
        let first = try await asking { () throws(SystemFailure) in try folder.markOnce(folder.stopping) }
        var step: Step = first ? .asking : .waiting
        while try await !asking({ () throws(SystemFailure) in try hasEnded() }) {
            let next = try next(step, since: begin)
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

    private func next(_ step: Step, since begin: ContinuousClock.Instant) throws(ProcessFailure) -> Step {
        let now = ContinuousClock.now
        switch step {
        case .asking, .waiting:
            return now < begin + stopTimeout ? step : .killing(since: now)
        case .killing(let since):
            guard now < since + ProcessLimits.killTime else { throw .doesNotEnd(folder.id) }
            return step
        }
    }

    /// - Returns: the step that follows.
    private func perform(_ step: Step) throws(SystemFailure) -> Step {
        switch step {
        case .asking:
            guard let group = folder.processGroup, try group.signal(SIGTERM) else { return .asking }
            // A process that is stopped sees no other signal before this one.
            _ = try group.signal(SIGCONT)
            return .waiting
        case .waiting:
            return .waiting
        case .killing:
            _ = try folder.processGroup?.signal(SIGKILL)
            return step
        }
    }

    /// Whether nothing is left of it. What it has left over in its group, because the supervisor was killed before it
    /// could clear up, is killed.
    private func hasEnded() throws(SystemFailure) -> Bool {
        switch try folder.phase() {
        case .starting, .running: return false
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

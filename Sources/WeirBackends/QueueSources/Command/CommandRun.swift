import Glibc
import Synchronization

/// One run of a program: bounded in time and output, and with everything that it started gone when it is over.
struct CommandRun {
    let program: [String]
    let environment: [String]
    let timeLimit: Duration
    let cancelled: CancelFlag

    /// What it printed, and how it ended.
    struct Outcome: Sendable {
        var output: [UInt8] = []
        var errors: [UInt8] = []
        var failure: CommandFailure?
    }

    /// Runs it on the calling thread.
    /// - Parameter early: is given the outcome of a program that was killed. One that waits for a device is gone only
    ///   later, and nobody has to wait for that.
    /// - Returns: when nothing is left of it. The outcome, unless `early` has it.
    func run(early: (Outcome) -> Void) -> Outcome? {
        do {
            let (pid, output, errors) = try start()
            var (outcome, ended) = follow(pid, Stream(output), Stream(errors))
            if ended {
                let end = failure(atEnd: Children.reap(pid))
                outcome.failure = outcome.failure ?? end
                return outcome
            }
            early(outcome)
            Children.reap(pid)
            return nil
        } catch {
            return Outcome(failure: .notStarted(error))
        }
    }

    /// - Parameter exitCode: nil when nobody saw it. That it ended well is not to be guessed.
    private func failure(atEnd exitCode: Int?) -> CommandFailure? {
        guard let exitCode else { return .endNotSeen }
        return exitCode == 0 ? nil : .failed(exitCode: exitCode)
    }

    /// The writing ends of the pipes are closed here when this returns, so that the reading ends see the program close its.
    private func start() throws(SystemFailure) -> (pid_t, output: Descriptor, errors: Descriptor) {
        let output = try Descriptor.pipe()
        let errors = try Descriptor.pipe()
        let pid = try Program(
            name: program[0], arguments: program, environment: environment,
            descriptors: [(output.writing, 1), (errors.writing, 2)]
        ).start()
        return (pid, output.reading, errors.reading)
    }

    /// Reads until the program itself ends, even if something that it started goes on and keeps the pipes open.
    /// - Returns: also whether it ended by itself.
    private func follow(_ pid: pid_t, _ output: Stream, _ errors: Stream) -> (Outcome, ended: Bool) {
        var (output, errors) = (output, errors)
        let deadline = ContinuousClock.now + timeLimit
        var failure: CommandFailure?
        var ended = false
        while failure == nil, !ended {
            // In this order: what it wrote before it ended is read after its end was seen.
            ended = Children.state(of: pid) != .running
            output.readAvailable()
            errors.readAvailable()
            failure = reasonToStop(output, errors, ended: ended, deadline: deadline)
            if failure == nil, !ended { wait(output, errors) }
        }
        Children.killGroup(pid)
        return (Outcome(output: output.bytes, errors: errors.bytes, failure: failure), ended)
    }

    private func reasonToStop(
        _ output: Stream, _ errors: Stream, ended: Bool, deadline: ContinuousClock.Instant
    ) -> CommandFailure? {
        if output.overflowed || errors.overflowed { return .tooMuchOutput }
        if ended { return nil }
        if cancelled.isSet { return .cancelled }
        return ContinuousClock.now < deadline ? nil : .timedOut(after: timeLimit)
    }

    /// Until something is printed, for a moment at most: the end of the program and a cancellation are looked for, not told.
    private func wait(_ output: Stream, _ errors: Stream) {
        var descriptors = [output, errors].filter { !$0.ended }.map {
            pollfd(fd: $0.descriptor.number, events: Int16(POLLIN), revents: 0)
        }
        poll(&descriptors, nfds_t(descriptors.count), descriptors.isEmpty ? Self.endCheck : Self.lookInterval)
    }

    /// Unit: milliseconds.
    private static let lookInterval: Int32 = 20
    /// When it has closed its output it is about to end. Unit: milliseconds.
    private static let endCheck: Int32 = 2

    private struct Stream {
        let descriptor: Descriptor
        private(set) var bytes: [UInt8] = []
        private(set) var ended = false
        private(set) var overflowed = false

        init(_ descriptor: Descriptor) {
            self.descriptor = descriptor
        }

        mutating func readAvailable() {
            while !ended, !overflowed {
                guard let more = try? descriptor.read(upTo: 4096) else { return }
                if more.isEmpty { ended = true }
                bytes += more
                overflowed = bytes.count > CommandLimits.outputBytes
            }
        }
    }
}

/// Set once, from any thread.
final class CancelFlag: Sendable {
    private let flag = Atomic(false)

    var isSet: Bool { flag.load(ordering: .acquiring) }
    func set() { flag.store(true, ordering: .releasing) }
}

import Testing
import WeirCore
import WeirRuntime

/// One source technology, as the contract needs to handle it.
protocol QueueSourceSubject: Sendable {
    /// A source over the subject's queue, which is empty at first.
    func source() async throws -> any QueueSource
    /// Makes the queue hold just so many messages.
    func fill(visible: Int, inFlight: Int, delayed: Int) async throws
    /// A source that cannot ask, because what it would ask is not there.
    func unreachableSource() async throws -> any QueueSource
    /// A source with this time limit whose other side takes the question and never answers; nil when there is no other
    /// side that could do that.
    func silentSource(timeLimit: Duration) async throws -> (any QueueSource)?
    /// Called once, at the end.
    func end() async
}

extension QueueSourceSubject {
    func end() async {}
}

/// What every source promises. A backend's specs run all of them: `@Test(arguments: QueueSourcePromise.allCases)`.
enum QueueSourcePromise: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case anEmptyQueueMeasuresZero = "an empty queue measures 0"
    case figuresAreApart = "visible, in flight and delayed are apart"
    case lookingChangesNothing = "looking changes nothing"
    case whatCannotBeAskedIsMissing = "what cannot be asked is missing, with a reason"
    case silenceIsMissingAfterTheTimeLimit = "silence is missing after the time limit"
    case beingCancelledIsPrompt = "being cancelled is prompt"
    case manyMayAskAtOnce = "many may ask at once"

    var testDescription: String { rawValue }

    func check(_ subject: any QueueSourceSubject) async throws {
        let test = QueueSourceTest(subject: subject)
        do {
            switch self {
            case .anEmptyQueueMeasuresZero: try await test.anEmptyQueueMeasuresZero()
            case .figuresAreApart: try await test.figuresAreApart()
            case .lookingChangesNothing: try await test.lookingChangesNothing()
            case .whatCannotBeAskedIsMissing: try await test.whatCannotBeAskedIsMissing()
            case .silenceIsMissingAfterTheTimeLimit: try await test.silenceIsMissingAfterTheTimeLimit()
            case .beingCancelledIsPrompt: try await test.beingCancelledIsPrompt()
            case .manyMayAskAtOnce: try await test.manyMayAskAtOnce()
            }
        } catch {
            await subject.end()
            throw error
        }
        await subject.end()
    }
}

private struct QueueSourceTest {
    let subject: any QueueSourceSubject

    /// Any moment; sources that sign need one that is not far from the other side's.
    private var now: Instant { Instant(milliseconds: systemMilliseconds()) }

    private func counts(_ measurement: Measurement) -> [Double?] {
        [measurement.visible.number, measurement.inFlight.number, measurement.delayed.number]
    }

    func anEmptyQueueMeasuresZero() async throws {
        #expect(counts(await (try subject.source()).measure(at: now)) == [0, 0, 0])
    }

    func figuresAreApart() async throws {
        try await subject.fill(visible: 3, inFlight: 2, delayed: 1)
        #expect(counts(await (try subject.source()).measure(at: now)) == [3, 2, 1])
    }

    func lookingChangesNothing() async throws {
        try await subject.fill(visible: 2, inFlight: 0, delayed: 0)
        let source = try await subject.source()
        for _ in 0..<5 { #expect(counts(await source.measure(at: now)) == [2, 0, 0]) }
    }

    func whatCannotBeAskedIsMissing() async throws {
        expectMissing(await (try subject.unreachableSource()).measure(at: now))
    }

    func silenceIsMissingAfterTheTimeLimit() async throws {
        let limit = Duration.milliseconds(500)
        guard let source = try await subject.silentSource(timeLimit: limit) else { return }
        let began = ContinuousClock.now
        expectMissing(await source.measure(at: now))
        let took = ContinuousClock.now - began
        #expect(took >= limit * 0.9 && took < limit + .seconds(60))
    }

    func beingCancelledIsPrompt() async throws {
        // So long that an answer at the limit cannot be taken for a prompt one, however busy the machine is.
        guard let source = try await subject.silentSource(timeLimit: .seconds(300)) else { return }
        let task = Task { [now] in await source.measure(at: now) }
        // Whether the cancellation comes before, in or after the question, the answer is there at once.
        try await Task.sleep(for: .milliseconds(50))
        let began = ContinuousClock.now
        task.cancel()
        expectMissing(await task.value)
        #expect(ContinuousClock.now - began < .seconds(60))
    }

    /// A source may answer all of them, or refuse those that come while it is busy; it may not give a wrong number.
    func manyMayAskAtOnce() async throws {
        try await subject.fill(visible: 3, inFlight: 0, delayed: 0)
        let source = try await subject.source()
        let numbers = await withTaskGroup(of: Double?.self) { group in
            for _ in 0..<20 { group.addTask { [now] in await source.measure(at: now).visible.number } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(numbers.contains(3))
        #expect(numbers.allSatisfy { $0 == 3 || $0 == nil })
    }

    private func expectMissing(_ measurement: Measurement) {
        #expect(counts(measurement) == [nil, nil, nil])
        guard case .missing(.sourceFailed(let sentence)) = measurement.visible else {
            Issue.record("\(measurement.visible) has no reason")
            return
        }
        #expect(sentence.count > 10, "a reason is a sentence")
    }
}

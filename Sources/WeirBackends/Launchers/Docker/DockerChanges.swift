import WeirCore
import WeirHTTP

/// Listens to an engine's events and says when a list may look different.
struct DockerChanges: Sendable {
    let engine: DockerEngine
    let labels: [(String, String)]

    /// Yields after each event that matters, and whenever the engine can be heard again, since something may have
    /// happened meanwhile. Yields that nobody took are merged into one. Ends with the stream that it gave.
    func stream() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let task = Task { await listen { continuation.yield() } }
        continuation.onTermination = { _ in task.cancel() }
        return stream
    }

    /// Until it is cancelled. An engine that is away, or that hangs up at once, is asked less and less often.
    private func listen(_ changed: @Sendable () -> Void) async {
        var pauses = EventsPauses()
        while !Task.isCancelled {
            let began = ContinuousClock.now
            await hear(changed)
            // Throws only when it is cancelled, and then the loop ends.
            try? await Task.sleep(for: pauses.next(afterHearingFor: ContinuousClock.now - began))
        }
    }

    /// Until the engine goes away or hangs up.
    private func hear(_ changed: @Sendable () -> Void) async {
        guard let filters = try? DockerWire.filters(labels: labels, type: "container"),
            let chunks = try? await engine.stream("/events", query: [("filters", filters)])
        else { return }
        changed()
        var lines = ByteLines(limitBytes: DockerLimits.streamLineBytes)
        do {
            for try await chunk in chunks where lines.take(chunk).contains(where: DockerWire.mattersToList) {
                changed()
            }
        } catch {
            // The engine went away, or we were cancelled; the loop above knows what to do in either case.
        }
        engine.version.forget()
        // What the engine did not live to tell.
        changed()
    }
}

/// How long to wait before an engine's events are asked for again: twice as long each time, until the engine was heard for
/// longer than the longest pause.
struct EventsPauses {
    private var upcoming = DockerLimits.shortestEventsPause

    mutating func next(afterHearingFor time: Duration) -> Duration {
        if time > DockerLimits.longestEventsPause { upcoming = DockerLimits.shortestEventsPause }
        defer { upcoming = min(upcoming * 2, DockerLimits.longestEventsPause) }
        return upcoming
    }
}

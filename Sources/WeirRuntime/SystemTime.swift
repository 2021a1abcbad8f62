import Glibc
import WeirCore

/// The real clock. The only file that may read it.
public struct SystemTime: TimeSource {
    public init() {}

    public func now() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    public func sleep(until instant: Instant) async throws {
        let span = instant - now()
        guard span > .zero else { return }
        try await Task.sleep(for: min(span, Limits.longestSleep))
    }
}

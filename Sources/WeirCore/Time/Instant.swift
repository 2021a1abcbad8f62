/// A moment in UTC, in whole milliseconds since 1970-01-01T00:00:00Z. The only "now" that decisions know.
///
/// - Unit: milliseconds. Leap seconds do not exist here, as in Unix time.
public struct Instant: Hashable, Comparable, Sendable {
    public let milliseconds: Int64

    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    public static func < (left: Instant, right: Instant) -> Bool { left.milliseconds < right.milliseconds }

    public static func + (instant: Instant, span: Duration) -> Instant {
        Instant(milliseconds: instant.milliseconds + span.wholeMilliseconds)
    }

    public static func - (instant: Instant, span: Duration) -> Instant {
        Instant(milliseconds: instant.milliseconds - span.wholeMilliseconds)
    }

    /// The time that passed from `earlier` to `later`; negative when they are the other way round.
    public static func - (later: Instant, earlier: Instant) -> Duration {
        .milliseconds(later.milliseconds - earlier.milliseconds)
    }
}

/// Travels as its plain number, so that a record stays short.
extension Instant: Codable {
    public init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }
}

extension Duration {
    /// This span in milliseconds; what is finer than a millisecond is dropped.
    @inline(__always)
    public var wholeMilliseconds: Int64 {
        // A millisecond has 10^15 = 2^15 × 5^15 attoseconds. Of up to three days the last 15 bits can be left out, as they
        // are less than 2^15; what is left fits into 64 bits, and to divide these is a tenth of the work.
        if attoseconds >= 0, attoseconds < 1 << 78 {
            return Int64(truncatingIfNeeded: attoseconds >> 15) / 30_517_578_125
        }
        return dividedMilliseconds
    }

    private var dividedMilliseconds: Int64 { Int64(attoseconds / 1_000_000_000_000_000) }

    /// This span in seconds, with its fraction.
    public var inSeconds: Double { Double(wholeMilliseconds) / 1000 }
}

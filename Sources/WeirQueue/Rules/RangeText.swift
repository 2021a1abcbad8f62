import WeirCore

/// Ranges as people read them, for the sentences of refusals.
enum RangeText {
    static func of(_ range: ClosedRange<Int>) -> String { "\(range.lowerBound) to \(range.upperBound)" }

    static func of(_ range: ClosedRange<Duration>) -> String {
        "\(seconds(range.lowerBound)) to \(seconds(range.upperBound)) seconds"
    }

    static func sentence(_ parameter: String, _ value: Duration, _ range: ClosedRange<Duration>) -> String {
        "Value \(seconds(value)) for parameter \(parameter) is invalid. Reason: Must be \(of(range))."
    }

    static func sentence(_ parameter: String, _ value: Int, _ range: ClosedRange<Int>) -> String {
        "Value \(value) for parameter \(parameter) is invalid. Reason: Must be \(of(range))."
    }

    /// Whole seconds without a fraction, others with it.
    static func seconds(_ span: Duration) -> String {
        span.wholeMilliseconds % 1000 == 0 ? "\(span.wholeMilliseconds / 1000)" : "\(span.inSeconds)"
    }
}

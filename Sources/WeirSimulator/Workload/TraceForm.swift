/// In which form a trace is written. It is recognised by its first bytes.
public enum TraceForm: Sendable, Equatable {
    /// One of the two plain forms.
    case csv
    /// The Standard Workload Format.
    case swf
    /// JSON, as `aws cloudwatch` prints it.
    case json

    /// What is read from `lines` is still to be read.
    public static func of(_ lines: LineReader) throws(TraceFailure) -> TraceForm {
        switch try lines.firstByte() {
        case UInt8(ascii: "{"), UInt8(ascii: "["): return .json
        case UInt8(ascii: ";"): return .swf
        case nil: return .csv
        default: break
        }
        // A workload without a header begins with a line of numbers, blanks between them.
        guard let line = try lines.peek() else { return .csv }
        let fields = line.split { $0 == 32 || $0 == 9 }
        let isOfNumbers = fields.allSatisfy { Double(String(decoding: $0, as: UTF8.self)) != nil }
        return fields.count > 1 && isOfNumbers ? .swf : .csv
    }

    /// What is wrong with a trace that tells no service times where none are named.
    static let noService =
        "the trace does not say how long a job takes: name it with --service-time, such as 20s"
}

/// Turns a count into single arrivals: evenly spread, the j-th of k (from 0) in the middle of its k-th part of the interval.
enum Spread {
    /// Since the begin of the interval. Unit: nanoseconds.
    static func offset(_ place: Int, of arrivals: Int, over lengthNs: Int64) -> Int64 {
        Int64((Double(place) + 0.5) * Double(lengthNs) / Double(arrivals))
    }
}

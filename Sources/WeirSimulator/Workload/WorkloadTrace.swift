import WeirCore

/// A trace in the Standard Workload Format: comments that begin with `;`, then a line for each job, of 18 fields. Of these the submit
/// time (2), the run time (4), the allocated processors (5) and the status (11) are read; -1 is unknown.
///
/// Jobs without a run time are left out, those that were cancelled before they began (status 5, run time 0) among them, and so are lines
/// about parts of a job (status 2 to 4), whose whole has a line of its own. Both are counted in `remarks`.
///
/// Source: Chapin et al., "Benchmarks and standards for the evaluation of parallel job schedulers", and the Parallel Workloads Archive.
public final class WorkloadTrace: JobSource {
    private let lines: LineReader
    /// The submit time of the first job: the trace's zero. Unit: nanoseconds.
    private var zeroNs: Int64?
    private var lastNs: Int64 = .min
    /// Of submit time 0, from the comment `UnixStartTime`. Unit: seconds since 1970.
    private var startsAt: Int64?
    private var pending: Job?
    private var withoutRunTime = 0
    private var parts = 0
    private var mostProcessors: Int64 = 1
    private var isAtEnd = false

    private static let fieldCount = 18
    /// As a status is read, in thousand-millionths.
    private static let cancelled: Int64 = 5_000_000_000

    public init(_ lines: LineReader) throws(TraceFailure) {
        self.lines = lines
        pending = try nextJob()
    }

    public var beginsAt: Int64? {
        guard let startsAt, let zeroNs else { return nil }
        return startsAt * 1000 + zeroNs / 1_000_000
    }

    public var shareRead: Double? { lines.shareRead }

    public var remarks: [String] {
        var remarks: [String] = []
        if withoutRunTime > 0 {
            remarks.append(
                withoutRunTime == 1
                    ? "1 job has no run time, and is left out"
                    : "\(withoutRunTime) jobs have no run time, and are left out")
        }
        if parts > 0 {
            remarks.append(
                parts == 1
                    ? "1 line is about a part of a job, and is left out"
                    : "\(parts) lines are about parts of jobs, and are left out")
        }
        if mostProcessors > 1 {
            remarks.append("jobs used up to \(mostProcessors) processors; here each is one message for one worker")
        }
        return remarks
    }

    public func read(_ count: Int, into jobs: inout ContiguousArray<Job>) throws(TraceFailure) {
        if let job = pending { jobs.append(job) }
        pending = nil
        while jobs.count < count, let job = try nextJob() { jobs.append(job) }
    }

    private func nextJob() throws(TraceFailure) -> Job? {
        while true {
            let read = try lines.next { bytes throws(TraceFailure) in try self.line(bytes) }
            switch read {
            case nil: return nil
            case .some(nil): continue
            case .some(.some(let job)): return job
            }
        }
    }

    /// - Returns: nil for a line that is no job that can be done.
    private func line(_ bytes: Span<UInt8>) throws(TraceFailure) -> Job? {
        if let first = bytes.indices.first(where: { bytes[$0] > 32 }), bytes[first] == UInt8(ascii: ";") {
            if zeroNs == nil { readHeader(bytes.text) }
            return nil
        }
        let fields = try fields(bytes)
        if (2...4).contains(fields.status / 1_000_000_000) {
            parts += 1
            return nil
        }
        guard fields.runNs > 0 || (fields.runNs == 0 && fields.status != Self.cancelled) else {
            withoutRunTime += 1
            return nil
        }
        guard fields.submitNs >= 0 else { throw failure("the submit time (field 2) is unknown") }
        guard fields.submitNs >= lastNs else {
            throw failure("the submit time (field 2) goes back: lines have to be sorted by it")
        }
        guard fields.runNs <= LoadLimits.longestServiceNs else {
            throw failure("the run time (field 4) is too long: \(LoadLimits.tooLongService)")
        }
        let zero = zeroNs ?? fields.submitNs
        guard fields.submitNs - zero <= LoadLimits.longestNs else {
            throw failure("the submit time (field 2) is too long after the first: \(LoadLimits.tooLong)")
        }
        zeroNs = zero
        lastNs = fields.submitNs
        mostProcessors = max(mostProcessors, fields.processors / 1_000_000_000)
        return Job(arrivalNs: fields.submitNs - zero, serviceNs: fields.runNs)
    }

    /// In thousand-millionths, as they are read.
    private struct Fields {
        var submitNs: Int64 = -1
        var runNs: Int64 = -1
        var processors: Int64 = -1
        var status: Int64 = -1
    }

    private func fields(_ bytes: Span<UInt8>) throws(TraceFailure) -> Fields {
        var fields = Fields()
        var number = 0
        var index = 0
        while true {
            while index < bytes.count, bytes[index] <= 32 { index += 1 }
            guard index < bytes.count else { break }
            let start = index
            while index < bytes.count, bytes[index] > 32 { index += 1 }
            number += 1
            switch number {
            case 2: fields.submitNs = try value(bytes.extracting(start..<index), "submit time (field 2)")
            case 4: fields.runNs = try value(bytes.extracting(start..<index), "run time (field 4)")
            case 5: fields.processors = try value(bytes.extracting(start..<index), "allocated processors (field 5)")
            case 11: fields.status = try value(bytes.extracting(start..<index), "status (field 11)")
            default: break
            }
        }
        guard number == Self.fieldCount else {
            throw failure("\(number) fields, and a line of the Standard Workload Format has \(Self.fieldCount)")
        }
        return fields
    }

    private func value(_ bytes: Span<UInt8>, _ name: String) throws(TraceFailure) -> Int64 {
        guard let value = CSVTrace.decimal(bytes) else {
            throw failure("'\(bytes.text)' is no number in \(name)")
        }
        return value
    }

    /// `; UnixStartTime: 1132444805`
    private func readHeader(_ comment: String) {
        let parts = comment.drop { $0 == ";" || $0 == " " }.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, parts[0] == "UnixStartTime" else { return }
        let words = parts[1].split { $0 == " " || $0 == "\t" }
        guard let seconds = words.first.flatMap({ Int64($0) }), (0..<10_000_000_000).contains(seconds) else { return }
        startsAt = seconds
    }

    private func failure(_ problem: String) -> TraceFailure {
        TraceFailure(path: lines.path, line: lines.number, problem: problem)
    }
}

import WeirCore

/// The two plain forms of a trace.
///
/// Per job: a header `submit_s,service_s`, perhaps with more columns, and a line for each job, sorted by `submit_s`. Time begins with
/// the first job, or at the moment that a comment in the first line names, `# begins 2026-01-05T00:00:00Z`, from which `submit_s`
/// counts then. Counts: a header `timestamp,arrivals`, perhaps with `mean_service_s`, and a line for each interval, all of one length.
public final class CSVTrace: JobSource {
    private let lines: LineReader
    private let columns: Columns
    /// Of jobs of which the trace does not say it.
    private var services: DrawnSpans?
    private var counts = CountsReader()
    /// The trace's first moment: its zero; nil until the first job says it. Unit: nanoseconds.
    private var zeroNs: Int64?
    private var lastNs: Int64 = .min
    public private(set) var beginsAt: Int64?
    public var shareRead: Double? { lines.shareRead }
    /// It has a line for each interval, not for each job.
    public var isOfCounts: Bool { columns.arrivals != nil }

    private struct Columns {
        var time: Int?
        var service: Int?
        var arrivals: Int?
        var count = 0
    }

    /// What columns are called, and what each is read as.
    private static var known: [([String], WritableKeyPath<Columns, Int?>)] {
        [
            (["submit_s", "timestamp"], \.time), (["service_s", "mean_service_s"], \.service),
            (["arrivals"], \.arrivals),
        ]
    }

    /// - Parameters:
    ///   - service: how long a job takes where the trace does not say.
    ///   - seed: of what is drawn.
    /// - Throws: what is wrong with the header.
    public convenience init(_ path: String, service: SpanModel?, seed: UInt64) throws(TraceFailure) {
        try self.init(try LineReader(path), service: service, seed: seed)
    }

    /// - Parameters:
    ///   - lines: of which nothing was read yet.
    ///   - period: how long an interval is; nil: as the timestamps have it.
    public init(
        _ lines: LineReader, service: SpanModel?, seed: UInt64, period: Duration? = nil
    ) throws(TraceFailure) {
        self.lines = lines
        services = service.map { DrawnSpans($0, Randomness(seed: seed).split(11)) }
        let header = try lines.next { bytes throws(TraceFailure) in Self.names(bytes) }
        guard let header else { throw TraceFailure(path: lines.path, problem: "is empty; \(Self.expected)") }
        var columns = Columns()
        columns.count = header.count
        for (names, column) in Self.known {
            let places = header.indices.filter { names.contains(header[$0]) }
            if places.count > 1 {
                throw TraceFailure(
                    path: lines.path, line: lines.number,
                    problem: "the header has '\(header[places[0]])' and '\(header[places[1]])', which say the same: "
                        + "leave out one, or give it another name")
            }
            if let place = places.first { columns[keyPath: column] = place }
        }
        let isCounts = header.contains("timestamp")
        guard columns.time != nil, isCounts == (columns.arrivals != nil), isCounts || header.contains("submit_s") else {
            throw TraceFailure(
                path: lines.path, line: lines.number,
                problem: "the header is '\(Self.shown(header))'; \(Self.expected)")
        }
        guard columns.service != nil || service != nil else {
            throw TraceFailure(path: lines.path, line: lines.number, problem: TraceForm.noService)
        }
        self.columns = columns
        // The first line says when the trace begins.
        if isCounts {
            try counts.prepare(self, period)
        } else {
            try readBeginning()
            try prepareJobs()
        }
    }

    /// Before a time, in a comment that is the first line.
    static let beginning = "# begins "

    private func readBeginning() throws(TraceFailure) {
        guard let comment = lines.firstComment, comment.hasPrefix(Self.beginning) else { return }
        let time = comment.dropFirst(Self.beginning.count).prefix { $0 != " " }
        // Other sentences begin so, too.
        guard time.first?.isNumber == true else { return }
        guard let moment = Instant(timestamp: String(time)) else {
            throw TraceFailure(
                path: lines.path, line: 1, problem: "'\(time)' is no time like 2026-01-31T12:00:00Z")
        }
        beginsAt = moment.milliseconds
        zeroNs = 0
    }

    static let expected = """
        expected 'submit_s,service_s' (a line for each job) or 'timestamp,arrivals' (one for each interval), or else the \
        Standard Workload Format or what CloudWatch's get-metric-data prints
        """

    /// It may be anything.
    private static func shown(_ header: [String]) -> String {
        let text = header.joined(separator: ",")
        let plain = text.unicodeScalars.map { $0.value < 32 || $0.value == 0xFFFD ? "?" : String($0) }.joined()
        return plain.count > 60 ? plain.prefix(60) + "…" : plain
    }

    private var pending: Job?

    private func prepareJobs() throws(TraceFailure) {
        pending = try nextJob()
    }

    public func read(_ count: Int, into jobs: inout ContiguousArray<Job>) throws(TraceFailure) {
        if isOfCounts { return try counts.read(count, into: &jobs, self) }
        if let job = pending { jobs.append(job) }
        pending = nil
        while jobs.count < count, let job = try nextJob() { jobs.append(job) }
    }

    // MARK: Jobs

    private func nextJob() throws(TraceFailure) -> Job? {
        try lines.next { bytes throws(TraceFailure) in
            let fields = try self.row(bytes)
            let submit = try self.nanoseconds(bytes.extracting(fields[self.columns.time ?? 0]), "submit_s")
            let zero = self.zeroNs ?? submit
            self.zeroNs = zero
            guard submit >= self.lastNs else {
                throw self.failure("submit_s goes back: lines have to be sorted by it")
            }
            self.lastNs = submit
            let (arrival, isTooLarge) = submit.subtractingReportingOverflow(zero)
            guard arrival >= 0 || isTooLarge else {
                throw self.failure("submit_s is before the beginning, which the first line names")
            }
            guard !isTooLarge, arrival <= LoadLimits.longestNs else {
                throw self.failure("submit_s is too long after the first: \(LoadLimits.tooLong)")
            }
            let column = self.columns.service
            var service: Int64?
            if let column { service = try self.service(bytes.extracting(fields[column]), "service_s") }
            return Job(arrivalNs: arrival, serviceNs: service ?? self.drawService())
        }
    }

    /// - Returns: nil where the trace does not say, and somebody else does.
    private func service(_ bytes: Span<UInt8>, _ column: String) throws(TraceFailure) -> Int64? {
        if bytes.isEmpty {
            guard services == nil else { return nil }
            throw failure("\(column) is blank: name how long such a job takes with --service-time, such as 20s")
        }
        let service = try nanoseconds(bytes, column)
        guard service >= 0 else { throw failure("\(column) is negative") }
        guard service <= LoadLimits.longestServiceNs else {
            throw failure("\(column) is too long: \(LoadLimits.tooLongService)")
        }
        return service
    }

    fileprivate func drawService() -> Int64 { services?.next() ?? 0 }

    // MARK: Intervals

    fileprivate struct Interval {
        var startNs: Int64
        /// As it is written, and where.
        var stamp: String
        var line: Int
        var arrivals: Int
        var serviceNs: Int64?
    }

    fileprivate func nextInterval() throws(TraceFailure) -> Interval? {
        try lines.next { bytes throws(TraceFailure) in
            let fields = try self.row(bytes)
            let stamp = bytes.extracting(fields[self.columns.time ?? 0]).text
            guard let moment = Instant(timestamp: stamp) else {
                throw self.failure("'\(stamp)' is no time like 2026-01-31T12:00:00Z")
            }
            let column = self.columns.arrivals ?? 0
            let arrivals = try self.arrivals(bytes.extracting(fields[column]))
            var serviceNs: Int64?
            // Where nothing arrived, there is no mean.
            if let column = self.columns.service, arrivals > 0 || !fields[column].isEmpty {
                serviceNs = try self.service(bytes.extracting(fields[column]), "mean_service_s")
            }
            if self.beginsAt == nil { self.beginsAt = moment.milliseconds }
            let begin = Instant(milliseconds: self.beginsAt ?? 0)
            guard let startNs = LoadLimits.span(from: begin, to: moment) else {
                throw self.failure("'\(stamp)' is too long after \(begin.rfc3339): \(LoadLimits.tooLong)")
            }
            return Interval(
                startNs: startNs, stamp: stamp, line: self.lines.number, arrivals: arrivals, serviceNs: serviceNs)
        }
    }

    /// Programs that count in floating point write `3.0`.
    private func arrivals(_ bytes: Span<UInt8>) throws(TraceFailure) -> Int {
        let text = bytes.text
        guard Self.isDecimal(text.utf8), let count = Double(text), count.isFinite, count >= 0, count.rounded() == count
        else { throw failure("'\(text)' is no number of arrivals") }
        guard count <= Double(LoadLimits.mostArrivals) else {
            throw failure("\(text) arrivals are too many: \(LoadLimits.tooMany)")
        }
        return Int(count)
    }

    /// - Parameter line: nil: the one that was read last.
    fileprivate func failure(_ problem: String, line: Int? = nil) -> TraceFailure {
        TraceFailure(path: lines.path, line: line ?? lines.number, problem: problem)
    }

    // MARK: Fields

    private func row(_ bytes: Span<UInt8>) throws(TraceFailure) -> [Range<Int>] {
        let fields = Self.fields(bytes)
        guard fields.count == columns.count else {
            throw failure("\(fields.count) fields, and the header has \(columns.count)")
        }
        return fields
    }

    /// Where each is, without the blanks around it.
    private static func fields(_ bytes: Span<UInt8>) -> [Range<Int>] {
        var fields: [Range<Int>] = []
        var start = 0
        for index in 0...bytes.count where index == bytes.count || bytes[index] == UInt8(ascii: ",") {
            var (first, last) = (start, index)
            while first < last, bytes[first] == 32 { first += 1 }
            while last > first, bytes[last - 1] == 32 { last -= 1 }
            fields.append(first..<last)
            start = index + 1
        }
        return fields
    }

    static func names(_ bytes: Span<UInt8>) -> [String] { fields(bytes).map { bytes.extracting($0).text } }

    /// Seconds with up to nine decimals, read digit by digit, so that they are exact.
    private func nanoseconds(_ bytes: Span<UInt8>, _ column: String) throws(TraceFailure) -> Int64 {
        guard let value = Self.decimal(bytes) else {
            throw failure("'\(bytes.text)' is no number of seconds in \(column)")
        }
        return value
    }

    static func decimal(_ bytes: Span<UInt8>) -> Int64? {
        var index = 0
        guard index < bytes.count else { return nil }
        let isNegative = bytes[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }
        var value: Int64 = 0
        var decimals = -1
        var digits = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "."), decimals < 0 {
                decimals = 0
                continue
            }
            guard byte >= 48, byte <= 57 else { return exponential(bytes) }
            digits += 1
            if decimals == 9 { continue }
            guard value < 900_000_000_000_000_000 else { return nil }
            value = value * 10 + Int64(byte - 48)
            if decimals >= 0 { decimals += 1 }
        }
        guard digits > 0 else { return nil }
        for _ in max(decimals, 0)..<9 {
            guard value < 900_000_000_000_000_000 else { return nil }
            value *= 10
        }
        return isNegative ? -value : value
    }

    /// Not hexadecimal, nor a word such as inf.
    static func isDecimal(_ bytes: some Sequence<UInt8>) -> Bool {
        bytes.allSatisfy { (48...57).contains($0) || "+-.eE".utf8.contains($0) }
    }

    /// Such as 1e-05, as some programs write small numbers.
    private static func exponential(_ bytes: Span<UInt8>) -> Int64? {
        let text = bytes.text
        guard isDecimal(text.utf8), let number = Double(text), number.isFinite, abs(number) < 3.2e9 else {
            return nil
        }
        return Int64((number * 1e9).rounded())
    }
}

/// Turns counts into single arrivals: spread evenly, the j-th of k (from 0) in the middle of its k-th part of the interval.
private struct CountsReader {
    private var current: CSVTrace.Interval?
    private var following: CSVTrace.Interval?
    private var lengthNs: Int64 = 0
    private var place = 0

    mutating func prepare(_ trace: CSVTrace, _ period: Duration?) throws(TraceFailure) {
        current = try trace.nextInterval()
        following = try trace.nextInterval()
        guard let current else { return }
        let wantedNs = period.map { $0.wholeMilliseconds * 1_000_000 }
        guard let following else {
            guard let wantedNs else {
                throw trace.failure(
                    "one interval alone does not say how long it is: say it with --period, such as 60s, or add a line for the "
                        + "next one, with its 0 arrivals")
            }
            lengthNs = wantedNs
            return
        }
        lengthNs = following.startNs - current.startNs
        guard lengthNs > 0 else { throw trace.failure("this timestamp is not after the one before") }
        if let wantedNs, wantedNs != lengthNs {
            throw trace.failure(
                "this timestamp is \(Self.text(lengthNs)) after the one before, and --period says \(Self.text(wantedNs))"
            )
        }
    }

    private static func text(_ lengthNs: Int64) -> String {
        Duration.milliseconds(lengthNs / 1_000_000).text
    }

    mutating func read(
        _ count: Int, into jobs: inout ContiguousArray<Job>, _ trace: CSVTrace
    ) throws(TraceFailure) {
        while jobs.count < count, let interval = current {
            guard place < interval.arrivals else {
                try advance(trace)
                continue
            }
            let offset = Spread.offset(place, of: interval.arrivals, over: lengthNs)
            jobs.append(
                Job(arrivalNs: interval.startNs + offset, serviceNs: interval.serviceNs ?? trace.drawService()))
            place += 1
        }
    }

    private mutating func advance(_ trace: CSVTrace) throws(TraceFailure) {
        let former = current
        current = following
        following = try trace.nextInterval()
        place = 0
        if let former, let current, current.startNs - former.startNs != lengthNs {
            throw trace.failure(
                "intervals have to be of one length, here \(Self.text(lengthNs)), without gaps, and "
                    + "\(current.stamp) follows \(former.stamp)", line: current.line)
        }
    }
}

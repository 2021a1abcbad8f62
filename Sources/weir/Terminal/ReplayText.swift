import WeirCore
import WeirRuntime

/// What came of deciding records again.
struct ReplayReport {
    struct Tick {
        var file: String
        var line: Int
        var group: String
        var at: Instant
        var tick: Int
        var fields: [RecordDifference]
    }

    struct Damage: Encodable {
        var file: String
        var line: Int
        var problem: String
    }

    let most: Int
    var files = 0
    var took = Duration.zero
    private(set) var ticks = 0
    private(set) var same = 0
    private(set) var differing = 0
    /// Nothing says where they start from, as records before them are not there.
    private(set) var unknown = 0
    /// The first few.
    private(set) var differences: [Tick] = []
    private(set) var damaged: [Damage] = []
    /// Where records are missing between others of one file.
    private(set) var gaps: [Damage] = []
    /// The tick of each group that was read last, after a record that says where it starts from.
    private var lastTicks: [String: Int] = [:]
    /// Files whose last record is not there to its end.
    private(set) var torn: [Damage] = []
    private var replay = Replay()

    init(most: Int) {
        self.most = most
    }

    /// Nothing says where the first of them starts from.
    var isNoneDecided: Bool { same + differing == 0 }
    var isAllTheSame: Bool { differing == 0 && damaged.isEmpty && gaps.isEmpty && !isNoneDecided }
    var ticksPerSecond: Double { Double(ticks) / max(took.inSeconds, 0.001) }

    /// - Parameter watch: is told with each line how many ticks and how many bytes of the file were read by then.
    mutating func replay(_ file: String, watch: (_ ticks: Int, _ bytes: Int) -> Void) throws(StateFailure) {
        let reader = try RecordReader(file)
        lastTicks = [:]
        while let line = try reader.next() {
            watch(ticks, reader.bytesRead)
            switch line {
            case .record(let record):
                take(record, file, reader.number)
            case .damaged(let damage):
                replay.losesTrack()
                lastTicks = [:]
                if damaged.count < Self.mostDamaged {
                    damaged.append(Damage(file: file, line: reader.number, problem: damage.description))
                }
            case .torn(let bytes):
                torn.append(Damage(file: file, line: reader.number, problem: "ends after \(bytes) bytes"))
            }
        }
    }

    private static let mostDamaged = 1000

    /// Ticks of a process are numbered; another process begins with a record that says where it starts from.
    private mutating func findGap(_ record: Record, _ file: String, _ line: Int) {
        let last = lastTicks[record.group]
        if last != nil || record.checkpoint != nil { lastTicks[record.group] = record.tick }
        guard let last, record.tick != 0, record.tick != last + 1 else { return }
        guard record.tick > last || record.checkpoint == nil, gaps.count < Self.mostDamaged else { return }
        let lost = record.tick == last + 2 ? "tick \(last + 1)" : "ticks \(last + 1) to \(record.tick - 1)"
        let problem =
            record.tick > last
            ? "\(lost) of \(record.group), before this one, \(record.tick == last + 2 ? "is" : "are") missing"
            : "tick \(record.tick) of \(record.group) comes after tick \(last)"
        gaps.append(Damage(file: file, line: line, problem: problem))
    }

    private mutating func take(_ record: Record, _ file: String, _ line: Int) {
        ticks += 1
        findGap(record, file, line)
        switch replay.take(record).0 {
        case .same: same += 1
        case .unknown: unknown += 1
        case .differs(let fields):
            differing += 1
            guard differences.count < most else { return }
            differences.append(
                Tick(
                    file: file, line: line, group: record.group, at: record.at, tick: record.tick, fields: fields))
        }
    }
}

/// For people.
enum ReplayText {
    static func text(_ report: ReplayReport) -> String {
        var lines: [String] = []
        for tick in report.differences {
            let number = tick.tick > 0 ? ", tick \(tick.tick)" : ""
            lines.append("\(tick.file):\(tick.line): \(tick.group) at \(tick.at.rfc3339)\(number) is decided otherwise")
            for field in tick.fields.prefix(mostFields) {
                lines.append("  \(field.field): recorded \(field.recorded ?? "nothing"), now \(field.now ?? "nothing")")
            }
            let others = tick.fields.count - mostFields
            if others > 0 { lines.append("  and \(others) other fields") }
        }
        let hidden = report.differing - report.differences.count
        if hidden > 0 { lines.append("and \(hidden) other ticks") }
        for damage in report.damaged { lines.append("\(damage.file):\(damage.line): unreadable: \(damage.problem)") }
        for gap in report.gaps { lines.append("\(gap.file):\(gap.line): \(gap.problem)") }
        for damage in report.torn {
            lines.append("\(damage.file):\(damage.line): the last record is not there to its end, and is passed over")
        }
        let speed =
            "\(report.files == 1 ? "one file" : "\(report.files) files"), \(numberText(report.took.inSeconds)) s, "
        let rate = numberText(report.ticksPerSecond.rounded())
        lines.append("\(conclusion(report)) (\(speed)\(rate) ticks a second)")
        return lines.joined(separator: "\n")
    }

    private static let mostFields = 12

    private static func conclusion(_ report: ReplayReport) -> String {
        var parts = ["\(report.ticks) ticks: "]
        if report.isNoneDecided {
            parts.append("none can be decided again, as records before them are missing")
        } else if report.differing == 0 {
            parts.append(report.unknown == 0 ? "all are decided the same" : "\(report.same) are decided the same")
        } else {
            parts.append("\(report.differing) are decided otherwise, \(report.same) the same")
        }
        if report.unknown > 0, !report.isNoneDecided {
            parts.append("; \(report.unknown) cannot be decided again, as records before them are missing")
        }
        if !report.gaps.isEmpty {
            let places = report.gaps.count == 1 ? "one place" : "\(report.gaps.count) places"
            parts.append("; records are missing in \(places)")
        }
        if !report.damaged.isEmpty { parts.append("; \(report.damaged.count) lines are unreadable") }
        return parts.joined()
    }
}

/// For programs.
struct ReplayJSON: Encodable {
    struct Tick: Encodable {
        var file: String
        var line: Int
        var group: String
        var at: String
        /// Left out where the record does not say.
        var tick: Int?
        var fields: [RecordDifference]
    }

    var files: Int
    var ticks: Int
    var same: Int
    var differing: Int
    var notDecided: Int
    var differences: [Tick]
    var damaged: [ReplayReport.Damage]
    /// Where records between others are missing.
    var missing: [ReplayReport.Damage]
    var torn: [ReplayReport.Damage]
    var wallS: Double
    var ticksPerS: Double

    init(_ report: ReplayReport) {
        files = report.files
        ticks = report.ticks
        same = report.same
        differing = report.differing
        notDecided = report.unknown
        differences = report.differences.map {
            Tick(
                file: $0.file, line: $0.line, group: $0.group, at: $0.at.rfc3339, tick: $0.tick > 0 ? $0.tick : nil,
                fields: $0.fields)
        }
        damaged = report.damaged
        missing = report.gaps
        torn = report.torn
        wallS = report.took.inSeconds
        ticksPerS = report.ticksPerSecond
    }
}

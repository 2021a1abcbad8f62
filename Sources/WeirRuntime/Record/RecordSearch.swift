import WeirCore

/// Finds a moment in the records of a state folder, and decides again what was decided then.
public struct RecordSearch {
    /// A tick that explains the capacity that a group had.
    public struct Found {
        public var tick: DecidedTick
        public var record: Record
        public var path: String
        /// From 1.
        public var line: Int
        /// This weir decides it as it was decided.
        public var isDecidedTheSame: Bool
        public var lastChange: Explanation.Change?
        /// Of the moment itself nothing is recorded.
        public var silence: Silence?
    }

    /// A time of which there are no records, though there should be.
    public struct Silence: Sendable, Equatable {
        /// When the last record before it is of.
        public var from: Instant
        /// When the next one is of; nil when there is none.
        public var until: Instant?
        /// When a tick was due in it; nil where the records do not say, or that is not what tells that some are missing.
        public var due: Instant?
    }

    /// From when to when there are records.
    public struct Span: Sendable, Equatable {
        public var first: Instant
        public var last: Instant
        /// When the next tick was due; nil where the records do not say.
        public var next: Instant?

        public init(first: Instant, last: Instant, next: Instant? = nil) {
            self.first = first
            self.last = last
            self.next = next
        }

        /// Until the next tick was due, and for a minute, what the last one decided held.
        public func covers(_ moment: Instant) -> Bool {
            moment >= first && moment <= max(last + .seconds(60), next ?? last)
        }
    }

    public enum Failure: Error, Equatable {
        /// No record of this group; the groups of which there are some.
        case noRecords(of: String, groups: [String])
        /// No line of theirs is a record of this group; the first that is none at all.
        case damaged(path: String, line: Int, problem: String)
        /// All records are of later: the first of them.
        case tooEarly(first: Instant)
        /// Records before it are missing, so that it cannot be decided again.
        case unknown(at: Instant)
        case unreadable(String)
    }

    /// Oldest first.
    private let files: [String]
    private let group: String

    /// - Parameter folder: of the files of records.
    public init(folder: String, group: String) throws(Failure) {
        let all = RecordSegment.all(in: folder)
        files = all.filter { $0.group == group }.map(\.path)
        self.group = group
        guard files.isEmpty else { return }
        var groups: [String] = []
        for segment in all where groups.last != segment.group { groups.append(segment.group) }
        throw .noRecords(of: group, groups: groups)
    }

    /// - Parameter files: in the order of their records.
    public init(files: [String], group: String) {
        self.files = files
        self.group = group
    }

    public func span() throws(Failure) -> Span {
        var begin: Instant?
        for index in files.indices where begin == nil { begin = try first(of: index)?.at }
        guard let begin else { throw try nothing() }
        for path in files.reversed() {
            let reader = try open(path)
            var last: Record?
            while let line = try next(reader) {
                if case .record(let record) = line, record.group == group { last = record }
            }
            if let last { return Span(first: begin, last: last.at, next: last.next?.tick) }
        }
        return Span(first: begin, last: begin)
    }

    /// The last tick up to a moment that explains anything: one that was measured, or changed the desired capacity.
    public func tick(upTo moment: Instant) throws(Failure) -> Found {
        let last = try lastSegment(begunBy: moment)
        var begin = last
        while true {
            // Files up to version 3 need not say where they start from.
            while begin > 0, try first(of: begin)?.checkpoint == nil { begin -= 1 }
            if var found = try walk(begin...last, upTo: moment) {
                if found.lastChange == nil { found.lastChange = try lastChange(before: begin) }
                // Between the two a change is missing.
                if found.lastChange?.decision.desired != found.record.decision.previousDesired {
                    found.lastChange = nil
                }
                return found
            }
            guard begin > 0 else { break }
            begin -= 1
        }
        throw .unknown(at: moment)
    }

    private func lastSegment(begunBy moment: Instant) throws(Failure) -> Int {
        var begin: Instant?
        for index in files.indices.reversed() {
            guard let record = try first(of: index) else { continue }
            if record.at <= moment { return index }
            begin = record.at
        }
        guard let begin else { throw try nothing() }
        throw .tooEarly(first: begin)
    }

    /// Why there is no record.
    private func nothing() throws(Failure) -> Failure {
        for path in files {
            let reader = try open(path)
            while let line = try next(reader) {
                if case .damaged(let damage) = line {
                    return .damaged(path: path, line: reader.number, problem: damage.description)
                }
            }
        }
        return .noRecords(of: group, groups: [])
    }

    private func first(of index: Int) throws(Failure) -> Record? {
        let reader = try open(files[index])
        while let line = try next(reader) {
            if case .record(let record) = line, record.group == group { return record }
        }
        return nil
    }

    private func walk(_ range: ClosedRange<Int>, upTo moment: Instant) throws(Failure) -> Found? {
        var replay = Replay()
        var found: Found?
        var unknownAt: Instant?
        var lastChange: Explanation.Change?
        var place = Place()
        for index in range {
            let reader = try open(files[index])
            while let line = try next(reader) {
                guard case .record(let record) = line else {
                    replay.losesTrack()
                    if case .damaged = line, place.next == nil { place.isDamaged = true }
                    continue
                }
                guard record.group == group else { continue }
                if record.at > moment {
                    if place.next == nil { place.next = record }
                    break
                }
                place = Place(last: record)
                let (verdict, decided) = replay.take(record)
                let changes = record.decision.desired != record.decision.previousDesired
                let leaves = decided?.policy.leaving ?? false
                guard record.observation.measurement != nil || changes || leaves else { continue }
                let change = lastChange
                if changes { lastChange = Explanation.Change(at: record.at, decision: record.decision) }
                guard var decided else {
                    unknownAt = record.at
                    continue
                }
                unknownAt = nil
                decided.evaluation.decision = record.decision
                found = Found(
                    tick: decided, record: record, path: reader.path, line: reader.number,
                    isDecidedTheSame: verdict == .same, lastChange: change)
            }
        }
        if let unknownAt { throw .unknown(at: unknownAt) }
        var following = range.upperBound + 1
        while place.next == nil, following < files.count {
            place.next = try first(of: following)
            following += 1
        }
        found?.silence = place.silence(at: moment)
        return found
    }

    /// What stands around a moment.
    private struct Place {
        /// The last record up to it, and the first after it.
        var last: Record?
        var next: Record?
        /// A line between the two cannot be read.
        var isDamaged = false

        /// So late a tick may be on a busy machine.
        private static let lateness = Duration.seconds(5)
        /// Where the records do not say when the next was due.
        private static let longest = Duration.seconds(60)

        func silence(at moment: Instant) -> Silence? {
            guard let last, moment > last.at, moment != Instant(milliseconds: .max) else { return nil }
            let due = last.next?.tick
            let isLate = moment > (due.map { $0 + Self.lateness } ?? last.at + Self.longest)
            let isLost = next.map { $0.tick > 1 && last.tick > 0 && $0.tick != last.tick + 1 } ?? false
            guard isLate || isLost || isDamaged else { return nil }
            return Silence(from: last.at, until: next?.at, due: due.flatMap { $0 <= moment ? $0 : nil })
        }
    }

    /// Without deciding anything again.
    private func lastChange(before end: Int) throws(Failure) -> Explanation.Change? {
        for path in files[..<end].reversed() {
            var change: Explanation.Change?
            let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
            let segment = RecordSegment(folder: "", name: String(path[slash...]))
            // Files up to version 3 have no such mark.
            let mark = segment.map { $0.number > 0 } == true ? Record.markOfChange : ""
            let reader = try open(path, only: mark)
            while let line = try next(reader) {
                guard case .record(let record) = line, record.group == group,
                    record.decision.desired != record.decision.previousDesired
                else {
                    continue
                }
                change = Explanation.Change(at: record.at, decision: record.decision)
            }
            if let change { return change }
        }
        return nil
    }

    private func open(_ path: String, only needle: String = "") throws(Failure) -> RecordReader {
        do throws(StateFailure) {
            return try RecordReader(path, only: needle)
        } catch {
            throw .unreadable(error.message)
        }
    }

    private func next(_ reader: RecordReader) throws(Failure) -> RecordReader.Line? {
        do throws(StateFailure) {
            return try reader.next()
        } catch {
            throw .unreadable(error.message)
        }
    }
}

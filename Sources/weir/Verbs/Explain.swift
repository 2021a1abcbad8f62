import ArgumentParser
import WeirCore
import WeirPolicy
import WeirRuntime
import WeirSimulator

struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Why a group had the capacity that it had, from the recorded ticks.",
        discussion: """
            Told is the last decision up to a moment: what was seen, how each alarm stood, what asked for what, what held it \
            back, and the smallest change that would have led to another capacity. It needs no daemon and no engine.

            Examples:
              weir explain thumbnails
              weir explain thumbnails --at 10m
              weir explain thumbnails --at 2026-01-31T03:12:00Z
            """)

    @Argument(help: ArgumentHelp("The group.", valueName: "GROUP"))
    var group: String

    @Option(
        help: ArgumentHelp(
            "The moment: a time (2026-01-31T03:12:00Z, or with +01:00), a time of day in UTC that was last (03:12), or how long "
                + "ago (10m); with --records the last such time in them, or how long before their end. Default: the last tick.",
            valueName: "TIME"))
    var at: MomentArgument?

    @Option(
        help: ArgumentHelp(
            "Other records than those of the state folder: a file, such as a simulation's, or a folder.",
            valueName: "RECORDS"))
    var records: String?

    @OptionGroup var state: StateOption
    @OptionGroup var format: FormatOption

    func run() throws {
        let now = SystemTime().now()
        let folder = StateFolder(lookingAt: state.resolved).records
        let moment: Instant?
        let found: RecordSearch.Found
        do {
            let search = try search(folder)
            moment = try at.map { at in
                guard let records else { return at.moment.instant(before: now) }
                return try self.moment(at, in: records, search)
            }
            if let at, let moment, records == nil, moment > now {
                throw Failure.mistake(
                    "--at '\(at.text)' is \((moment - now).inWords) from now; what is to come is not in the records")
            }
            found = try search.tick(upTo: moment ?? Self.endOfTime)
        } catch let error as RecordSearch.Failure {
            throw failure(error, records ?? folder)
        }
        let explained = ExplainedTick(found, asked: moment, now: now)
        switch format.format {
        case .text: Terminal.out(explained.text(columns: Window.current?.columns))
        case .json: Terminal.out(try json(explained.view))
        }
    }

    private func search(_ folder: String) throws -> RecordSearch {
        guard let records else { return try RecordSearch(folder: folder, group: group) }
        return RecordSearch(files: try RecordFiles.named([records]), group: group)
    }

    /// Records that somebody names may be of any day, so that their end is what time is counted from.
    private func moment(_ at: MomentArgument, in records: String, _ search: RecordSearch) throws -> Instant {
        let span = try search.span()
        guard let moment = at.moment.instant(within: span) else {
            throw Failure.mistake(
                "the records of '\(group)' in \(records) go from \(span.first.rfc3339) to \(span.last.rfc3339): "
                    + "'\(at.text)' is outside of them")
        }
        return moment
    }

    private static let endOfTime = Instant(milliseconds: .max)

    private func failure(_ failure: RecordSearch.Failure, _ folder: String) -> Failure {
        switch failure {
        case .noRecords(let group, let groups):
            let nearest = NearestWord.to(group, among: groups).map { "did you mean '\($0)'?" }
            let known = groups.isEmpty ? nil : "there are some of \(groups.joined(separator: ", "))"
            let hint = (nearest ?? known).map { "; \($0)" } ?? ""
            return .mistake("there are no records of a group '\(group)' in \(folder)\(hint)")
        case .damaged(let path, let line, let problem):
            return .mistake("there are no records of a group '\(group)' in \(folder); \(path):\(line): \(problem)")
        case .tooEarly(let first):
            return .mistake("the records of '\(group)' begin later, at \(first.rfc3339)")
        case .unknown(let at):
            return .world(
                "the tick at \(at.rfc3339) cannot be decided again, as records before it are missing; "
                    + "ask for another moment")
        case .unreadable(let why): return .world(why)
        }
    }
}

/// A moment as it is typed.
enum TypedMoment: Equatable {
    case at(Instant)
    case ago(Duration)
    /// Since midnight UTC.
    case timeOfDay(Duration)

    init?(_ text: String) {
        if let instant = Instant(timestamp: text) {
            self = .at(instant)
        } else if let span = Quantity.time(text) {
            self = .ago(span)
        } else if let span = Self.timeOfDay(text) {
            self = .timeOfDay(span)
        } else {
            return nil
        }
    }

    func instant(before now: Instant) -> Instant {
        switch self {
        case .at(let instant): return instant
        case .ago(let span): return now - span
        case .timeOfDay(let span):
            let day: Int64 = 86_400_000
            let today = Instant(milliseconds: now.milliseconds / day * day) + span
            return today > now ? today - .milliseconds(day) : today
        }
    }

    /// Counted from the end of records; nil when it is outside of them.
    func instant(within span: RecordSearch.Span) -> Instant? {
        let moment = instant(before: span.last)
        guard moment < span.first, case .timeOfDay = self else { return span.covers(moment) ? moment : nil }
        // Shortly after the last tick is not too late.
        let next = moment + .seconds(86_400)
        return span.covers(next) ? next : nil
    }

    /// `03:12`, `03:12:30`.
    private static func timeOfDay(_ text: String) -> Duration? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { $0.utf8.count == 2 && $0.allSatisfy(\.isNumber) ? Int($0) : nil }
        guard (2...3).contains(parts.count), numbers.count == parts.count, numbers[0] < 24,
            numbers.dropFirst().allSatisfy({ $0 < 60 })
        else { return nil }
        return .seconds(numbers[0] * 3600 + numbers[1] * 60 + (numbers.count == 3 ? numbers[2] : 0))
    }
}

struct MomentArgument: ExpressibleByArgument {
    let moment: TypedMoment
    /// As it was typed.
    let text: String

    init?(argument: String) {
        guard let moment = TypedMoment(argument) else { return nil }
        self.moment = moment
        text = argument
    }
}

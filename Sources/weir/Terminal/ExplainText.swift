import WeirCore
import WeirRuntime

/// One explained tick, for people and for programs.
struct ExplainedTick {
    private let found: RecordSearch.Found
    private let explanation: Explanation
    private let asked: Instant?
    private let now: Instant
    private let silence: RecordSearch.Silence?

    /// - Parameter asked: the moment that was asked for; nil: the last tick.
    init(_ found: RecordSearch.Found, asked: Instant?, now: Instant) {
        self.found = found
        self.asked = asked
        self.now = now
        var explanation = Explanation(found.tick, lastChange: found.lastChange)
        // What would have been decided is known only for code that decides as it was decided.
        if !found.isDecidedTheSame { explanation.alternatives = [] }
        // By the moment that is asked for it would have happened, and it has not.
        if let asked {
            explanation.alternatives.removeAll { alternative in
                if case .time = alternative.change { alternative.at <= asked } else { false }
            }
        }
        self.explanation = explanation
        // Of one that has left nothing more was to be recorded.
        silence = explanation.hasLeft ? nil : found.silence
    }

    private var paragraphs: [String] {
        let told = (silence.map { [Self.sentence($0)] } ?? []) + explanation.paragraphs
        if found.isDecidedTheSame { return told }
        return told + [
            "This weir decides this tick otherwise than it was decided then: weir replay \(found.path) tells how."
        ]
    }

    private static func sentence(_ silence: RecordSearch.Silence) -> String {
        let span =
            silence.until.map { "From \(silence.from.clock) to \(moment($0, after: silence.from))" }
            ?? "After \(silence.from.clock)"
        let due = silence.due.map { " (a tick was due at \(moment($0, after: silence.from)))" } ?? ""
        return "\(span) there are no records\(due): what was so then is not known, and this is the last before."
    }

    /// With its day where that is another one.
    private static func moment(_ moment: Instant, after former: Instant) -> String {
        moment.rfc3339.prefix(10) == former.rfc3339.prefix(10) ? moment.clock : moment.rfc3339
    }

    // MARK: For people

    func text(columns: Int?) -> String {
        let name = Terminal.paint(explanation.group, .bold)
        let heading = "\(name)  \(explanation.decision.change)  at \(explanation.at.clock), \(distance)"
        return ([heading] + paragraphs.map { "  " + $0 })
            .flatMap { HangingLine(text: $0, hanging: 4).wrapped(to: columns) }.joined(separator: "\n")
    }

    private var distance: String {
        guard let asked else { return "\((now - explanation.at).inWords) ago" }
        return asked == explanation.at
            ? "the moment asked for" : "\((asked - explanation.at).inWords) before \(asked.clock)"
    }

    // MARK: For programs

    struct View: Encodable {
        struct Seen: Encodable {
            var visible: Double?
            var inFlight: Double?
            var delayed: Double?
            var oldestAgeS: Double?
            var arrivalRate: Double?
            var completionRate: Double?
        }

        struct Instances: Encodable {
            var inService: Int
            var busy: Int
            /// Of those in service, how many do not count yet.
            var warming: Int
            var warmAt: String?
            var pending: Int
            var leaving: Int
            /// Out of service for good, and at work to the end.
            var finishing: Int
            var standby: Int
            var warmed: Int
        }

        struct Alarm: Encodable {
            var name: String
            var state: String
            var since: String
            var forS: Double
            var reason: String?
        }

        struct Link: Encodable {
            /// `asked`, `outranked`, `limited`, `held`, `quiet` or `noted`.
            var role: String
            var code: String
            var capacity: Int
            var sentence: String

            init(_ reason: Reason) {
                role = reason.role.rawValue
                code = reason.code
                capacity = reason.capacity
                sentence = reason.sentence
            }
        }

        struct Outcome: Encodable {
            var policy: String
            var alarm: String
            var at: String
            var reasons: [Link]
        }

        struct Change: Encodable {
            var at: String
            var from: Int
            var to: Int
            var reasons: [Link]
        }

        struct Otherwise: Encodable {
            /// `figure`, `time`, `maximum` or `minimum`.
            var change: String
            /// For a figure: which, as a policy file names it.
            var figure: String?
            var from: Double?
            var to: Double?
            /// For time: so much later.
            var afterS: Double?
            var at: String
            var desired: Int
            var reasons: [Link]
            var sentence: String
        }

        struct Silence: Encodable {
            var from: String
            var until: String?
            var due: String?
        }

        struct Place: Encodable {
            var file: String
            var line: Int
        }

        var group: String
        var at: String
        /// The moment that was asked for.
        var askedAt: String?
        /// Of the moment itself there are no records, though there should be: after which, before which, and when a tick was due.
        var silence: Silence?
        var from: Int
        var desired: Int
        var minSize: Int
        var maxSize: Int
        var seen: Seen?
        var instances: Instances
        var alarms: [Alarm]
        var reasons: [Link]
        /// What came of policies that were invoked earlier and whose alarm is still in its state.
        var earlierOutcomes: [Outcome]
        var lastChange: Change?
        var alternatives: [Otherwise]
        var text: String
        var record: Place
        var decidedTheSame: Bool
    }

    var view: View {
        let told = explanation
        return View(
            group: told.group, at: told.at.rfc3339, askedAt: asked?.rfc3339,
            silence: silence.map {
                View.Silence(from: $0.from.rfc3339, until: $0.until?.rfc3339, due: $0.due?.rfc3339)
            },
            from: told.decision.previousDesired,
            desired: told.decision.desired, minSize: told.minSize, maxSize: told.maxSize,
            seen: told.measurement.map(seen),
            instances: View.Instances(
                inService: told.fleet.inService, busy: told.fleet.busy, warming: told.fleet.warming,
                warmAt: told.fleet.warmAt?.rfc3339, pending: told.fleet.pending, leaving: told.fleet.leaving,
                finishing: told.fleet.finishing, standby: told.fleet.standby, warmed: told.fleet.warmed),
            alarms: told.alarms.map {
                View.Alarm(
                    name: $0.name, state: $0.state.rawValue, since: $0.since.rfc3339,
                    forS: (told.at - $0.since).inSeconds,
                    reason: $0.lastJudgement?.sentence)
            },
            reasons: told.decision.reasons.map(View.Link.init),
            earlierOutcomes: told.earlierOutcomes.map {
                View.Outcome(
                    policy: $0.policy, alarm: $0.alarm, at: $0.at.rfc3339, reasons: $0.reasons.map(View.Link.init))
            },
            lastChange: told.lastChange.map {
                View.Change(
                    at: $0.at.rfc3339, from: $0.decision.previousDesired, to: $0.decision.desired,
                    reasons: $0.decision.reasons.map(View.Link.init))
            },
            alternatives: told.alternatives.map(otherwise),
            text: paragraphs.joined(separator: " "),
            record: View.Place(file: found.path, line: found.line), decidedTheSame: found.isDecidedTheSame)
    }

    private func seen(_ measurement: Measurement) -> View.Seen {
        View.Seen(
            visible: measurement.visible.number, inFlight: measurement.inFlight.number,
            delayed: measurement.delayed.number, oldestAgeS: measurement.oldestAge.number,
            arrivalRate: measurement.arrivalRate.number, completionRate: measurement.completionRate.number)
    }

    private func otherwise(_ alternative: Alternative) -> View.Otherwise {
        var view = View.Otherwise(
            change: "", at: alternative.at.rfc3339, desired: alternative.decision.desired,
            reasons: alternative.decision.reasons.map(View.Link.init), sentence: alternative.sentence)
        switch alternative.change {
        case .figure(let metric, let from, let to):
            (view.change, view.figure, view.from, view.to) = ("figure", metric.rawValue, from, to)
        case .time(let span): (view.change, view.afterS) = ("time", span.inSeconds)
        case .maximum(let from, let to): (view.change, view.from, view.to) = ("maximum", Double(from), Double(to))
        case .minimum(let from, let to): (view.change, view.from, view.to) = ("minimum", Double(from), Double(to))
        }
        return view
    }
}

/// Why a group had the capacity that it had: one decision, told with all that led there and what would have led elsewhere.
public struct Explanation: Sendable, Equatable {
    /// A desired capacity that was changed, and why.
    public struct Change: Sendable, Equatable {
        public var at: Instant
        public var decision: Decision

        public init(at now: Instant, decision: Decision) {
            at = now
            self.decision = decision
        }
    }

    public var group: String
    public var at: Instant
    public var measurement: Measurement?
    /// When it was measured before, and since when its rates are; nil: never.
    public var measuredBefore: Instant?
    public var decision: Decision
    /// Minimum and maximum in force. Unit: instances.
    public var minSize: Int
    public var maxSize: Int
    /// In the order of the policy.
    public var alarms: [AlarmStatus]
    public var fleet: Fleet
    /// What came of policies that were invoked earlier and whose alarm is still in its state.
    public var earlierOutcomes: [PolicyOutcome]
    /// The last time that the desired capacity changed before; nil: not in the records.
    public var lastChange: Change?
    public var alternatives: [Alternative]
    /// Its policy was taken away, or weir drained.
    public var leaves: Bool
    /// It leaves, and nothing of it is there any more.
    public var hasLeft: Bool

    /// Unit: instances.
    public struct Fleet: Sendable, Equatable {
        public var inService: Int
        /// Of those in service, how many hold messages.
        public var busy: Int
        public var pending: Int
        public var leaving: Int
        /// Out of service for good, and finishing what they hold.
        public var finishing: Int
        /// Set aside, or on the way there.
        public var standby: Int
        /// In the warm pool, or being prepared for it.
        public var warmed: Int
        /// Of those in service, how many do not count yet in the eyes of the scaling policy that lets them warm up for longest.
        public var warming: Int
        /// When the last of them does; nil when all count.
        public var warmAt: Instant?
    }

    public init(_ tick: DecidedTick, lastChange: Change?) {
        let state = tick.evaluation.state
        group = tick.policy.name
        at = tick.at
        measurement = tick.observation.measurement
        measuredBefore = tick.before.lastMeasured
        decision = tick.evaluation.decision
        let bounds = Bounds(of: tick.policy, in: state)
        (minSize, maxSize) = (bounds.minimum, bounds.maximum)
        alarms = state.alarms
        let count = FleetCount(state.fleet)
        let warmingUntil = Self.warmingUntil(state.fleet, tick.policy, at: tick.at)
        fleet = Fleet(
            inService: count.inService,
            busy: state.fleet.count { $0.lifecycleState == .inService && $0.heldMessages > 0 }, pending: count.pending,
            leaving: count.leaving, finishing: count.finishing, standby: count.standby, warmed: count.warmed,
            warming: warmingUntil.count, warmAt: warmingUntil.max())
        earlierOutcomes = state.policyOutcomes.filter { $0.at != tick.at }
        self.lastChange = lastChange
        alternatives = Counterfactual(tick).alternatives()
        leaves = tick.policy.leaving
        hasLeft = leaves && state.hasNothingLeft
    }

    /// Until when each instance in service that is warming up does so.
    private static func warmingUntil(_ fleet: [Instance], _ policy: GroupPolicy, at now: Instant) -> [Instant] {
        let warmups = policy.scalingPolicies.map { scaling in
            switch scaling.kind {
            case .step(let step): policy.warmup(of: step)
            case .targetTracking(let tracking): policy.warmup(of: tracking)
            case .simple, .backlogTracking, .waitTarget: Duration.zero
            }
        }
        guard let longest = warmups.max() else { return [] }
        return fleet.filter { $0.lifecycleState == .inService }.map { ($0.inServiceAt ?? $0.stateSince) + longest }
            .filter { $0 > now }
    }
}

/// For people.
extension Explanation {
    /// The whole story: what was decided and why; what was seen; each alarm; what would have led elsewhere.
    public var paragraphs: [String] {
        let decided = [whatHappened] + whySentences + [changeSentence].compactMap { $0 }
        return [decided.joined(separator: " "), seenSentence + " " + fleetSentence] + alarmSentences
            + alternatives.map { Self.asSentence($0.sentence) }
    }

    private var whatHappened: String {
        let day = at.rfc3339.prefix(10)
        let moment = "At \(at.clock) UTC on \(day)"
        let why = "its policy was taken away, or weir drained"
        if hasLeft { return "\(moment) \(group) had left (\(why)), and no instance of it was there." }
        if leaves { return "\(moment) \(group) was leaving (\(why))." }
        guard decision.desired != decision.previousDesired else {
            return "\(moment) \(group) kept its desired capacity of \(decision.desired)\(bound)."
        }
        let verb = decision.desired > decision.previousDesired ? "scaled out" : "scaled in"
        return "\(moment) \(group) \(verb) from \(decision.previousDesired) to \(decision.desired)\(bound)."
    }

    private var bound: String {
        if minSize == maxSize { return ", its only size" }
        if decision.desired == maxSize { return ", its maximum" }
        return decision.desired == minSize ? ", its minimum" : ""
    }

    private var seenSentence: String {
        guard let measurement else { return "The queue was not measured on this tick." }
        var parts: [String] = []
        if let visible = measurement.visible.number {
            let age = visible > 0 ? measurement.oldestAge.number : nil
            let oldest = age.map { ", the oldest for \(ageText($0))" } ?? ""
            parts.append("\(messages(visible)) waiting\(oldest)")
        }
        if let inFlight = measurement.inFlight.number { parts.append("\(numberText(inFlight)) in flight") }
        if let delayed = measurement.delayed.number, delayed > 0 { parts.append("\(numberText(delayed)) delayed") }
        guard !parts.isEmpty else { return "The queue could not be measured\(missing(measurement))." }
        let known = [measurement.visible, measurement.inFlight, measurement.delayed].map(\.number)
        let isEmpty = known.allSatisfy { $0 == 0 }
        return (isEmpty ? "The queue was empty" : "The queue had \(parts.joined(separator: ", "))")
            + trafficText(measurement) + "."
    }

    /// Rates; or after a moment, of which a rate says nothing, what came and went in it.
    private func trafficText(_ measurement: Measurement) -> String {
        let span = measuredBefore.map { at - $0 }
        let isMoment = span.map { .zero < $0 && $0 < .seconds(1) } ?? false
        func text(_ rate: Double, counting count: Int?, _ what: String) -> String {
            if let span, isMoment { return counted(count ?? wholeNumber(rate * span.inSeconds), what) }
            return rate == 0 ? "no \(what)s" : "\(what)s \(rateText(rate))"
        }
        // The rate is of the time between two measurements, which is not that between two ticks.
        let traffic = measurement.traffic
        let parts = [
            measurement.arrivalRate.number.map { text($0, counting: traffic?.arrivals, "arrival") },
            measurement.completionRate.number.map { text($0, counting: traffic?.services.count, "completion") },
        ].compactMap { $0 }
        guard let span, isMoment, !parts.isEmpty else { return parts.map { "; " + $0 }.joined() }
        return "; in the \(span.inWords) before: " + parts.joined(separator: ", ")
    }

    private func missing(_ measurement: Measurement) -> String {
        guard case .missing(let reason) = measurement.visible else { return "" }
        switch reason {
        case .notTold: return ": the source did not say how many messages wait"
        case .sourceFailed(let why), .notBelieved(let why): return ": \(why)"
        case .notComputable: return ": a figure could not be computed"
        }
    }

    private func messages(_ count: Double) -> String { "\(numberText(count)) \(count == 1 ? "message" : "messages")" }

    private var fleetSentence: String {
        let were = fleet.inService == 1 ? "was" : "were"
        var text =
            fleet.inService == 0
            ? "No instance was in service" : "\(counted(fleet.inService, "instance")) \(were) in service"
        if fleet.busy > 0 { text += fleet.busy == fleet.inService ? ", at work" : ", \(fleet.busy) of them at work" }
        if let warmAt = fleet.warmAt {
            text += fleet.warming == fleet.inService ? ", warming up" : ", \(fleet.warming) of them warming up"
            text += " until \(warmAt.clock)"
        }
        if fleet.pending > 0 { text += ", \(fleet.pending) on the way" }
        if fleet.leaving > 0 { text += ", \(fleet.leaving) ending" }
        let their = fleet.finishing == 1 ? "its" : "their"
        if fleet.finishing > 0 { text += ", \(fleet.finishing) finishing \(their) work" }
        if fleet.standby > 0 { text += ", \(fleet.standby) standing by" }
        if fleet.warmed > 0 { text += ", \(fleet.warmed) in the warm pool" }
        return text + "."
    }

    /// Unit: alarms that are told one by one.
    private static let mostAlarms = 5

    private var alarmSentences: [String] {
        let raised = alarms.filter { $0.state != .ok }
        let told = alarms.count <= Self.mostAlarms ? alarms : Array(raised.prefix(Self.mostAlarms))
        let others = alarms.count - told.count
        let sentences = told.map { alarm in
            let facts = alarm.lastJudgement.map { ": \($0.sentence)" } ?? ""
            let span = at > alarm.since ? ", for \((at - alarm.since).inWords)" : ""
            return "\(alarm.name) was \(alarm.state == .ok ? "" : "in ")\(alarm.state.rawValue) since "
                + "\(alarm.since.clock)\(span)\(facts)."
        }
        if others == 0 { return sentences }
        let unsaid = raised.count > told.count ? "" : " and OK"
        return sentences + ["\(counted(others, "other alarm")) \(others == 1 ? "is" : "are") not told here\(unsaid)."]
    }

    private var whySentences: [String] {
        var sentences: [String] = []
        for (role, title) in Self.titles {
            let reasons = decision.reasons.filter { $0.role == role && $0.fact != .notMeasured }
            if reasons.isEmpty || role == .quiet && leaves { continue }
            sentences.append("\(title): \(reasons.map(\.sentence).joined(separator: "; ")).")
        }
        for outcome in earlierOutcomes {
            let came = outcome.reasons.map(\.sentence).joined(separator: "; ")
            sentences.append("At \(outcome.at.clock) \(outcome.alarm) had last invoked its policy, \(came).")
        }
        return sentences
    }

    private static let titles: [(ReasonRole, String)] = [
        (.asked, "Asked for"), (.outranked, "Asked for, and outranked"), (.limited, "Limited"), (.held, "Held back"),
        (.noted, "Noted"), (.quiet, "Nothing was asked for on this tick"),
    ]

    private var changeSentence: String? {
        guard decision.desired == decision.previousDesired, !leaves, let lastChange else { return nil }
        let why = lastChange.decision.spokenReasons.joined(separator: "; ")
        return "It has been \(lastChange.decision.desired) since \(lastChange.at.clock), "
            + "\((at - lastChange.at).inWords) before, when it went there from \(lastChange.decision.previousDesired): \(why)."
    }

    private static func asSentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() + "." }
}

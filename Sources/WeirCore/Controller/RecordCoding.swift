// How a record travels. There are millions of them, so what is empty is left out, and what every tick has is short.

extension Record: Codable {
    private enum Key: String, CodingKey {
        case version, group, tick, at, dryRun, checkpoint, seen, desired, was, reasons, transitions, actions, answers,
            events,
            notifications, next
    }

    /// Stands in the line of each tick that changed the desired capacity, since version 4.
    public static let markOfChange = "\"was\":"

    /// - Throws: `DecodingError`, also for a version that is too old or too new.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let version = try container.decode(Int.self, forKey: .version)
        guard version != Self.oldestVersion else {
            self = try RecordOfVersion3(from: decoder).record
            return
        }
        guard version == Self.currentVersion else {
            throw DecodingError.dataCorruptedError(
                forKey: .version, in: container,
                debugDescription: "version \(version); this weir reads \(Self.oldestVersion) to \(Self.currentVersion)")
        }
        self.version = version
        group = try container.decode(String.self, forKey: .group)
        tick = try container.decodeIfPresent(Int.self, forKey: .tick) ?? 0
        let now = try container.decode(Instant.self, forKey: .at)
        at = now
        dryRun = try container.decodeIfPresent(Bool.self, forKey: .dryRun) ?? false
        observation = try container.decode(ObservationOnTheWay.self, forKey: .seen).observation
        let desired = try container.decode(Int.self, forKey: .desired)
        decision = Decision(
            previousDesired: try container.decodeIfPresent(Int.self, forKey: .was) ?? desired, desired: desired,
            reasons: try container.decode([Reason].self, forKey: .reasons))
        alarmTransitions = try container.decodeIfPresent([AlarmTransition].self, forKey: .transitions) ?? []
        plan = Plan(actions: try container.decodeIfPresent([PlannedAction].self, forKey: .actions) ?? [])
        answers = try container.decodeIfPresent([Answer].self, forKey: .answers) ?? []
        events = try container.decodeIfPresent([FleetEvent].self, forKey: .events) ?? []
        notifications = try container.decodeIfPresent([AlarmNotification].self, forKey: .notifications) ?? []
        if let spans = try container.decodeIfPresent([Int64].self, forKey: .next), spans.count == 2 {
            next = Next(tick: now + .milliseconds(spans[0]), measurement: now + .milliseconds(spans[1]))
        }
        checkpoint = try container.decodeIfPresent(Checkpoint.self, forKey: .checkpoint)
    }

    /// Always as the present version.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(Self.currentVersion, forKey: .version)
        try container.encode(group, forKey: .group)
        if tick != 0 { try container.encode(tick, forKey: .tick) }
        try container.encode(at, forKey: .at)
        if dryRun { try container.encode(true, forKey: .dryRun) }
        try container.encodeIfPresent(checkpoint, forKey: .checkpoint)
        try container.encode(ObservationOnTheWay(observation), forKey: .seen)
        try container.encode(decision.desired, forKey: .desired)
        if decision.previousDesired != decision.desired { try container.encode(decision.previousDesired, forKey: .was) }
        try container.encode(decision.reasons, forKey: .reasons)
        try container.encodeUnlessEmpty(alarmTransitions, forKey: .transitions)
        try container.encodeUnlessEmpty(plan.actions, forKey: .actions)
        try container.encodeUnlessEmpty(answers, forKey: .answers)
        try container.encodeUnlessEmpty(events, forKey: .events)
        try container.encodeUnlessEmpty(notifications, forKey: .notifications)
        if let next {
            let spans = [next.tick, next.measurement].map { ($0 - at).wholeMilliseconds }
            try container.encode(spans, forKey: .next)
        }
    }
}

/// An observation of which only that travels which was seen.
private struct ObservationOnTheWay: Codable {
    var observation: Observation

    private enum Key: String, CodingKey {
        case measurement, listing, held, outcomes, requests, restarted, health, ceiling
    }

    init(_ observation: Observation) {
        self.observation = observation
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        observation = Observation()
        observation.measurement =
            try container.decodeIfPresent(MeasurementOnTheWay.self, forKey: .measurement)?.measurement
        observation.listing = try container.decodeIfPresent(Listing.self, forKey: .listing)
        observation.held = try container.decodeIfPresent([HeldOnTheWay].self, forKey: .held)?.map(\.held)
        observation.outcomes = try container.decodeIfPresent([ActionOutcome].self, forKey: .outcomes) ?? []
        observation.requests = try container.decodeIfPresent([Request].self, forKey: .requests) ?? []
        observation.restarted = try container.decodeIfPresent(Bool.self, forKey: .restarted) ?? false
        observation.health = try container.decodeIfPresent([HealthReport].self, forKey: .health) ?? []
        observation.ceiling = try container.decodeIfPresent(FleetCeiling.self, forKey: .ceiling)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encodeIfPresent(observation.measurement.map(MeasurementOnTheWay.init), forKey: .measurement)
        try container.encodeIfPresent(observation.listing, forKey: .listing)
        try container.encodeIfPresent(observation.held?.map(HeldOnTheWay.init), forKey: .held)
        try container.encodeUnlessEmpty(observation.outcomes, forKey: .outcomes)
        try container.encodeUnlessEmpty(observation.requests, forKey: .requests)
        if observation.restarted { try container.encode(true, forKey: .restarted) }
        try container.encodeUnlessEmpty(observation.health, forKey: .health)
        try container.encodeIfPresent(observation.ceiling, forKey: .ceiling)
    }
}

/// `["i-077a15f97a28847a6",1]`
private struct HeldOnTheWay: Codable {
    var held: HeldMessages

    init(_ held: HeldMessages) {
        self.held = held
    }

    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        held = HeldMessages(
            instance: try container.decode(InstanceID.self), messages: try container.decode(Int.self))
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(held.instance)
        try container.encode(held.messages)
    }
}

/// Figures that the source does not have are left out, and exact ones are plain numbers.
private struct MeasurementOnTheWay: Codable {
    var measurement: Measurement

    private enum Key: String, CodingKey {
        case visible, inFlight, delayed, oldestAge, arrivalRate, completionRate, asOf, traffic
    }

    init(_ measurement: Measurement) {
        self.measurement = measurement
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        func reading(_ key: Key) throws -> Reading {
            try container.decodeIfPresent(ReadingOnTheWay.self, forKey: key)?.reading ?? .missing(.notTold)
        }
        measurement = Measurement(
            visible: try reading(.visible), inFlight: try reading(.inFlight), delayed: try reading(.delayed),
            oldestAge: try reading(.oldestAge), arrivalRate: try reading(.arrivalRate),
            completionRate: try reading(.completionRate),
            asOf: try container.decodeIfPresent(Instant.self, forKey: .asOf))
        measurement.traffic = try container.decodeIfPresent(Traffic.self, forKey: .traffic)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        let figures: [(Reading, Key)] = [
            (measurement.visible, .visible), (measurement.inFlight, .inFlight), (measurement.delayed, .delayed),
            (measurement.oldestAge, .oldestAge), (measurement.arrivalRate, .arrivalRate),
            (measurement.completionRate, .completionRate),
        ]
        for (reading, key) in figures {
            switch reading {
            case .value(let value): try container.encode(value, forKey: key)
            case .missing(.notTold): break
            case .estimate, .missing: try container.encode(reading, forKey: key)
            }
        }
        try container.encodeIfPresent(measurement.asOf, forKey: .asOf)
        try container.encodeIfPresent(measurement.traffic, forKey: .traffic)
    }
}

private struct ReadingOnTheWay: Decodable {
    var reading: Reading

    init(from decoder: any Decoder) throws {
        if let value = try? decoder.singleValueContainer().decode(Double.self) {
            reading = .value(value)
        } else {
            reading = try Reading(from: decoder)
        }
    }
}

/// Every field under its name, whether there is anything in it or not.
private struct RecordOfVersion3: Decodable {
    var group: String
    var at: Instant
    var dryRun: Bool
    var checkpoint: Record.Checkpoint?
    var observation: Observation
    var alarmTransitions: [AlarmTransition]
    var decision: Decision
    var plan: Plan
    var answers: [Answer]
    var events: [FleetEvent]
    var notifications: [AlarmNotification]

    var record: Record {
        var evaluation = Evaluation(
            state: GroupState(seed: 0, createdAt: at, desiredCapacity: 0), alarmTransitions: alarmTransitions,
            decision: decision, plan: plan, answers: answers, events: events, nextTick: at, nextMeasurement: at)
        evaluation.notifications = notifications
        var record = Record(
            group: group, at: at, dryRun: dryRun, checkpoint: checkpoint, observation: observation,
            evaluation: evaluation)
        record.version = Record.oldestVersion
        record.next = nil
        return record
    }
}

extension KeyedEncodingContainer {
    fileprivate mutating func encodeUnlessEmpty(_ values: [some Encodable], forKey key: Key) throws {
        if !values.isEmpty { try encode(values, forKey: key) }
    }
}

import WeirCore

/// While the source does not answer, nothing is scaled in by a policy or by the fallback; and when the fallback is due there are as
/// many wanted as it says, also from nothing, unless somebody has said otherwise since.
struct FallbackKept {
    private struct Sight {
        var silentSince: Int64?
        var isOverruled = false
    }

    private var sights: [Sight]
    /// From the first failure that is heard to the tick that concludes from it, besides the poll interval.
    private static let slack: Int64 = 60_000

    init(_ groups: Int) {
        sights = Array(repeating: Sight(), count: groups)
    }

    /// What a process has not heard itself it need not conclude from.
    mutating func beginsAnew(_ group: StormGroup) { sights[group.number].silentSince = nil }

    /// What the last process heard and could not store was not heard.
    mutating func begins(_ group: StormGroup, _ state: GroupState) {
        if state.silence?.isOverruled == true { sights[group.number].isOverruled = true }
    }

    mutating func check(_ record: Record, of group: StormGroup, in storm: Storm) {
        guard group.isWanted else {
            sights[group.number] = Sight()
            return
        }
        if let measurement = record.observation.measurement { follow(measurement, record.at, group, storm) }
        if record.decision.reasons.contains(where: { setsCapacity($0.fact) }) {
            sights[group.number].isOverruled = true
        }
        guard let since = sights[group.number].silentSince else { return }
        if record.observation.measurement != nil { checkNothingShrinks(record, group, storm) }
        checkFloor(record, group, storm, since)
    }

    private mutating func follow(_ measurement: Measurement, _ at: Instant, _ group: StormGroup, _ storm: Storm) {
        let isOld = measurement.asOf.map { at - $0 > group.policy.suspicion.staleAfter } ?? false
        if isOld || measurement.visible.number == nil {
            sights[group.number].silentSince = sights[group.number].silentSince ?? storm.now
        } else {
            sights[group.number] = Sight()
        }
    }

    private func setsCapacity(_ fact: Reason.Fact) -> Bool {
        switch fact {
        case .setByOperator, .endedByOperator, .standbyBegan, .scheduled: true
        default: false
        }
    }

    private func checkNothingShrinks(_ record: Record, _ group: StormGroup, _ storm: Storm) {
        guard record.decision.desired < record.decision.previousDesired else { return }
        for reason in record.decision.reasons {
            switch reason.fact {
            case .setByOperator, .endedByOperator, .standbyBegan, .standbyEnded, .scheduled, .limitedToMaximum,
                .sizesOfFile:
                return
            default: break
            }
        }
        storm.violate(
            .fallbackKept, "\(group.name): \(record.decision.change), and the source has said nothing")
    }

    private func checkFloor(_ record: Record, _ group: StormGroup, _ storm: Storm, _ since: Int64) {
        let fallback = group.policy.fallback
        let floor: Int
        switch fallback.kind {
        case .hold: return
        case .floor(let count), .capacity(let count): floor = count
        }
        guard !sights[group.number].isOverruled, storm.clockSetAt < since else { return }
        let due = since + (fallback.after + group.policy.pollInterval).wholeMilliseconds + Self.slack
        guard storm.now > due else { return }
        let isSuspended = record.decision.reasons.contains { reason in
            if case .suspended(.alarmNotification) = reason.fact { true } else { false }
        }
        let wanted = min(floor, storm.checks.boundsInForce(group).maximum)
        guard !isSuspended, record.decision.desired < wanted else { return }
        storm.violate(
            .fallbackKept,
            "\(group.name) wants \(record.decision.desired), and its fallback is \(fallback.kind.text); "
                + "the source has not answered for \((storm.now - since) / 1000) s")
    }
}

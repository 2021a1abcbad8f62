import WeirCore
import WeirRuntime

// What the queue source says, and when.

extension Storm {
    func measure(_ group: StormGroup, _ number: Int) {
        let slot = measurements.put(
            AnswerOnTheWay(group: group.number, life: group.life, number: number, value: truth(of: group)))
        let way = 5 + Int64(chance.below(100))
        if now < group.sourceIsAwayUntil {
            measurements[slot]?.value = failure("connection refused")
            return agenda.add(.measured(slot), at: now + (chance.one(in: 3) ? 5000 : way))
        }
        if let frozen = group.frozen, now < frozen.until {
            checks.sourceLies(group, in: self)
            measurements[slot]?.value = frozen.answer
            return agenda.add(.measured(slot), at: now + way)
        }
        guard isStormy, chance.one(in: 30) else { return agenda.add(.measured(slot), at: now + way) }
        switch chance.below(8) {
        case 0, 1:
            faults.add(.answerLost)
            measurements[slot]?.value = failure("no answer within 10 s")
            agenda.add(.measured(slot), at: now + 10_000)
        case 2, 3:
            faults.add(.answerLate)
            agenda.add(.measured(slot), at: now + chance.spell(20_000))
        case 4, 5:
            faults.add(.answerDoubled)
            agenda.add(.measured(slot), at: now + way)
            let again = measurements.put(
                AnswerOnTheWay(group: group.number, life: group.life, number: number, value: truth(of: group)))
            agenda.add(.measured(again), at: now + way + chance.spell(5000))
        case 6:
            faults.add(.suddenZero)
            if !checks.isDoubted(zeroOf: group, in: self) { checks.sourceLies(group, in: self) }
            measurements[slot]?.value = nothing
            agenda.add(.measured(slot), at: now + way)
        default:
            faults.add(.staleAnswer)
            checks.sourceLies(group, in: self)
            let answer = group.lastMeasurement ?? truth(of: group)
            measurements[slot]?.value = answer
            if group.plan.saysWhen, answer.visible.number != nil, chance.one(in: 2) {
                group.frozen = (answer, until: now + chance.spell(900_000))
            }
            agenda.add(.measured(slot), at: now + way)
        }
    }

    private func failure(_ why: String) -> Measurement {
        if options.bug == .outageTakenForZero { return nothing }
        return .missing(.sourceFailed(why))
    }

    private var nothing: Measurement {
        Measurement(visible: .value(0), inFlight: .value(0), delayed: .value(0), oldestAge: .value(0))
    }

    private func truth(of group: StormGroup) -> Measurement {
        // Whoever was refused asks again.
        handOut(group)
        let inFlight = options.bug == .inFlightNotCounted ? 0 : group.letters.inFlight
        checks.isMeasured(group, in: self)
        var measurement = Measurement(
            visible: .value(Double(group.letters.visible)), inFlight: .value(Double(inFlight)), delayed: .value(0),
            oldestAge: .value(Double(group.letters.oldestAgeMs(at: now)) / 1000))
        if group.plan.saysWhen { measurement.asOf = wall }
        return measurement
    }

    func deliverMeasurement(_ slot: Int) {
        guard let answer = measurements.take(slot) else { return }
        let group = groups[answer.group]
        guard answer.life == group.life, group.loop != nil else { return }
        group.lastMeasurement = answer.value
        checks.isHeard(answer.value, group)
        group.loop?.value.measured(answer.value, by: answer.number, at: wall)
        carryOut(group)
        signal(group)
    }
}

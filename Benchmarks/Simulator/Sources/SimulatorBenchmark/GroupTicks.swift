import WeirCore

/// Deciding for many groups, one tick of each after the other: four instances, all that a tick may see, and the record of it. What
/// is asked of sources and launchers, and what is written, is not part of it.
struct GroupTicks {
    private let count: Int
    private let policy = Policies.steps

    init(_ count: Int) {
        self.count = count
    }

    func run() {
        var now = Instant(milliseconds: 1_767_571_200_000)
        var states = (0..<count).map { begun(UInt64($0), at: now) }
        var longest = 0.0
        var records = 0
        for round in 0..<10 {
            now = now + .seconds(60)
            let before = Processor.seconds
            for index in states.indices {
                let observation = seen(states[index], busy: (index + round) % 5)
                var evaluation = evaluate(policy, take(&states[index], now), observation, at: now)
                swap(&states[index], &evaluation.state)
                let record = Record(
                    group: policy.name, at: now, dryRun: false, observation: observation, evaluation: evaluation)
                records += record.decision.reasons.count
            }
            longest = max(longest, Processor.seconds - before)
        }
        print("{\"groups\":\(count),\"reasons\":\(records),\"seconds\":\(longest)}")
    }

    private func take(_ state: inout GroupState, _ now: Instant) -> GroupState {
        var taken = GroupState(seed: 0, createdAt: now, desiredCapacity: 0)
        swap(&taken, &state)
        return taken
    }

    private func begun(_ seed: UInt64, at now: Instant) -> GroupState {
        var state = GroupState(startingWith: policy, seed: seed, at: now)
        state.desiredCapacity = 4
        for number in 0..<4 as Range<UInt64> {
            let digits = String(1 << 64 + UInt128(seed * 4 + number), radix: 16)
            let instance = Instance(
                id: InstanceID("i-" + digits), lifecycleState: .inService, launchedAt: now, inServiceAt: now,
                stateSince: now)
            state.fleet.append(instance)
        }
        return state
    }

    private func seen(_ state: GroupState, busy: Int) -> Observation {
        let measurement = Measurement(
            visible: .value(Double(busy)), inFlight: .value(Double(min(busy, 4))), delayed: .value(0),
            oldestAge: .value(Double(busy)), arrivalRate: .value(1), completionRate: .value(1))
        let listed = state.fleet.map { ListedInstance(id: $0.id, phase: .running) }
        return Observation(
            measurement: measurement, listing: .instances(listed),
            held: state.fleet.prefix(busy).map { HeldMessages(instance: $0.id, messages: 1) })
    }
}

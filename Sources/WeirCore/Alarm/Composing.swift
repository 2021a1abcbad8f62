// Composite alarms: from the states of others to their own.

extension Tick {
    /// Every composite alarm is judged after all that it names. Those that name each other in a circle keep their state; a
    /// policy file is refused for that.
    mutating func judgeCompositeAlarms() {
        if policy.compositeAlarms.isEmpty { return }
        var open = Array(policy.compositeAlarms.indices)
        while !open.isEmpty {
            let names = open.map { policy.compositeAlarms[$0].name }
            let ready = open.filter { !policy.compositeAlarms[$0].rule.alarms.contains(where: names.contains) }
            guard !ready.isEmpty else { return }
            for composite in ready { judgeComposite(composite) }
            open.removeAll(where: ready.contains)
        }
    }

    private mutating func judgeComposite(_ composite: Int) {
        let rule = policy.compositeAlarms[composite].rule
        let holds = rule.holds { name in state.alarms.first { $0.name == name }?.state }
        let children = rule.alarms.compactMap { name in
            state.alarms.first { $0.name == name }.map { RuleJudgement.Child(alarm: name, state: $0.state) }
        }
        let index = policy.alarms.count + composite
        state.alarms[index].lastJudgement = .rule(
            RuleJudgement(ruleText: rule.text, holds: holds, alarms: children))
        enter(holds ? .alarm : .ok, alarm: index)
    }

    /// When an alarm's state changes, its actions are due.
    @inline(__always)
    mutating func enter(_ judged: AlarmState, alarm index: Int) {
        if judged != state.alarms[index].state { change(to: judged, alarm: index) }
    }

    private mutating func change(to judged: AlarmState, alarm index: Int) {
        guard let judgement = state.alarms[index].lastJudgement else { return }
        let former = state.alarms[index].state
        state.alarms[index].enter(judged, at: now)
        let name = state.alarms[index].name
        if actsOnAlarm(index) {
            for action in actions(ofAlarm: index, entering: judged) {
                notifications.append(
                    AlarmNotification(
                        alarm: name, from: former, to: judged, reason: judgement.sentence, action: action, at: now))
            }
        }
        transitions.append(AlarmTransition(alarm: name, from: former, to: judged, judgement: consume judgement))
    }

    /// Alarms are counted with the metric alarms first, then the composite ones, as in the state.
    func actions(ofAlarm index: Int, entering state: AlarmState) -> [AlarmAction] {
        index < policy.alarms.count
            ? policy.alarms[index].actions[state] : policy.compositeAlarms[index - policy.alarms.count].actions[state]
    }

    /// Its actions are on.
    func actsOnAlarm(_ index: Int) -> Bool {
        index < policy.alarms.count
            ? policy.alarms[index].actions.enabled
            : policy.compositeAlarms[index - policy.alarms.count].actions.enabled
    }

    /// The first of these.
    func firstMetricAlarm(behind index: Int) -> Int? {
        index < policy.alarms.count ? index : metricAlarms(behind: index).first
    }

    /// The metric alarms that an alarm's state rests on, in the order in which rules name them: of a metric alarm itself.
    func metricAlarms(behind index: Int) -> [Int] {
        if index < policy.alarms.count { return [index] }
        var found: [Int] = []
        var seen: [Int] = []
        gather(behind: index, into: &found, seen: &seen)
        return found
    }

    private func gather(behind index: Int, into found: inout [Int], seen: inout [Int]) {
        guard !seen.contains(index) else { return }
        seen.append(index)
        if index < policy.alarms.count {
            found.append(index)
            return
        }
        for name in policy.compositeAlarms[index - policy.alarms.count].rule.alarms {
            guard let child = state.alarms.firstIndex(where: { $0.name == name }) else { continue }
            gather(behind: child, into: &found, seen: &seen)
        }
    }
}

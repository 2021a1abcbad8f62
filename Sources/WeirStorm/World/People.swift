import WeirCore
import WeirRuntime

// What operators ask, at any time and of any instance.

extension Storm {
    func operatorActs() {
        guard isStormy else { return }
        agenda.add(.operatorActs, at: now + chance.spell(Self.operatorMs))
        let group = chance.pick(groups)
        guard let kind = wish(of: group) else { return }
        faults.add(.operatorAsked)
        tell("asked by people: \(kind)")
        ask(kind, of: group, .operatorAsked(kind))
    }

    private func wish(of group: StormGroup) -> Request.Kind? {
        let fleet = group.loop?.value.stored.state.fleet ?? []
        let one = fleet.isEmpty ? nil : chance.pick(fleet)
        let coin = chance.one(in: 2)
        switch chance.below(19) {
        case 0...2: return .setDesired(chance.below(16), honorCooldown: coin && chance.one(in: 2))
        case 3, 4: return one.map { .setProtection([$0.id], protected: true) }
        case 5: return one.map { .setProtection([$0.id], protected: false) }
        case 6: return .suspend([chance.pick(ScalingProcess.allCases)])
        case 7, 8: return .resume([])
        case 9: return one.map { .terminate($0.id, decrementDesired: coin) }
        case 10: return one.map { .enterStandby([$0.id], decrementDesired: coin) }
        case 11, 12:
            return fleet.first { $0.lifecycleState == .standby }.map { .exitStandby([$0.id]) }
        case 13: return one.map { .setHealth($0.id, healthy: coin, respectGracePeriod: chance.one(in: 2)) }
        case 14: return .startRefresh(nil)
        case 15: return coin ? .cancelRefresh : .rollBackRefresh
        case 16:
            guard let waiting = fleet.first(where: { !$0.hooks.isEmpty }) else { return nil }
            return .completeLifecycle(
                hook: waiting.hooks[0].hook.name, instance: waiting.id, token: nil, coin ? .abandon : .continue)
        case 17: return .resetBackoffs
        default:
            guard let waiting = fleet.first(where: { !$0.hooks.isEmpty }) else { return nil }
            return .recordHeartbeat(hook: waiting.hooks[0].hook.name, instance: waiting.id, token: nil)
        }
    }

    /// Workers, or scripts, complete the hooks that are waited for.
    func completeHooks(_ group: StormGroup) {
        for instance in group.loop?.value.stored.state.fleet ?? [] {
            for wait in instance.hooks where !wait.hook.runsCommand {
                ask(
                    .completeLifecycle(hook: wait.hook.name, instance: instance.id, token: wait.token, .continue),
                    of: group, .ignored)
            }
        }
    }
}

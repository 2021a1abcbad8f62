import Synchronization
import WeirCore
import WeirRuntime

/// A control plane without a control loop: it holds what it is given, and decides the oldest requests by the few rules that
/// the API's answers depend on, the others as a tick would.
final class PretendFleet: ControlPlane {
    private struct State {
        var groups: [GroupSnapshot]
        /// What the next requests are answered, before any rule.
        var refusals: [Refusal] = []
        var finds = 0
    }

    private let state: Mutex<State>
    private let now: @Sendable () -> Instant

    init(_ groups: [GroupSnapshot], now: @escaping @Sendable () -> Instant) {
        self.now = now
        state = Mutex(State(groups: groups.sorted { $0.policy.name < $1.policy.name }))
    }

    func groups() async -> [GroupSnapshot] { state.withLock { $0.groups } }

    func group(named name: String) async -> GroupSnapshot? {
        state.withLock { $0.groups.first { $0.policy.name == name } }
    }

    func find(_ instance: InstanceID) async -> (group: String, instance: Instance)? {
        state.withLock { state in
            state.finds += 1
            for group in state.groups {
                if let found = group.state.fleet.first(where: { $0.id == instance }) {
                    return (group.policy.name, found)
                }
            }
            return nil
        }
    }

    func request(_ kind: Request.Kind, of group: String) async -> Answer.Result? {
        state.withLock { state in
            guard let index = state.groups.firstIndex(where: { $0.policy.name == group }) else { return nil }
            if !state.refusals.isEmpty { return .refused(state.refusals.removeFirst()) }
            return Self.decide(kind, on: &state.groups[index], at: now())
        }
    }

    private static func decide(
        _ kind: Request.Kind, on group: inout GroupSnapshot, at now: Instant
    ) -> Answer.Result? {
        switch kind {
        case .setDesired, .setProtection, .suspend, .resume, .terminate: return decide(kind, on: &group.state)
        case .enterStandby, .exitStandby, .completeLifecycle, .recordHeartbeat, .setHealth, .startRefresh,
            .cancelRefresh, .rollBackRefresh, .resetBackoffs:
            let observation = Observation(requests: [Request(id: 1, kind: kind)])
            let evaluation = evaluate(group.policy, group.state, observation, at: now)
            group.state = evaluation.state
            group.lastDecision = DatedDecision(at: now, decision: evaluation.decision)
            return evaluation.answers.first?.result
        }
    }

    private static func decide(_ kind: Request.Kind, on state: inout GroupState) -> Answer.Result? {
        switch kind {
        case .setDesired(let capacity, _):
            state.desiredCapacity = capacity
            return .accepted("desired capacity is \(capacity)")
        case .setProtection(let instances, let isProtected):
            var fleet = state.fleet
            for id in instances {
                guard let index = fleet.firstIndex(where: { $0.id == id }) else { return .refused(.noSuchInstance(id)) }
                switch fleet[index].lifecycleState {
                case .inService, .enteringStandby, .standby: break
                case .pending, .pendingWait, .draining, .terminatingWait, .terminating, .warmedPending,
                    .warmedStopped, .warmedHibernated:
                    return .refused(.notInService(id, fleet[index].lifecycleState))
                }
                fleet[index].protectedFromScaleIn = isProtected
            }
            state.fleet = fleet
            return .accepted("protection is \(isProtected ? "on" : "off")")
        case .suspend(let processes):
            state.suspended = processes.isEmpty ? ScalingProcess.allCases : processes
            return .accepted("suspended")
        case .resume:
            state.suspended = []
            return .accepted("resumed")
        case .terminate(let id, _):
            guard state.fleet.contains(where: { $0.id == id }) else { return .refused(.noSuchInstance(id)) }
            state.fleet.removeAll { $0.id == id }
            return .accepted("it was asked to end")
        case .enterStandby, .exitStandby, .completeLifecycle, .recordHeartbeat, .setHealth, .startRefresh,
            .cancelRefresh, .rollBackRefresh, .resetBackoffs:
            return nil
        }
    }

    // MARK: For specs

    func refuseNext(_ refusal: Refusal) { state.withLock { $0.refusals.append(refusal) } }

    func change(_ group: String, _ change: (inout GroupSnapshot) -> Void) {
        state.withLock { state in
            if let index = state.groups.firstIndex(where: { $0.policy.name == group }) { change(&state.groups[index]) }
        }
    }

    /// How often an instance was looked for.
    var finds: Int { state.withLock { $0.finds } }
}

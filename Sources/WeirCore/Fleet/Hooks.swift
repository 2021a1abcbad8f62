// Instances that wait for lifecycle hooks.

extension Tick {
    /// It waits for every hook of this transition at once.
    /// - Returns: false when there is none.
    mutating func beginHooks(_ position: Int, _ transition: LifecycleTransition) -> Bool {
        guard policy.lifecycleHooks.contains(where: { $0.transition == transition }) else { return false }
        let hooks = policy.lifecycleHooks.filter { $0.transition == transition }
        let id = state.fleet[position].id
        state.fleet[position].hooks = hooks.map { HookWait($0, token: state.drawToken(), since: now) }
        for hook in hooks {
            record(.hookBegan(hook.name), of: id)
            if hook.runsCommand { orderHook(id, hook.name, .lifecycle(transition)) }
        }
        return true
    }

    mutating func orderHook(_ id: InstanceID, _ hook: String, _ why: ActionReason) {
        order(.runHook(id, hook: hook), why)
    }

    /// Nobody completed them in time.
    @inline(__always)
    mutating func expireHooks() {
        for position in state.fleet.indices.reversed() where !state.fleet[position].hooks.isEmpty {
            // One that is abandoned takes the others with it.
            while let wait = state.fleet[position].hooks.first(where: { $0.expiresAt <= now }) {
                complete(position, wait.token, wait.hook.defaultResult, .timeout)
            }
        }
    }

    /// The end of one hook; of the last one, or an abandoned one, the instance goes on.
    mutating func complete(_ position: Int, _ token: String, _ result: LifecycleResult, _ cause: HookEnd) {
        guard let index = state.fleet[position].hooks.firstIndex(where: { $0.token == token }) else { return }
        let wait = state.fleet[position].hooks.remove(at: index)
        let id = state.fleet[position].id
        record(.hookEnded(wait.hook.name, result, cause), of: id)
        if result == .abandon { state.fleet[position].hooks = [] }
        switch state.fleet[position].lifecycleState {
        case .pendingWait:
            if result == .abandon {
                let instance = state.fleet[position]
                depart(position, .abandoned)
                countLaunchFailure(
                    of: instance, "\(id): launch hook \(wait.hook.name) was abandoned, \(cause.sentence)")
            } else if state.fleet[position].hooks.isEmpty {
                enterService(position)
            }
        case .terminatingWait: if state.fleet[position].hooks.isEmpty { stop(position, .hooksCompleted) }
        case .pending, .inService, .enteringStandby, .standby, .draining, .terminating, .warmedPending,
            .warmedStopped, .warmedHibernated:
            break
        }
    }

    /// A command that weir ran for a hook has ended.
    mutating func takeHookRun(_ id: InstanceID, _ hook: String, _ result: ActionOutcome.Result) {
        guard let position = state.fleet.firstIndex(where: { $0.id == id }),
            let wait = state.fleet[position].hooks.first(where: { $0.hook.name == hook })
        else { return }
        switch result {
        case .failed(let why): complete(position, wait.token, wait.hook.defaultResult, .commandFailed(why))
        case .done, .drained: complete(position, wait.token, .continue, .command)
        }
    }

    /// It counts from now on.
    mutating func enterService(_ position: Int) {
        state.fleet[position].lifecycleState = .inService
        state.fleet[position].stateSince = now
        state.fleet[position].inServiceAt = now
        record(.cameIntoService(after: now - state.fleet[position].launchedAt), of: state.fleet[position].id)
    }

    /// It runs: into service, or to its launch hooks first.
    mutating func arrive(_ position: Int) {
        if beginHooks(position, .launching) {
            state.fleet[position].lifecycleState = .pendingWait
            state.fleet[position].stateSince = now
        } else {
            enterService(position)
        }
    }
}

/// What ended the wait for a hook.
public enum HookEnd: Sendable, Equatable, Codable {
    /// The worker or a script completed it.
    case request
    /// The command that weir ran for it ended well.
    case command
    case commandFailed(String)
    /// Nobody completed it in time.
    case timeout

    var sentence: String {
        switch self {
        case .request: "by whoever completed it"
        case .command: "by its command"
        case .commandFailed(let why): "as its command failed: \(why)"
        case .timeout: "as nobody completed it in time"
        }
    }
}

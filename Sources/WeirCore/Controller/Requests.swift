// What operators and workers ask of a group.

extension Tick {
    @inline(__always)
    mutating func answerRequests() {
        for request in observation.requests {
            let result: Answer.Result
            do {
                result = .accepted(try answer(request.kind))
            } catch {
                result = .refused(error)
            }
            answers.append(Answer(requestID: request.id, result: result))
        }
    }

    /// - Returns: a sentence that says what now holds.
    private mutating func answer(_ kind: Request.Kind) throws(Refusal) -> String {
        switch kind {
        case .setDesired(let asked, let honorCooldown): try setDesired(asked, honorCooldown: honorCooldown)
        case .setProtection(let instances, let protected): try setProtection(instances, protected)
        case .suspend(let processes): suspend(processes)
        case .resume(let processes): resume(processes)
        case .terminate(let instance, let decrement): try terminate(instance, decrementDesired: decrement)
        case .enterStandby(let instances, let decrement): try enterStandby(instances, decrementDesired: decrement)
        case .exitStandby(let instances): try exitStandby(instances)
        case .completeLifecycle(let hook, let instance, let token, let result):
            try completeLifecycle(hook, instance, token, result)
        case .recordHeartbeat(let hook, let instance, let token): try recordHeartbeat(hook, instance, token)
        case .setHealth(let instance, let healthy, let respectGracePeriod):
            try setHealth(instance, healthy, respectGracePeriod: respectGracePeriod)
        case .startRefresh(let preferences): try startRefresh(preferences ?? policy.instanceRefresh)
        case .cancelRefresh: try cancelRefresh()
        case .rollBackRefresh: try rollBackRefresh()
        case .resetBackoffs: resetBackoffs()
        }
    }

    /// Beyond the bounds it is clamped. What an operator sets ignores the cooldown, unless it is to be honoured; and it is
    /// a fresh start for launching.
    private mutating func setDesired(_ asked: Int, honorCooldown: Bool) throws(Refusal) -> String {
        if policy.leaving { throw .groupIsLeaving }
        if honorCooldown, let cooldown = state.cooldown {
            // While the activity is under way the end is not known yet; it is at least a whole cooldown away.
            let until = cooldown.until ?? now + cooldown.span
            if until > now { throw .coolingDown(until: until) }
        }
        let (capacity, reason) = bounds.clamp(asked)
        state.desiredCapacity = capacity
        state.launchBackoff = nil
        forgetStandstill()
        reasons.append(Reason(capacity: asked, fact: .setByOperator(asked: asked)))
        if let reason { reasons.append(reason) }
        return "desired capacity is \(capacity)" + (reason.map { ": \($0.sentence)" } ?? "")
    }

    /// All of them, or none and an error.
    private mutating func setProtection(_ instances: [InstanceID], _ protected: Bool) throws(Refusal) -> String {
        guard instances.count <= Limits.mostInstancesPerProtectionCall else { throw .tooManyInstances(instances.count) }
        var positions: [Int] = []
        for id in instances {
            guard let position = state.fleet.firstIndex(where: { $0.id == id }) else { throw .noSuchInstance(id) }
            guard state.fleet[position].takesProtection else {
                throw .notInService(id, state.fleet[position].lifecycleState)
            }
            positions.append(position)
        }
        for position in positions { state.fleet[position].protectedFromScaleIn = protected }
        return "\(counted(positions.count, "instance")) \(protected ? "protected" : "not protected") from scale-in"
    }

    // MARK: Hooks and health

    private mutating func completeLifecycle(
        _ hook: String, _ instance: InstanceID?, _ token: String?, _ result: LifecycleResult
    ) throws(Refusal) -> String {
        let (position, wait) = try self.wait(hook, instance, token)
        let id = state.fleet[position].id
        complete(position, wait.token, result, .request)
        return "\(hook) of \(id) is completed with \(result.apiName)"
    }

    private mutating func recordHeartbeat(
        _ hook: String, _ instance: InstanceID?, _ token: String?
    ) throws(Refusal) -> String {
        let (position, wait) = try self.wait(hook, instance, token)
        let id = state.fleet[position].id
        for index in state.fleet[position].hooks.indices where state.fleet[position].hooks[index].token == wait.token {
            state.fleet[position].hooks[index].recordHeartbeat(at: now)
            return "\(hook) of \(id) waits until \(state.fleet[position].hooks[index].expiresAt.clock)"
        }
        throw .noLifecycleAction(hook: hook)
    }

    private func wait(
        _ hook: String, _ instance: InstanceID?, _ token: String?
    ) throws(Refusal) -> (position: Int, wait: HookWait) {
        guard instance != nil || token != nil else { throw .noSuchToken(nil) }
        if let instance, !state.fleet.contains(where: { $0.id == instance }) { throw .noSuchInstance(instance) }
        for position in state.fleet.indices where instance == nil || state.fleet[position].id == instance {
            for wait in state.fleet[position].hooks where wait.hook.name == hook {
                if token == nil || wait.token == token { return (position, wait) }
            }
        }
        if let token { throw .noSuchToken(token) }
        throw .noLifecycleAction(hook: hook)
    }

    /// What somebody says is believed at once, unless the grace period is to be respected.
    private mutating func setHealth(
        _ id: InstanceID, _ healthy: Bool, respectGracePeriod: Bool
    ) throws(Refusal) -> String {
        guard let position = state.fleet.firstIndex(where: { $0.id == id }) else { throw .noSuchInstance(id) }
        guard state.fleet[position].lifecycleState == .inService else {
            throw .wrongState(id, state.fleet[position].lifecycleState, needed: [.inService])
        }
        if healthy {
            if state.fleet[position].unhealthy != nil { record(.healthyAgain, of: id) }
            state.fleet[position].unhealthy = nil
            state.fleet[position].failedHealthChecks = 0
            return "\(id) is healthy"
        }
        if respectGracePeriod, !isPastGrace(position) {
            return "\(id) is in its health check grace period: nothing changes"
        }
        markUnhealthy(position, "marked by SetInstanceHealth", .mark)
        if suspends(.replaceUnhealthy) { return "\(id) is unhealthy and stays: ReplaceUnhealthy is suspended" }
        if suspends(.terminate) { return "\(id) is unhealthy and stays: Terminate is suspended" }
        return "\(id) is unhealthy and is replaced"
    }

    private mutating func suspend(_ processes: [ScalingProcess]) -> String {
        let all = processes.isEmpty ? ScalingProcess.allCases : processes
        let suspended = Set(state.suspended).union(all)
        state.suspended = suspended.sorted { $0.rawValue < $1.rawValue }
        return suspensionSentence
    }

    private mutating func resume(_ processes: [ScalingProcess]) -> String {
        let all = processes.isEmpty ? ScalingProcess.allCases : processes
        state.suspended.removeAll { all.contains($0) }
        if all.contains(.launch) {
            state.launchBackoff = nil
            forgetStandstill()
        }
        return suspensionSentence
    }

    private var suspensionSentence: String {
        if state.suspended.isEmpty { return "no process is suspended" }
        return "suspended: " + state.suspended.map(\.rawValue).joined(separator: ", ")
    }

    /// Ends this one, whether protected, busy or not, and also while Terminate is suspended: somebody asked for it by name.
    private mutating func terminate(_ id: InstanceID, decrementDesired: Bool) throws(Refusal) -> String {
        guard let position = state.fleet.firstIndex(where: { $0.id == id }) else { throw .noSuchInstance(id) }
        let former = state.fleet[position].lifecycleState
        if former == .terminating || former == .terminatingWait { return "\(id) is stopping already" }
        // One that is draining is not part of the desired capacity any more, so there is nothing to decrement.
        if decrementDesired, state.fleet[position].isActive {
            guard state.desiredCapacity > bounds.minimum else { throw .atMinimum(bounds.minimum) }
            state.desiredCapacity -= 1
            give(.endedByOperator(id))
        }
        // A policy that removes instances counts those that are leaving because fewer are desired.
        let isFewer = decrementDesired && state.fleet[position].isActive
        state.fleet[position].departure = isFewer ? .scaleIn : .askedByOperator
        let hasHook = policy.lifecycleHooks.contains { $0.transition == .terminating }
        if hasHook, state.fleet[position].inServiceAt != nil { orderDrain(position, .askedByOperator) }
        beginEnding(position, .askedByOperator)
        let isMissed = fleetCount.active < wanted
        let next = isMissed ? "and will be replaced" : "and is not replaced"
        return "\(id) is stopping \(next); desired capacity is \(state.desiredCapacity)"
    }
}

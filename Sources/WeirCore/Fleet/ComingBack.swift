// Who turns out to be busy, and who comes back into service.

extension Tick {
    /// How many messages each instance holds. When the source cannot tell, the last that is known stays.
    @inline(__always)
    mutating func takeHeldMessages() {
        guard let held = observation.held else { return }
        for position in state.fleet.indices where state.fleet[position].heldMessages != 0 {
            state.fleet[position].heldMessages = 0
        }
        guard !held.isEmpty else { return }
        var index = FleetIndex()
        for holder in held {
            guard let position = index.find(holder.instance, in: state.fleet) else { continue }
            state.fleet[position].heldMessages = holder.messages
            guard holder.messages > 0 else { continue }
            if state.fleet[position].finishesItsWork {
                state.fleet[position].foundIdle = false
            } else if state.fleet[position].lifecycleState == .draining {
                bringBack(position, .busy(holder.messages))
            }
        }
    }

    /// Back into service from draining. It may be that its drain is not in force yet; the restore undoes it all the same,
    /// as orders are carried out one after the other.
    mutating func bringBack(_ position: Int, _ cause: FleetEvent.ReturnCause) {
        state.fleet[position].stateSince = now
        state.fleet[position].departure = nil
        state.fleet[position].foundIdle = false
        state.fleet[position].dueOrder = nil
        state.fleet[position].failedOrders = 0
        let id = state.fleet[position].id
        record(.cameBack(cause), of: id)
        let why: ActionReason =
            switch cause {
            case .busy(let messages): .busy(messages)
            case .wanted: .wantedAgain(desired: wanted)
            case .standby: .standby
            }
        order(.restore(id), why)
        guard state.fleet[position].inServiceAt == nil else {
            state.fleet[position].lifecycleState = .inService
            return
        }
        // It was on its way into service when it was chosen, and goes on from where it is now.
        state.fleet[position].lifecycleState = .pending
        if state.fleet[position].isPaused {
            state.fleet[position].dueOrder = DueOrder(.resume, at: now, why: why)
        } else if state.fleet[position].runningSince != nil {
            arrive(position)
        } else {
            // Its launch may have been lost with an earlier process.
            state.fleet[position].dueOrder = DueOrder(.launch, at: now, why: why)
        }
    }
}

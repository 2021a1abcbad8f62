import WeirCore

/// What the records, the answers and the world say of each worker; checkers look things up in it. The loop's own belief is not
/// in it.
struct Ledger {
    struct Entry {
        /// It was launched for the capacity, or adopted, and nothing was decided since that takes it away.
        var counts = false
        /// It was begun or adopted, and has not ended: it takes room of the limit that groups share.
        var takesRoom = false
        /// Why it was first sent on its way out; nil while it is not.
        var departure: ActionReason?
        /// Somebody asked by name that it be ended.
        var isNamed = false
        /// A check has failed, or somebody said that it is unhealthy.
        var isSaidUnhealthy = false
        /// When it was sent on its way out for that.
        var unhealthySince: Int64?
        var isStray = false
        /// The launcher was asked to start it, by any process.
        var wasAskedFor = false
        /// Protection was asked for it, and nobody has asked for the opposite since.
        var isToBeProtected = false
    }

    private var entries: [Entry] = []

    subscript(worker: Int) -> Entry {
        get { worker < entries.count ? entries[worker] : Entry() }
        set {
            while entries.count <= worker { entries.append(Entry()) }
            entries[worker] = newValue
        }
    }

    mutating func follow(_ record: Record, of group: StormGroup, in storm: Storm) {
        for event in record.events {
            let worker = storm.position(of: event.instance, in: group)
            switch event.kind {
            case .adopted:
                self[worker].counts = isCapacity(storm.workers[worker], group)
                self[worker].takesRoom = storm.workers[worker].runs
            case .launchFailed, .launchGivenUp, .ended:
                self[worker].counts = false
                self[worker].takesRoom = false
            case .unhealthy: self[worker].isSaidUnhealthy = true
            // Until then a protected instance may be replaced, as nothing is lost by it.
            case .cameIntoService:
                if group.policy.protectFromScaleIn { storm.workers[worker].isPromised = true }
            case .cameBack, .orderFailed, .remainsFound, .hookBegan, .hookEnded, .healthyAgain,
                .departs, .stoodBy, .warmed, .leftPool:
                break
            }
        }
        for planned in record.plan.actions {
            follow(planned, storm.position(of: planned.action.instance, in: group), group, storm)
        }
    }

    /// What is made and not started, or paused, is taken for a part of the warm pool.
    private func isCapacity(_ worker: Worker, _ group: StormGroup) -> Bool {
        switch worker.phase {
        case .running: true
        case .created, .starting: group.policy.warmPool?.state != .stopped
        case .paused, .exited, .unborn: false
        }
    }

    /// What the last process had decided, and could not store, was never begun.
    mutating func begins(_ group: StormGroup, _ state: GroupState, in storm: Storm) {
        for worker in group.present {
            let kept = state.fleet.first { $0.id == storm.workers[worker].id }
            switch kept?.lifecycleState {
            case .pending, .pendingWait, .inService: self[worker].departure = nil
            // A process that could store nothing for long has left others that live and are not known.
            case nil:
                self[worker].departure = nil
                self[worker].takesRoom = false
                // A launch that was asked for, and of which nothing has come yet, may still arrive.
                let isUnderWay = self[worker].wasAskedFor && storm.workers[worker].creations == 0
                if !storm.workers[worker].isAlive, !isUnderWay { self[worker].counts = false }
            case .warmedStopped, .warmedPending:
                self[worker].counts = false
                self[worker].takesRoom = storm.workers[worker].runs
            case .enteringStandby, .standby, .draining, .terminatingWait, .terminating, .warmedHibernated:
                self[worker].counts = false
            }
        }
    }

    /// Why an instance leaves; that an order is given again says nothing of that, and whoever stood by goes for another reason.
    private func isTelling(_ why: ActionReason?) -> Bool {
        switch why {
        case nil, .standby?, .restarted?, .retry?: false
        case .capacity?, .surplus?, .foundIdle?, .busy?, .wantedAgain?, .askedByOperator?, .launchTimedOut?, .ended?,
            .departure?, .warmPool?, .lifecycle?, .hooksCompleted?, .beyondFleet?:
            true
        }
    }

    private mutating func follow(_ planned: PlannedAction, _ worker: Int, _ group: StormGroup, _ storm: Storm) {
        switch planned.action {
        case .launch, .resume:
            self[worker].takesRoom = true
            guard case .capacity = planned.why else { return }
            self[worker].counts = true
            self[worker].departure = nil
            storm.workers[worker].isPromised = false
        case .drain, .terminate:
            self[worker].counts = false
            if case .departure(.unhealthy) = planned.why, self[worker].unhealthySince == nil {
                self[worker].unhealthySince = storm.now
            }
            if !isTelling(self[worker].departure) { self[worker].departure = planned.why }
        case .pause: self[worker].counts = false
        case .restore:
            self[worker].counts = true
            self[worker].unhealthySince = nil
            self[worker].departure = nil
        // What is only made takes none, until it is started.
        case .prepare: self[worker].takesRoom = group.policy.warmPool?.state == .hibernated
        case .runHook, .remove: break
        }
    }
}

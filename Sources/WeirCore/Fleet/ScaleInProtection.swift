extension Instance {
    /// Why it may not be chosen for scale-in; nil when it may.
    var spared: Sparing? {
        if protectedFromScaleIn { return .protected }
        return heldMessages > 0 ? .busy : nil
    }

    /// It counts as capacity.
    var isActive: Bool {
        switch lifecycleState {
        case .pending, .pendingWait, .inService: true
        case .enteringStandby, .standby, .draining, .terminatingWait, .terminating, .warmedPending, .warmedStopped,
            .warmedHibernated:
            false
        }
    }

    /// It is on its way out.
    public var isLeaving: Bool {
        switch lifecycleState {
        case .draining, .terminatingWait, .terminating: true
        case .pending, .pendingWait, .inService, .enteringStandby, .standby, .warmedPending, .warmedStopped,
            .warmedHibernated:
            false
        }
    }

    /// It is to receive no messages: whoever hands them out keeps its gate closed.
    public var receivesNothing: Bool {
        switch lifecycleState {
        case .pending, .pendingWait, .inService: false
        case .enteringStandby, .standby, .draining, .terminatingWait, .terminating, .warmedPending, .warmedStopped,
            .warmedHibernated:
            true
        }
    }

    /// SetInstanceProtection is taken by an instance in service, or standing by. One that was chosen to end is told no, and
    /// so knows not to start work.
    var takesProtection: Bool {
        switch lifecycleState {
        case .inService, .enteringStandby, .standby: true
        case .pending, .pendingWait, .draining, .terminatingWait, .terminating, .warmedPending, .warmedStopped,
            .warmedHibernated:
            false
        }
    }
}

/// What spares an instance from scale-in.
enum Sparing: Equatable {
    /// It, or an operator for it, asked for it; or the group's instances start so.
    case protected
    /// It holds a message.
    case busy
}

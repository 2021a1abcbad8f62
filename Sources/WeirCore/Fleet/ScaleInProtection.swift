extension Instance {
    /// Why it may not be chosen for scale-in; nil when it may.
    var spared: Sparing? {
        if protectedFromScaleIn { return .protected }
        return heldMessages > 0 ? .busy : nil
    }

    /// It counts as capacity.
    var isActive: Bool {
        switch lifecycleState {
        case .pending, .inService: true
        case .draining, .terminating: false
        }
    }

    /// SetInstanceProtection is taken by an instance in service only. One that was chosen to end is told no, and so knows
    /// not to start work.
    var takesProtection: Bool { lifecycleState == .inService }
}

/// What spares an instance from scale-in.
enum Sparing: Equatable {
    /// It, or an operator for it, asked for it; or the group's instances start so.
    case protected
    /// It holds a message.
    case busy
}

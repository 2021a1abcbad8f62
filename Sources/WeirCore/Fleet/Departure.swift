/// Why an instance is on its way out.
public enum Departure: String, Sendable, Codable, CaseIterable {
    /// More are there than desired.
    case scaleIn = "scale_in"
    /// It is unhealthy and is replaced.
    case unhealthy
    /// It is older than the maximum instance lifetime and is replaced.
    case lifetime
    /// An instance refresh replaces it.
    case refresh
    /// Its launch hook was abandoned, or was not completed in time.
    case abandoned
    /// An operator asked for it by name.
    case askedByOperator = "asked_by_operator"
    /// It left the warm pool because the pool became smaller.
    case pool
    /// Its launch failed or was given up.
    case launchFailure = "launch_failure"
}

extension Departure {
    /// It goes whether or not fewer are desired, and so finishes what it holds and takes no more. One that goes because
    /// fewer are desired comes back instead when it turns out to be busy, and another is chosen.
    var finishesItsWork: Bool {
        switch self {
        case .scaleIn: false
        case .unhealthy, .lifetime, .refresh, .abandoned, .askedByOperator, .pool, .launchFailure: true
        }
    }

    /// For people.
    var sentence: String {
        switch self {
        case .scaleIn: "fewer are desired"
        case .unhealthy: "unhealthy, and replaced"
        case .lifetime: "as old as instances get, and replaced"
        case .refresh: "replaced by the instance refresh"
        case .abandoned: "its launch hook was abandoned"
        case .askedByOperator: "asked by an operator"
        case .pool: "not needed in the warm pool"
        case .launchFailure: "its launch failed"
        }
    }

    /// Protection from scale-in keeps it. Source: "Use instance scale-in protection".
    var respectsProtection: Bool {
        switch self {
        case .scaleIn, .lifetime: true
        // An instance refresh has a setting for it, and asks before it chooses.
        case .refresh, .unhealthy, .abandoned, .askedByOperator, .pool, .launchFailure: false
        }
    }
}

import WeirCore

/// What a person wrote down for a simulation: how long it goes on, what the source says in place of the simulated queue, and what
/// happens besides.
public struct Script {
    /// Here it ends, whatever is left to be done. Unit: nanoseconds since the beginning.
    public var endNs: Int64
    /// What the source answers at a moment. Messages in flight are then in the hands of the oldest instances, each with as
    /// many as it works on at a time. Nil: the simulated queue is measured.
    public var source: ((_ atNs: Int64) -> Measurement)?
    /// In any order.
    public var happenings: [Happening] = []

    var launchesFail = false
    var listingsFail = false
    /// Weir was started again since the last tick.
    var hasRestarted = false

    public init(endNs: Int64) {
        self.endNs = endNs
    }
}

/// Something that happens at a certain moment.
public struct Happening: Sendable {
    /// Since the beginning. Unit: nanoseconds.
    public var atNs: Int64
    public var kind: Kind

    public init(atNs: Int64, _ kind: Kind) {
        self.atNs = atNs
        self.kind = kind
    }

    public enum Kind: Sendable {
        /// Somebody asks this of the group.
        case asks(Request.Kind)
        /// The same, of some of the instances that there are then; nothing is asked when there is none.
        case asksFor(Whom, @Sendable ([InstanceID]) -> [Request.Kind])
        /// These end by themselves.
        case ends(Whom, exitCode: Int)
        /// From now on every launch fails, or none.
        case launchesFail(Bool)
        /// From now on the launcher cannot say what is there, or can again.
        case listingsFail(Bool)
        /// Weir was killed, and is started again from what it had stored.
        case restarts
    }

    /// Which of the instances in service, if not another state is named.
    public enum Whom: Sendable, Equatable {
        /// Counted from the oldest, which is 1.
        case number(Int)
        case newest
        case all
        /// Those that stand by, or are about to.
        case standingBy
    }
}

extension Simulation {
    mutating func placeScript() {
        for (number, happening) in (script?.happenings ?? []).enumerated() {
            agenda.add(.scripted(happening: number), atNs: happening.atNs)
        }
    }

    mutating func happens(_ number: Int) {
        guard let happening = script?.happenings[number].kind else { return }
        switch happening {
        case .asks(let request): driver.requests.append(request)
        case .asksFor(let whom, let requests):
            let instances = instances(whom)
            if !instances.isEmpty { driver.requests += requests(instances) }
        case .ends(let whom, let exitCode):
            for id in instances(whom) {
                if let machine = machine(of: id) { end(machine, exitCode: exitCode) }
            }
        case .launchesFail(let fail): script?.launchesFail = fail
        case .listingsFail(let fail):
            script?.listingsFail = fail
            driver.fleetHasChanged = true
        case .restarts:
            // Answers that are under way reach nobody any more.
            driver.outcomes = []
            driver.fleetHasChanged = true
            script?.hasRestarted = true
        }
        driver.nudge(atNs: nowNs)
    }

    private func instances(_ whom: Happening.Whom) -> [InstanceID] {
        let inService = state.fleet.filter { $0.lifecycleState == .inService }.map(\.id)
        switch whom {
        case .number(let number): return inService.indices.contains(number - 1) ? [inService[number - 1]] : []
        case .newest: return inService.suffix(1)
        case .all: return inService
        case .standingBy:
            return state.fleet.filter { [.standby, .enteringStandby].contains($0.lifecycleState) }.map(\.id)
        }
    }

    mutating func takeRestart() -> Bool {
        defer { script?.hasRestarted = false }
        return script?.hasRestarted == true
    }

    mutating func measure(as told: Measurement) -> Measurement {
        if let inFlight = told.inFlight.number { hold(inFlight) }
        driver.measured(atNs: nowNs)
        return told
    }

    private mutating func hold(_ inFlight: Double) {
        // No more than they can have in hand.
        let most = present.count * policy.concurrency
        let messages = inFlight > 0 ? Int(min(inFlight, Double(most))) : 0
        var left = messages
        for machine in present {
            let takes = machines[machine].phase == .running ? min(left, policy.concurrency) : 0
            machines[machine].busy = takes
            left -= takes
        }
        busy = messages - left
    }
}

import WeirCore

// Times at which the source or the launcher does not work.

extension Simulation {
    static let outage = "simulated outage"

    /// What the source says instead of what is so; nil: it works.
    mutating func mistakenMeasurement(_ now: Instant) -> Measurement? {
        guard let answer = sourceOutages.answer(atNs: nowNs) else { return nil }
        counts.failedMeasurements += 1
        driver.measured(atNs: nowNs)
        switch answer {
        case .failure: return .missing(.sourceFailed(Self.outage))
        case .zero:
            let nothing = Reading.value(0)
            return Measurement(visible: nothing, inFlight: nothing, delayed: nothing, oldestAge: nothing)
        case .stale: return lastAnswer ?? .missing(.sourceFailed(Self.outage))
        }
    }

    /// What the source said is what it says later, while its figures are stale.
    mutating func keepAnswer(_ now: Instant) {
        lastAnswer = observation.measurement
        lastAnswer?.asOf = now
    }

    /// What the launcher lists, where somebody looks.
    @inline(__always)
    mutating func lookAtFleet(isMeasured: Bool) {
        guard driver.fleetHasChanged || (isMeasured && listingIsOwed) else {
            if observation.listing != nil { observation.listing = nil }
            return
        }
        driver.fleetHasChanged = false
        listingIsOwed = launcherOutages.answer(atNs: nowNs) != nil || script?.listingsFail == true
        if listingIsOwed { observation.listing = .failed(Self.outage) } else { listFleet() }
    }

    /// - Returns: the launcher does not work, and has said so.
    mutating func isRefused(_ action: Action) -> Bool {
        switch action {
        // Commands of hooks and the gates of the queue are not the launcher's.
        case .drain, .restore, .runHook: return false
        case .launch, .prepare, .terminate, .remove, .pause, .resume: break
        }
        guard !model.launcherOutages.isEmpty, launcherOutages.answer(atNs: nowNs) != nil else { return false }
        if case .launch = action { counts.failedLaunches += 1 }
        agenda.add(
            .answers(ActionOutcome(action: action, result: .failed(Self.outage))), atNs: nowNs + Self.millisecondNs)
        return true
    }
}

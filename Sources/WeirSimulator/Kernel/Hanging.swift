import WeirCore

// Instances that hang, and the health checks that find them.

extension Simulation {
    /// It runs for the first time; some day it will hang.
    mutating func expectHanging(_ machine: Int) {
        guard let span = model.unhealthyAfter else { return }
        agenda.add(.hangs(machine: machine), atNs: nowNs + span.draw(&chances.hangs))
    }

    /// From now on it receives nothing, and what it has in hand is never done: it still holds these messages, until their timeouts
    /// are over.
    mutating func hang(_ machine: Int) {
        switch machines[machine].phase {
        case .running: machines[machine].phase = .hung
        case .paused: break
        case .starting, .made, .hung, .stopping, .exited, .gone: return
        }
        machines[machine].hangs = true
        counts.hung += 1
        guard machines[machine].busy > 0 else { return }
        let own = machines[machine].firstSlot..<machines[machine].firstSlot + policy.concurrency
        for slot in own where slots[slot].isBusy {
            giveUp(slot)
            slots[slot].isBusy = false
            busy -= 1
            heldByHung += 1
            agenda.add(
                .letsGo(machine: machine, generation: machines[machine].generation),
                atNs: visibleAgain(slots[slot].receivedNs))
        }
        departures.removeAll { own.contains($0) }
    }

    mutating func letGo(_ machine: Int) {
        machines[machine].busy -= 1
        heldByHung -= 1
        if idleMatters, machines[machine].busy == 0 { driver.nudge(atNs: nowNs) }
    }

    /// It is told to stop, or has ended.
    mutating func forgetHeld(by machine: Int) {
        heldByHung -= machines[machine].busy
        machines[machine].busy = 0
    }

    // MARK: Health checks

    /// Where no instance hangs, each is healthy, and that is no news.
    mutating func beginHealthChecks() {
        guard model.healthCheck != nil, model.unhealthyAfter != nil else { return }
        agenda.add(.asksForHealth, atNs: 0)
    }

    /// Those in service are asked, some at a time. One that hangs does not answer within the time limit; all others answer at once.
    mutating func askForHealth() {
        guard let checks = model.healthCheck else { return }
        var reports: [HealthReport] = []
        var silent: Int64 = 0
        for index in state.fleet.indices where state.fleet[index].lifecycleState == .inService {
            let id = state.fleet[index].id
            // Whoever cannot find an instance knows nothing of its health.
            guard let machine = machine(of: id) else { continue }
            let hangs = machines[machine].hangs
            if hangs { silent += 1 }
            reports.append(
                HealthReport(
                    instance: id, result: hangs ? .failed("no answer within \(checks.timeout.text)") : .healthy))
        }
        let rounds = (silent + SimulationLimits.healthChecksAtOnce - 1) / SimulationLimits.healthChecksAtOnce
        let lengthNs = rounds * checks.timeout.wholeMilliseconds * Self.millisecondNs
        let intervalNs = checks.interval.wholeMilliseconds * Self.millisecondNs
        if silent > 0 {
            agenda.add(.tellsHealth(reports), atNs: nowNs + lengthNs)
        } else {
            hear(reports)
        }
        agenda.add(.asksForHealth, atNs: nowNs + max(intervalNs, lengthNs))
    }

    mutating func hear(_ reports: [HealthReport]) {
        let news = state.fleet.news(in: reports)
        guard !news.isEmpty else { return }
        driver.health += news
        driver.nudge(atNs: nowNs)
    }
}

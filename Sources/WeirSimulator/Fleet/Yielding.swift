import WeirCore

// Giving back what others wait for.

extension Simulation {
    /// Between two messages of a worker there is a moment in which it holds none. The group looks at it then, and may take it out of
    /// service before it asks for the next one.
    mutating func askLater(_ slot: Int) {
        driver.nudge(atNs: nowNs)
        agenda.add(.asks(slot: slot), atNs: nowNs + 2 * Self.millisecondNs)
    }

    mutating func askAgain(_ slot: Int) {
        guard !slots[slot].isBusy, machines[Int(slots[slot].machine)].takesWork else { return }
        list(slot)
        handOut()
    }
}

// The activity of a simple policy: under way, finished, cooling down, over.

extension Tick {
    /// The cooldown begins when nothing is pending and nothing is on its way out any more.
    @inline(__always)
    mutating func followActivity() {
        guard state.$cooldown.isThere, let cooldown = state.cooldown else { return }
        if let until = cooldown.until {
            if until <= now { state.cooldown = nil }
        } else if !fleetCount.isChanging {
            state.cooldown?.until = now + cooldown.span
            if cooldown.span <= .zero { state.cooldown = nil }
        }
    }
}

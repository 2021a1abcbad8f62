import WeirCore

/// What the timelines of warm pools have in common: a group that has one, and some instances at work.
protocol WarmPoolStaging {}

extension WarmPoolStaging {
    func world(_ pool: WarmPool = WarmPool(), desired: Int = 1, max: Int = 4) -> MiniWorld {
        var policy = GroupPolicy(name: "g", minSize: 0, maxSize: max)
        policy.warmPool = pool
        policy.templateDigest = "one"
        return MiniWorld(policy, desired: desired, fleet: fleet(desired))
    }

    func set(_ desired: Int) -> [Request.Kind] { [.setDesired(desired, honorCooldown: false)] }

    var hibernated: WarmPool { WarmPool(state: .hibernated, preparationTime: .seconds(10)) }
}

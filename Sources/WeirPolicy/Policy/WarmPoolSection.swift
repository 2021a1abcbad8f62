import WeirCore

/// The warm pool: its keys, and from them the value that decides.
enum WarmPoolSection {
    static let declaration = Section(
        "Instances that are made before they are needed, and come into service faster.",
        keys: [
            Key(
                "state", .value(.oneOf(WarmPoolState.allCases.map(\.rawValue)), default: usual.state.rawValue),
                "stopped: made, not started. hibernated: started, then paused, with everything in memory.",
                source: "PutWarmPool, PoolState", elsewhere: ["pool_state"],
                synonyms: [.init(written: "paused", means: WarmPoolState.hibernated.rawValue)]),
            Key(
                "min_size", .value(.integer(0...Limits.largestGroup), default: String(usual.minSize)),
                "The pool is never smaller than this.", source: "PutWarmPool, MinSize",
                elsewhere: ["min", "minimum", "size"]),
            Key(
                "max_prepared_capacity", .value(.integer(0...Limits.largestGroup), default: nil),
                "The pool is filled up to this, counting the group's desired capacity. It may be above max_size, so that "
                    + "a group at its maximum has a pool too.",
                source: "PutWarmPool, MaxGroupPreparedCapacity",
                elsewhere: ["max_group_prepared_capacity", "max_size", "prepared_capacity"],
                fallback: .init(text: "max_size")),
            Key(
                "reuse_on_scale_in", .value(.boolean, default: String(usual.reuseOnScaleIn)),
                "With hibernated only: an instance that scale-in chose goes back into the pool when it is idle.",
                source: "PutWarmPool, InstanceReusePolicy", elsewhere: ["instance_reuse_policy", "reuse"]),
            Key(
                "preparation_time", .value(.duration(Limits.preparationTime), default: nil),
                "With hibernated only: how long an instance runs, without messages, before it is paused.",
                elsewhere: ["preparation", "prepare_time"],
                fallback: .init(text: "\(Quantity.text(usual.preparationTime)) with hibernated")),
        ])

    /// What holds where nothing is written.
    private static let usual = WarmPool()

    /// Nil while something that it needs is mistaken.
    static func pool(_ section: SectionValues) -> WarmPool? {
        let options = section.options
        guard let state = options.text("state").flatMap(WarmPoolState.init(rawValue:)),
            let minSize = options.integer("min_size"), let reuse = options.boolean("reuse_on_scale_in")
        else { return nil }
        return WarmPool(
            state: state, minSize: minSize, maxPreparedCapacity: options.integer("max_prepared_capacity"),
            reuseOnScaleIn: reuse, preparationTime: options.duration("preparation_time") ?? usual.preparationTime)
    }
}

import WeirCore

/// What the life of an instance has to keep to: hooks, health, lifetime, warm pool, instance refresh.
extension CrossChecks {
    mutating func checkLives() {
        checkLifetime()
        for item in root.named("lifecycle_hooks") { checkCommand(item.section) }
        checkHealthCheck()
        checkWarmPool()
        checkHealthyPercentages()
        checkCheckpoints()
    }

    /// Source: CreateAutoScalingGroup, MaxInstanceLifetime.
    private mutating func checkLifetime() {
        let range = Limits.maxInstanceLifetime
        guard let lifetime = root.options.duration("max_instance_lifetime"), lifetime != .zero,
            lifetime < range.lowerBound
        else { return }
        findings.error(
            "'max_instance_lifetime' is \(Quantity.text(lifetime))", at: root.place(of: "max_instance_lifetime"),
            hint: "expected 0s, or \(Quantity.text(range.lowerBound)) to \(Quantity.text(range.upperBound))")
    }

    /// Something that could be started.
    private mutating func checkCommand(_ section: SectionValues?) {
        guard let section, case .value(.list(let words))? = section["command"]?.content,
            words.isEmpty || words.first == .text("")
        else { return }
        findings.error(
            "'command' names no program", at: section.place(of: "command"),
            hint: "expected a program and its arguments: [\"./check.sh\"]")
    }

    // MARK: Health

    /// An answer that takes longer than the interval would be late for the next question.
    private mutating func checkHealthCheck() {
        guard let section = workers?.child("health_check") else { return }
        checkCommand(section)
        guard let interval = section.options.duration("interval"), let timeout = section.options.duration("timeout"),
            timeout >= interval
        else { return }
        if section.isWritten("timeout") {
            findings.error(
                "'timeout' is \(Quantity.text(timeout)), not below 'interval', which is \(Quantity.text(interval))",
                at: section.place(of: "timeout"), hint: "expected less than \(Quantity.text(interval))")
        } else {
            findings.error(
                "'interval' is \(Quantity.text(interval)), not above 'timeout', which is \(Quantity.text(timeout))",
                at: section.place(of: "interval"),
                hint: "expected more than \(Quantity.text(timeout)), or a shorter 'timeout' beside it")
        }
    }

    // MARK: Warm pool

    private mutating func checkWarmPool() {
        guard let section = root.child("warm_pool") else { return }
        checkPoolSize(section)
        guard let state = section.options.text("state").flatMap(WarmPoolState.init(rawValue:)) else { return }
        checkLauncher(for: state, section)
        switch state {
        case .hibernated: checkReuse(section)
        case .stopped:
            if section.options.boolean("reuse_on_scale_in") == true {
                refuse("reuse_on_scale_in", in: section, "an instance that worked can be paused, not unstarted")
            }
            if section.isWritten("preparation_time") {
                refuse("preparation_time", in: section, "nothing runs in it")
            }
        }
    }

    private mutating func refuse(_ key: String, in section: SectionValues, _ why: String) {
        findings.error(
            "'\(key)' has no meaning in a stopped warm pool: \(why)", at: section[key]?.keySpan ?? section.span,
            hint: "expected it with 'state: hibernated' only")
    }

    /// A pool larger than all that may be prepared.
    private mutating func checkPoolSize(_ section: SectionValues) {
        guard let size = section.options.integer("min_size") else { return }
        let prepared = section.options.integer("max_prepared_capacity")
        guard let most = prepared ?? root.options.integer("max_size"), size > most else { return }
        if prepared == nil, case .mistaken? = section["max_prepared_capacity"]?.content { return }
        let bound = prepared == nil ? "max_size" : "max_prepared_capacity"
        findings.error(
            "'min_size' of the warm pool is \(size), above '\(bound)', which is \(most)",
            at: section.place(of: "min_size"), hint: "expected 0 to \(most)")
    }

    /// Whether an instance that scale-in chose is idle can only be told where weir hands out the messages; on its way out it
    /// would at least finish its work, but paused it stands still with it.
    private mutating func checkReuse(_ section: SectionValues) {
        guard section.options.boolean("reuse_on_scale_in") == true, let queue = root.child("queue"),
            let source = queue.chosen, !source.section.abilities.contains(.handingOut)
        else { return }
        let able = queue.section.words(able: .handingOut)
        findings.error(
            "'reuse_on_scale_in' would pause instances at work: weir does not see what they hold of '\(source.name)'",
            at: section.place(of: "reuse_on_scale_in"),
            hint: "expected false"
                + (able.isEmpty ? "" : ", or a queue that weir hands out: \(Field.Kind.alternatives(able))"))
    }

    private mutating func checkLauncher(for state: WarmPoolState, _ section: SectionValues) {
        guard let launcher = workers?.chosen, !launcher.section.abilities.contains(state.ability) else { return }
        let other = WarmPoolState.allCases.first { launcher.section.abilities.contains($0.ability) }
        let able = workers?.section.words(able: state.ability) ?? []
        let hint = other.map { "'state: \($0.rawValue)'" } ?? (able.isEmpty ? "no warm pool" : nil)
        findings.error(
            "'\(launcher.name)' cannot \(state.needs)", at: section.place(of: "state"),
            hint: "expected \(hint ?? "another launcher: \(Field.Kind.alternatives(able))")")
    }

    // MARK: Instance refresh

    /// Source: RefreshPreferences, MaxHealthyPercentage.
    private mutating func checkHealthyPercentages() {
        guard let section = root.child("instance_refresh") else { return }
        if section.isWritten("max_healthy_percentage"), !section.isWritten("min_healthy_percentage") {
            findings.error(
                "'max_healthy_percentage' stands without 'min_healthy_percentage'",
                at: section["max_healthy_percentage"]?.keySpan ?? section.span, hint: "expected both, or neither")
            return
        }
        guard let minimum = section.options.integer("min_healthy_percentage"),
            let maximum = section.options.integer("max_healthy_percentage"),
            maximum - minimum > Limits.widestHealthyRange
        else { return }
        let lowest = Limits.maxHealthyPercentage.lowerBound
        findings.error(
            "'max_healthy_percentage' is \(maximum), more than \(Limits.widestHealthyRange) above "
                + "'min_healthy_percentage', which is \(minimum)",
            at: section.place(of: "max_healthy_percentage"),
            hint: minimum == 0 ? "expected \(lowest)" : "expected \(lowest) to \(minimum + Limits.widestHealthyRange)")
    }

    /// Source: RefreshPreferences, CheckpointPercentages.
    private mutating func checkCheckpoints() {
        guard let section = root.child("instance_refresh") else { return }
        let percentages = section.options.integers("checkpoints")
        if case .mistaken? = section["checkpoints"]?.content { return }
        if percentages.isEmpty, section.isSet("checkpoint_delay") {
            findings.error(
                "'checkpoint_delay' has no meaning without 'checkpoints'",
                at: section["checkpoint_delay"]?.keySpan ?? section.span, hint: "expected 'checkpoints' beside it")
        }
        for (former, next) in zip(percentages, percentages.dropFirst()) where next <= former {
            findings.error(
                "'checkpoints' has \(next) after \(former)", at: section.place(of: "checkpoints"),
                hint: "expected ascending percentages")
            return
        }
    }

    // MARK: Warnings

    mutating func warnOfLives() {
        warnOfOneAddress()
        warnOfMessagesInPool()
        warnOfCommandLines(root)
    }

    /// Commands are run without a shell: the first of the list is the name of the program, blanks and all.
    private mutating func warnOfCommandLines(_ section: SectionValues) {
        for value in section.values {
            switch value.content {
            case .value(.list(let words)):
                guard value.key.name == "command", case .text(let program)? = words.first else { continue }
                warn(of: program, at: value.valueSpan ?? section.span)
            case .section(let section): warnOfCommandLines(section)
            case .named(let items): for item in items { item.section.map { warnOfCommandLines($0) } }
            case .sequence(let sections): for section in sections { warnOfCommandLines(section) }
            case .value, .absent, .mistaken: break
            }
        }
    }

    private mutating func warn(of program: String, at place: SourceSpan) {
        let words = program.split(whereSeparator: \.isWhitespace).map { "\"\($0)\"" }
        guard words.count > 1 else { return }
        findings.warning(
            "'\(Quotation.short(program))' is taken as the name of one program, as there is no shell", at: place,
            hint: "expected its words one by one: [\(Quotation.short(words.joined(separator: ", ")))]")
    }

    /// One port of one machine cannot be that of several instances.
    private mutating func warnOfOneAddress() {
        guard let section = workers?.child("health_check"), let http = section.child("http"),
            let port = http.options.integer("port"), let launcher = workers?.chosen,
            !launcher.section.abilities.contains(.address), let most = root.options.integer("max_size"), most > 1
        else { return }
        findings.warning(
            "instances of '\(launcher.name)' have no address of their own here: all of them would be asked at "
                + "127.0.0.1:\(port)",
            at: section["http"]?.keySpan ?? http.span,
            hint: "expected 'command', which is told the instance, or 'max_size: 1'")
    }

    /// Only a queue that weir hands out itself can be kept from an instance that is being prepared.
    private mutating func warnOfMessagesInPool() {
        guard let section = root.child("warm_pool"), let pool = WarmPoolSection.pool(section),
            pool.state == .hibernated, let queue = root.child("queue"), let source = queue.chosen,
            !source.section.abilities.contains(.handingOut)
        else { return }
        let canBeStopped = workers?.chosen?.section.abilities.contains(.stoppedPool) ?? false
        let able = queue.section.words(able: .handingOut)
        let queues = able.isEmpty ? "no warm pool" : "a queue that weir hands out: \(Field.Kind.alternatives(able))"
        let hint = canBeStopped ? "'state: stopped'" : queues
        findings.warning(
            "an instance may receive messages of '\(source.name)' while it is prepared, and be paused with them: "
                + "weir does not hand them out, and cannot hold them back",
            at: section.place(of: "state"), hint: "expected \(hint)")
    }

    private var workers: SectionValues? { root.child("workers") }
}

extension WarmPoolState {
    /// What a launcher has to be able to do for it.
    fileprivate var ability: Ability {
        switch self {
        case .stopped: .stoppedPool
        case .hibernated: .pausing
        }
    }

    fileprivate var needs: String {
        switch self {
        case .stopped: "make an instance without starting it, as a stopped warm pool needs"
        case .hibernated: "pause an instance, as a hibernated warm pool needs"
        }
    }
}

extension SectionValues {
    /// Of a backend's section: what that backend can do with these options.
    var abilities: Set<Ability> { section.abilities(options) }
}

extension Section {
    /// Those of its alternatives that are backends with this ability, whatever their options.
    fileprivate func words(able ability: Ability) -> [String] {
        keys.compactMap { key in
            guard case .section(let section) = key.shape else { return nil }
            return section.abilities(Options(values: [])).contains(ability) ? key.name : nil
        }
    }
}

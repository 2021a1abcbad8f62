import WeirCore

/// One lifecycle hook: its keys, and from them the value that decides and the command that is run.
enum LifecycleHookSection {
    static let declaration = Section(
        "A lifecycle hook: an instance waits for somebody to complete it, or for the end of a command.",
        keys: [
            Key(
                "transition", .value(.oneOf(LifecycleTransition.allCases.map(\.rawValue)), default: nil),
                required: true,
                "When it holds an instance; the Auto Scaling API's long names are taken too.",
                source: "PutLifecycleHook, LifecycleTransition", elsewhere: ["lifecycle_transition", "on"],
                synonyms: LifecycleTransition.allCases.map { .init(written: $0.apiName, means: $0.rawValue) }),
            Key(
                "heartbeat_timeout", .value(.duration(Limits.heartbeatTimeout), default: nil), required: true,
                "Without a heartbeat for so long it ends with its default result.",
                source: "PutLifecycleHook, HeartbeatTimeout", elsewhere: ["timeout", "heartbeat"]),
            Key(
                "default_result",
                .value(
                    .oneOf(LifecycleResult.allCases.map(\.rawValue)), default: LifecycleResult.abandon.rawValue),
                "What it ends with when nobody completes it in time, or its command fails.",
                source: "PutLifecycleHook, DefaultResult", elsewhere: ["default", "result"]),
            Key(
                "command", .value(.list(of: .text()), default: nil),
                "A program that weir runs for it beside itself, with WEIR_INSTANCE_ID and WEIR_GROUP in its environment. "
                    + "Its end completes the hook: exit code 0 continues, any other ends it with its default result.",
                elsewhere: ["script", "exec", "run"]),
        ])

    /// Nil while something that it needs is mistaken.
    static func hook(_ item: NamedValue) -> LifecycleHook? {
        guard let section = item.section, section.isSound else { return nil }
        let options = section.options
        guard let transition = options.text("transition").flatMap(LifecycleTransition.init(rawValue:)),
            let timeout = options.duration("heartbeat_timeout"),
            let result = options.text("default_result").flatMap(LifecycleResult.init(rawValue:))
        else { return nil }
        return LifecycleHook(
            name: item.name, transition: transition, heartbeatTimeout: timeout, defaultResult: result,
            runsCommand: !options.texts("command").isEmpty)
    }

    /// Nil when there is none.
    static func command(_ item: NamedValue) -> HookCommand? {
        let words = item.section?.options.texts("command") ?? []
        return words.first.map { HookCommand(hook: item.name, program: $0, arguments: Array(words.dropFirst())) }
    }
}

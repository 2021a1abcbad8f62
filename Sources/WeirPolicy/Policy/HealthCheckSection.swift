import WeirCore

/// Health checks: their keys, and from them what deciding and what asking need to know.
enum HealthCheckSection {
    static let declaration = Section(
        "How weir finds out that an instance does not work. The image's own HEALTHCHECK, where there is one, counts always.",
        keys: [
            Key(
                "http", .section(httpSection),
                "An HTTP request at the instance's address, or at 127.0.0.1 where instances have none. "
                    + "Any answer from 200 to 399 is healthy."),
            Key(
                "command", .value(.list(of: .text()), default: nil),
                "A program that weir runs beside itself, with WEIR_INSTANCE_ID and WEIR_GROUP in its environment. "
                    + "Exit code 0 is healthy.", elsewhere: ["script", "exec", "test", "cmd"]),
            Key(
                "interval", .value(.duration(Limits.healthCheckInterval), default: "10s"),
                "From one check of an instance to the next.", elsewhere: ["health_check_interval", "period"]),
            Key(
                "timeout", .value(.duration(Limits.healthCheckTimeout), default: "5s"),
                "An answer that takes longer is a failure; below the interval.",
                elsewhere: ["health_check_timeout", "time_limit"]),
            Key(
                "unhealthy_threshold",
                .value(.integer(Limits.unhealthyThreshold), default: String(usual.unhealthyThreshold)),
                "So many checks in a row have to fail before an instance is unhealthy.",
                elsewhere: ["unhealthy_threshold_count", "retries", "failure_threshold"]),
            Key(
                "busy_timeout", .value(.duration(Limits.busyTimeout), default: nil),
                "An unhealthy instance that still holds a message is ended all the same after this.",
                fallback: .init(text: "it finishes its work first, however long that takes")),
        ],
        choice: .init(noun: "check", words: ["http", "command"]))

    private static let httpSection = Section(
        "What is asked of each instance.",
        keys: [
            Key("port", .value(.integer(Limits.ports), default: nil), required: true, "Where it listens."),
            Key(
                "path",
                .value(
                    .checkedText(
                        expected: "a path from the root, at most \(Limits.longestHealthPath) characters", isPath),
                    default: "/"),
                "What is asked for.", elsewhere: ["url", "target", "endpoint"],
                pattern: "^/[^\\u0000-\\u0020\\u007f]{0,\(Limits.longestHealthPath - 1)}$"),
            Key(
                "scheme", .value(.oneOf(HealthProbe.Scheme.allCases.map(\.rawValue)), default: "http"),
                "How it is asked.", elsewhere: ["protocol"]),
        ],
        shorthand: "port")

    @Sendable private static func isPath(_ text: String) -> Bool {
        text.hasPrefix("/") && text.unicodeScalars.count <= Limits.longestHealthPath
            && text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
    }

    /// What holds where nothing is written.
    private static let usual = HealthCheckPolicy()

    // MARK: Values

    /// Nil while something that it needs is mistaken.
    static func policy(_ section: SectionValues) -> HealthCheckPolicy? {
        guard let threshold = section.options.integer("unhealthy_threshold") else { return nil }
        return HealthCheckPolicy(
            unhealthyThreshold: threshold, busyTimeout: section.options.duration("busy_timeout"))
    }

    /// Nil while something that it needs is mistaken.
    static func probe(_ section: SectionValues) -> HealthProbe? {
        guard let kind = kind(section), let interval = section.options.duration("interval"),
            let timeout = section.options.duration("timeout")
        else { return nil }
        return HealthProbe(kind: kind, interval: interval, timeout: timeout)
    }

    private static func kind(_ section: SectionValues) -> HealthProbe.Kind? {
        guard let http = section.child("http")?.options else {
            let command = section.options.texts("command")
            return command.isEmpty ? nil : .command(command)
        }
        guard let port = http.integer("port"), let path = http.text("path"),
            let scheme = http.text("scheme").flatMap(HealthProbe.Scheme.init(rawValue:))
        else { return nil }
        return .http(port: port, path: path, scheme: scheme)
    }
}

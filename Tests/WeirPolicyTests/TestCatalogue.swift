import WeirCore
import WeirPolicy

extension Catalogue {
    /// The words that the real backends have, so that examples and complaints here are what people see.
    static let test = Catalogue(
        sources: [.embedded, .sqs, .http, .command], launchers: [.process, .docker])
}

extension BackendSection {
    static let embedded = BackendSection(
        word: "embedded", summary: "A queue inside weir.",
        fields: [
            Field(
                "queue", .checkedText(expected: "1 to 80 of letters, digits, '-' and '_'", isQueueName), required: true,
                "The queue's name."),
            Field(
                "visibility_timeout", .duration(.zero ... .seconds(43_200)), default: "30s",
                "How long a received message is hidden."),
            Field("dead_letter_queue", .text(), "Where messages go that were received too often."),
            Field("max_receive_count", .integer(1...1000), "How often a message may be received."),
            Field(
                "retention", .duration(.seconds(60) ... .seconds(1_209_600)), default: "4d",
                "How long a message is kept."),
        ],
        shorthand: "queue",
        check: { options in
            guard options.text("dead_letter_queue") != nil, options.integer("max_receive_count") == nil else {
                return []
            }
            return [
                OptionMistake(
                    field: "dead_letter_queue", message: "'dead_letter_queue' is set without 'max_receive_count'",
                    expected: "both, or neither")
            ]
        }, abilities: [.handingOut])

    static let sqs = BackendSection(
        word: "sqs", summary: "A queue of Amazon SQS.",
        fields: [
            Field("queue", .text(), required: true, "Name or URL."),
            Field("region", .text(), "The region; default: from the environment."),
            Field("endpoint", .text(), "Another endpoint than AWS's."),
            Field("profile", .text(), "A profile of ~/.aws."),
        ],
        shorthand: "queue", untold: { _ in [.oldestAge, .arrivalRate, .completionRate] })

    static let http = BackendSection(
        word: "http", summary: "A JSON endpoint.",
        fields: [
            Field("url", .text(secrets: true), required: true, "What is asked."),
            Field("method", .oneOf(["GET", "POST"]), default: "GET", "How it is asked."),
            Field("headers", .textMap(names: .header, secrets: true), "Sent with it."),
            Field(
                "timeout", .duration(.milliseconds(100) ... .seconds(60)), default: "5s", "How long an answer may take."
            ),
            Field("visible", .text(), default: "/visible", "JSON pointer to the number of visible messages."),
            Field("in_flight", .text(), "JSON pointer."),
            Field("delayed", .text(), "JSON pointer."),
            Field("oldest_age", .text(), "JSON pointer; seconds."),
        ],
        shorthand: "url", untold: { $0.text("in_flight") == nil ? [.inFlight, .outstanding] : [] })

    static let command = BackendSection(
        word: "command", summary: "A program that prints JSON.",
        fields: [
            Field("shell", .text(), "A line for /bin/sh."),
            Field("program", .list(of: .text()), "A program and its arguments."),
            Field(
                "time_limit", .duration(.milliseconds(10) ... .seconds(600)), default: "10s", "How long it may take."),
        ],
        shorthand: "shell",
        check: { options in
            guard options.text("shell") == nil, options["program"] == nil else { return [] }
            return [
                OptionMistake(field: "shell", message: "there is no command to run", expected: "'shell' or 'program'")
            ]
        })

    static let process = BackendSection(
        word: "process", summary: "Each instance is a process.",
        fields: [
            Field("command", .list(of: .text()), required: true, "The program and its arguments."),
            Field("working_directory", .text(), "Where it runs."),
            Field("environment", .textMap(names: .variable, secrets: true), "Variables for it."),
            Field("memory", .size(1_048_576...1_099_511_627_776), "Most memory."),
            Field("cpu_time", .duration(.seconds(1) ... .seconds(86_400)), "Most processor time."),
            Field("open_files", .integer(16...1_048_576), "Most open files."),
            Field("niceness", .integer(0...19), default: "0", "How far it gives way."),
        ], abilities: [.pausing])

    static let docker = BackendSection(
        word: "docker", summary: "Each instance is a container.",
        fields: [
            Field("image", .text(), required: true, "The image."),
            Field("command", .list(of: .text()), "What runs in it."),
            Field("entrypoint", .list(of: .text()), "Replaces the image's."),
            Field("environment", .textMap(names: .variable, secrets: true), "Variables for it."),
            Field("cpus", .number(0.01...1024), "Most CPUs."),
            Field("memory", .size(6_291_456...1_099_511_627_776), "Most memory."),
            Field("network", .text(), default: "bridge", "The network."),
            Field(
                "mounts", .list(of: .checkedText(expected: "'source:target' or 'source:target:ro'", isMount)),
                "What is mounted."),
            Field("user", .text(), "The user."),
            Field("init", .boolean, default: "true", "A small init process."),
            Field("pids_limit", .integer(1...4_194_304), "Most processes."),
            Field("extra_hosts", .list(of: .text()), "Lines for /etc/hosts."),
            Field("labels", .textMap(), "Labels."),
            Field("working_directory", .text(), "Where the command starts."),
            Field("pull", .oneOf(["missing", "never", "always"]), default: "missing", "When to pull."),
            Field("host", .text(), "The engine."),
        ],
        shorthand: "image", abilities: [.stoppedPool, .pausing, .address],
        unavailable: { ["host", "none"].contains($0.text("network")) ? [.address] : [] })

    @Sendable private static func isQueueName(_ text: String) -> Bool {
        (1...80).contains(text.count)
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
    }

    @Sendable private static func isMount(_ text: String) -> Bool {
        (2...3).contains(text.split(separator: ":", omittingEmptySubsequences: false).count)
    }
}

/// A reader for the test catalogue.
let reader = PolicyReader(catalogue: .test)

/// The smallest file that is right; `lines` follow it.
func smallest(_ lines: String = "") -> String {
    """
    group: emails
    queue: { embedded: emails }
    workers: { docker: emails:1 }
    max_size: 5
    \(lines)
    """
}

import WeirPolicy

/// What a policy file says about a program that measures.
struct CommandOptions: Sendable, Equatable {
    /// The program and its arguments; never empty.
    var program: [String]
    var timeLimit: Duration

    init(_ options: Options) {
        if let line = options.text("shell") {
            program = ["/bin/sh", "-c", line]
        } else {
            program = options.texts("program")
        }
        timeLimit = options.duration("time_limit") ?? CommandLimits.defaultTimeLimit
    }

    static let section = BackendSection(
        word: "command",
        summary: "A program that prints how many messages wait, as JSON.",
        fields: [
            Field("shell", .text(), "A line for /bin/sh. One of 'shell' and 'program' is needed."),
            Field("program", .list(of: .text()), "A program and its arguments, each as it is: no shell reads them."),
            Field(
                "time_limit", .duration(CommandLimits.timeLimit), default: "10s",
                "How long it may take. After that it is killed with all that it started, and the measurement is missing."
            ),
        ],
        shorthand: "shell",
        check: check)

    private static func check(_ options: Options) -> [OptionMistake] {
        let expected = "a line for the shell, or a program with its arguments"
        switch (options.text("shell"), options["program"]) {
        case (nil, nil):
            return [OptionMistake(field: "shell", message: "there is no command to run", expected: expected)]
        case (.some, .some):
            return [
                OptionMistake(
                    field: "program", message: "there are two commands: 'shell' and 'program'", expected: "one of them")
            ]
        case (let line?, nil):
            guard line.allSatisfy(\.isWhitespace) else { return [] }
            return [OptionMistake(field: "shell", message: "there is no command to run", expected: expected)]
        case (nil, .some):
            guard options.texts("program").first?.isEmpty ?? true else { return [] }
            return [
                OptionMistake(
                    field: "program", message: "'program' names no program", expected: "[\"./depth\", \"--json\"]")
            ]
        }
    }
}

/// The largest of everything in the command source.
enum CommandLimits {
    static let defaultTimeLimit: Duration = .seconds(10)
    static let timeLimit: ClosedRange<Duration> = .milliseconds(10)...(.seconds(600))
    /// Of standard output, and of standard error.
    static let outputBytes = 64 << 10
    /// What a reason quotes of the program's last line. Unit: characters.
    static let quotedCharacters = 200
}

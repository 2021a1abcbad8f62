import WeirPolicy

/// What a policy file says about instances that are processes.
struct ProcessOptions: Sendable, Equatable {
    /// The program and its arguments; never empty.
    var command: [String]
    /// Nil: the folder in which weir was started.
    var workingDirectory: String?
    var environment: [(name: String, value: String)]
    /// Address space of each of its processes.
    var memoryBytes: Int?
    /// Of each of its processes.
    var cpuTime: Duration?
    var openFiles: Int?
    var niceness: Int?

    init(_ options: Options) {
        command = options.texts("command")
        workingDirectory = options.text("working_directory")
        environment = options.textMap("environment")
        memoryBytes = options.sizeBytes("memory")
        cpuTime = options.duration("cpu_time")
        openFiles = options.integer("open_files")
        niceness = options.integer("niceness")
    }

    static func == (left: ProcessOptions, right: ProcessOptions) -> Bool {
        left.command == right.command && left.workingDirectory == right.workingDirectory
            && left.environment.elementsEqual(right.environment, by: ==) && left.memoryBytes == right.memoryBytes
            && left.cpuTime == right.cpuTime && left.openFiles == right.openFiles && left.niceness == right.niceness
    }

    static let section = BackendSection(
        word: "process",
        summary: "Each instance is a process of this machine, with all that it starts.",
        fields: [
            Field(
                "command", .list(of: .text()), required: true,
                "The program and its arguments, each as it is: no shell reads them. A program without '/' is looked for in PATH. Anyone on the machine can see them; secrets belong in 'environment'."
            ),
            Field(
                "working_directory", .text(),
                "Where it runs; by default where weir was started."),
            Field(
                "environment", .textMap(names: .variable, secrets: true),
                "Variables for it, on top of those of weir itself (without weir's own WEIR_ variables)."),
            Field(
                "memory", .size(ProcessLimits.memoryBytes),
                "Most address space of each of its processes; allocating more fails (ulimit -v)."),
            Field(
                "cpu_time", .duration(ProcessLimits.cpuTime),
                "Most processor time of each of its processes; who needs more is killed (ulimit -t). Whole seconds."),
            Field(
                "open_files", .integer(ProcessLimits.openFiles),
                "Most files open at once in each of its processes (ulimit -n)."),
            Field(
                "niceness", .integer(ProcessLimits.niceness),
                "How far it gives way to others for the processor: 0, not at all, to 19."),
        ],
        check: { options in
            guard options.texts("command").first?.isEmpty ?? true else { return [] }
            return [
                OptionMistake(
                    field: "command", message: "'command' names no program",
                    expected: "a program and its arguments: [\"python3\", \"worker.py\"]")
            ]
        }, abilities: [.pausing])
}

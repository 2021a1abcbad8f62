/// The limits of everything that is asked of an engine.
enum DockerLimits {
    /// The engine takes nothing shorter than a millisecond; a second is soon enough.
    static let healthInterval = Duration.seconds(1)...Duration.seconds(3600)
    // How long an answer may take. The engine does the work of a create or start before it answers, and a busy one takes
    // seconds; measured on two cores with 50 starts at once: under 5 s.
    static let createTime: Duration = .seconds(30)
    static let startTime: Duration = .seconds(60)
    static let listTime: Duration = .seconds(10)
    static let removeTime: Duration = .seconds(30)
    /// Added to the stop timeout of the group: the engine answers a stop once the container has ended.
    static let stopMargin: Duration = .seconds(15)
    /// For a whole image. Layers of gigabytes over a slow line take minutes.
    static let pullTime: Duration = .seconds(900)
    /// Between looks for a container that is still being made.
    static let adoptionPause: Duration = .milliseconds(50)
    static let connectTime: Duration = .seconds(5)

    /// Launches under way at once on one engine, of all groups together. More make each one later and none sooner.
    static let launchesAtOnce = 8
    /// Ended containers that are looked into at once.
    static let inspectionsAtOnce = 8

    /// Bytes of a list; about 1.5 KiB for each container.
    static let listBytes = 64 << 20
    /// Lines of an ended container's output that are kept, and the longest one in characters.
    static let logLines = 20
    static let logLineCharacters = 500
    /// Bytes of those lines as the engine sends them; it cuts a line at 16 KiB.
    static let logBytes = 1 << 20
    /// One line of a stream of events or of a pull's progress, in bytes.
    static let streamLineBytes = 1 << 20
    /// Characters of the engine's own message that a failure quotes.
    static let quotedCharacters = 400

    /// Pauses between attempts to hear the engine's events again, once they have ended.
    static let shortestEventsPause: Duration = .milliseconds(100)
    static let longestEventsPause: Duration = .seconds(5)

    // What may be written in a policy file.
    /// CPUs. The engine refuses less than a hundredth, and more than the machine has.
    static let cpus: ClosedRange<Double> = 0.01...1024
    /// Bytes. Source: Docker run reference, "the minimum allowed value is 6m".
    static let memoryBytes: ClosedRange<Int> = (6 << 20)...(1 << 50)
    /// Processes and threads of a container. Source: the kernel's PID_MAX_LIMIT.
    static let processes: ClosedRange<Int> = 1...4_194_304
}

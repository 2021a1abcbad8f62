/// The largest of everything in the process launcher.
enum ProcessLimits {
    /// Instance ids are 19 characters long (`InstanceID`); this only keeps a strange one from being a strange path.
    static let instanceIDBytes = 64
    static let numberBytes = 32
    /// `/proc/PID/stat` is one line of some 300 bytes.
    static let statusBytes = 4 << 10
    /// Largest environment that the kernel passes on with its default stack. Source: execve(2).
    static let environmentBytes = 2 << 20

    /// What a listing carries of the log of an instance that has ended.
    static let logTailBytes = 4 << 10
    static let logTailLines = 20
    /// A log larger than this is cut down to its last `logKeptBytes`.
    static let logBytes = 10 << 20
    static let logKeptBytes = 1 << 20
    /// Logs of removed instances that are kept for each group.
    static let logsKept = 20

    /// How long processes may take to vanish after SIGKILL, before the launcher says that they do not.
    static let killTime: Duration = .seconds(10)
    /// How often the launcher looks whether an instance that was told to stop has ended.
    static let endCheckInterval: Duration = .milliseconds(20)
    static let slowEndCheckInterval: Duration = .milliseconds(100)
    /// How long processes may take to stand still after SIGSTOP; one that waits for a disk does when that has answered.
    static let pauseTime: Duration = .seconds(5)
    static let pauseCheckInterval: Duration = .milliseconds(2)
    /// After this time it looks more slowly.
    static let quickEndTime: Duration = .seconds(2)

    /// Range of `memory`. Below 1 MiB hardly any program can be loaded.
    static let memoryBytes = (1 << 20)...(1 << 50)
    static let cpuTime: ClosedRange<Duration> = .seconds(1)...(.seconds(365 * 86_400))
    /// Standard input, output, error and the lock are four.
    static let openFiles = 16...1_048_576
    /// An ordinary user may only give way to others.
    static let niceness = 0...19
}

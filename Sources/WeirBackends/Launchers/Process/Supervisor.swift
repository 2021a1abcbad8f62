import WeirCore

/// The small shell program that stands between weir and an instance: it waits for the instance's end, which weir may not
/// live to see, writes the exit code down, and ends with everything that the instance left running.
///
/// Read it with these in mind (it runs in dash, bash and busybox alike):
/// - It has no variables: one that is also in the environment would reach the instance with another value. What it needs
///   comes as arguments, and what comes as an argument is never read as shell.
/// - It leads a session of its own. SIGTERM to the process group reaches it too; the trap makes it stay, and a trap, other
///   than ignoring, is not passed on to the instance.
/// - `group` is written by the subshell that becomes the instance, so that who finds it can signal the instance.
/// - Descriptor 9 is the lock, held by the supervisor and the instance until the last of them ends.
/// - The last line ends what is left of the group, itself included, as a container does when its main process ends.
enum Supervisor {
    static let shell = "/bin/sh"
    /// The descriptor of the lock. A shell can name descriptors up to 9 only; the lowest ones are used by many programs.
    static let lockDescriptor: Int32 = 9

    // $1 folder, $2 working directory, $3 KiB of memory, $4 seconds of processor time, $5 open files; then the command.
    static let script = """
        trap : HUP INT QUIT TERM
        (
            printf '%s\\n' "$$" >"$1/group" || exit 126
            if [ -n "$2" ]; then cd "$2" || exit 126; fi
            if [ -n "$3" ]; then ulimit -v "$3" || exit 126; fi
            if [ -n "$4" ]; then ulimit -t "$4" || exit 126; fi
            if [ -n "$5" ]; then ulimit -n "$5" || exit 126; fi
            shift 5
            exec "$@"
        )
        printf '%s\\n' "$?" >"$1/exit"
        kill -s KILL 0
        """

    /// - Parameter folder: of the instance, as an absolute path.
    static func arguments(folder: String, options: ProcessOptions) -> [String] {
        // Half a kibibyte or half a second more is closer to what was asked for than less.
        let memory = options.memoryBytes.map { String(($0 + 1023) / 1024) } ?? ""
        let seconds = options.cpuTime.map { String(($0.wholeMilliseconds + 999) / 1000) } ?? ""
        let files = options.openFiles.map(String.init) ?? ""
        let nice = options.niceness.map { ["nice", "-n", String($0)] } ?? []
        return [shell, "-c", script, "weir-instance", folder, options.workingDirectory ?? "", memory, seconds, files]
            + nice + options.command
    }
}

import Glibc

/// A program to be started in a session, and so a process group, of its own. The group's id is its process id.
///
/// Foundation's `Process` cannot do that, and swift-subprocess ends what it started when its caller goes away, where an
/// instance has to outlive weir; so this is `posix_spawn` itself.
struct Program {
    /// The path of the program, or a name to be looked for in PATH.
    var name: String
    /// What it sees as its arguments; the first is its name for itself.
    var arguments: [String]
    /// `NAME=value`.
    var environment: [String]
    /// Which of our descriptors it gets under which number. Standard input, output and error that are not given are
    /// `/dev/null`; every other descriptor of weir (sockets, the queue's files, the lock on the state folder) is closed.
    var descriptors: [(ours: Descriptor, theirs: Int32)]

    /// Starts it with no signal blocked or ignored.
    /// - Returns: its process id. It is a child of weir and stays a zombie until it is reaped.
    /// - Throws: why it was not started; also when there is no such program.
    func start() throws(SystemFailure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let parked = try arrangeDescriptors(&actions)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        arrangeSignals(&attributes)

        let argumentPointers = arguments.map { strdup($0) } + [nil]
        let environmentPointers = environment.map { strdup($0) } + [nil]
        defer { for pointer in argumentPointers + environmentPointers { free(pointer) } }

        var pid: pid_t = 0
        let code = posix_spawnp(&pid, name, &actions, &attributes, argumentPointers, environmentPointers)
        withExtendedLifetime(parked) {}
        guard code == 0 else { throw SystemFailure("start \(name)", code: code) }
        return pid
    }

    /// - Returns: what has to stay open until the program was started.
    private func arrangeDescriptors(_ actions: inout posix_spawn_file_actions_t) throws(SystemFailure) -> [Descriptor] {
        for standard in Int32(0)...2 where !descriptors.contains(where: { $0.theirs == standard }) {
            posix_spawn_file_actions_addopen(&actions, standard, "/dev/null", O_RDWR, 0)
        }
        // First all are copied out of the way, so that putting one into its place never overwrites another.
        var parked: [Descriptor] = []
        for (ours, theirs) in descriptors {
            let copy = try ours.duplicate(atLeast: ProgramLimits.lowestParkedDescriptor)
            parked.append(copy)
            posix_spawn_file_actions_adddup2(&actions, copy.number, theirs)
        }
        let given = descriptors.map(\.theirs)
        for number in 3...(try Self.highestDescriptor() + ProgramLimits.descriptorMargin) where !given.contains(number)
        {
            posix_spawn_file_actions_addclose(&actions, number)
        }
        return parked
    }

    /// Signals that weir handles or ignores, and those it blocks, would stay so in the program.
    private func arrangeSignals(_ attributes: inout posix_spawnattr_t) {
        var every = sigset_t()
        sigfillset(&every)
        posix_spawnattr_setsigdefault(&attributes, &every)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        let newSession: Int16 = 0x80  // POSIX_SPAWN_SETSID, which the header hides behind _GNU_SOURCE
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK) | newSession)
    }

    private static func highestDescriptor() throws(SystemFailure) -> Int32 {
        let names = try Files.names(in: "/proc/self/fd")
        return names.compactMap { Int32($0) }.max() ?? 2
    }
}

enum ProgramLimits {
    /// Descriptors are parked from here on while a program is started; programs get theirs below.
    static let lowestParkedDescriptor: Int32 = 32
    /// Descriptors that another thread may open between the look at the open ones and the start. Nearly all of weir's
    /// are closed by the kernel at the start anyway; closing is for those of libraries that forget to ask for it.
    static let descriptorMargin: Int32 = 64
}

/// The end of child processes.
enum Children {
    enum State: Equatable {
        case running
        /// Its process id, and so that of its group, stays taken until it is reaped.
        case ended
        /// Somebody else has reaped it (the kernel does, where SIGCHLD is ignored), so nobody can say how it ended, and
        /// its number may already be another's: it must not be signalled.
        case lost
    }

    static func state(of pid: pid_t) -> State {
        var information = siginfo_t()
        guard waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT | WNOHANG) == 0 else { return .lost }
        return information.si_signo == 0 ? .running : .ended
    }

    /// Kills the child with all of its group.
    static func killGroup(_ pid: pid_t) {
        if state(of: pid) != .lost { kill(-pid, SIGKILL) }
    }

    /// Frees the process id of a child, waiting for its end.
    /// - Returns: its exit code, 128 + signal when a signal ended it; nil when it is not our child.
    @discardableResult
    static func reap(_ pid: pid_t) -> Int? {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 {
            guard errno == EINTR else { return nil }
        }
        let signal = status & 0x7f
        return Int(signal == 0 ? (status >> 8) & 0xff : 128 + signal)
    }

    /// Frees the process id of a child if it has ended.
    /// - Returns: whether there is nothing left to reap.
    static func reapIfEnded(_ pid: pid_t) -> Bool {
        var status: Int32 = 0
        return waitpid(pid, &status, WNOHANG) != 0
    }
}

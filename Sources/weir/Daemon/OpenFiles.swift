import Glibc

/// How many files and connections weir may have open.
enum OpenFiles {
    /// Enough for thousands of workers that wait for messages at once.
    private static let wanted: rlim_t = 65_536

    /// Raises the soft limit as far as the system allows.
    static func allowMany() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < wanted else {
            return
        }
        limit.rlim_cur = min(wanted, limit.rlim_max)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}

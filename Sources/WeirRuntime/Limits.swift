/// The largest and smallest of everything that the runtime does.
public enum Limits {
    /// Instances of one group that are asked for their health at the same time.
    static let healthChecksAtOnce = 16
    /// A sleep is cut here and begun anew, so that a clock that was set back or forward is noticed.
    public static let longestSleep = Duration.seconds(5)
    /// While a source is being asked that takes longer than this, the group ticks this often without it.
    public static let tickWhileMeasuring = Duration.seconds(1)
    /// Sources have time limits of their own. One that does not keep to them counts as one that failed after this, and again
    /// after as long.
    public static let measuringPatience = Duration.seconds(60)
    /// So much longer than a limit that its user has set.
    static let patienceBeyondLimit = Duration.seconds(15)
    /// As long as the launcher has not said what is there, it is asked this often.
    public static let listingRetry = Duration.seconds(1)
    /// A state to which nothing but samples was added is stored again after this.
    public static let quietSaveInterval = Duration.seconds(10)
    /// A state that could not be written is tried again after this.
    public static let saveRetry = Duration.seconds(1)
    /// A file of records is followed by another one only when it is larger. Unit: bytes.
    static let smallestRecordFile = 1 << 16
    /// And only when it was begun so long ago.
    static let shortestRecordFile = Duration.seconds(60)
    /// How often a lock that is taken is tried, and how long between two attempts.
    public static let lockAttempts = 20
    public static let lockPauseMicroseconds: UInt32 = 10_000
    /// How long an instance that receives nothing more has to hold nothing until it is idle.
    public static let quietTime = Duration.seconds(1)
    /// How long a stop waits for launches that were begun.
    public static let settleAtStop = Duration.seconds(5)
    /// Decisions of each group that are kept to be shown.
    public static let decisionsKept = 20
}

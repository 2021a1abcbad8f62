/// The largest of everything that travels.
public enum APILimits {
    /// Largest request body; larger ones are refused with status 413 and the connection is closed. A batch of messages
    /// has at most 1 MiB, but JSON that is kept to ASCII, as Python writes it, needs three times that for text such as
    /// 'ü' (two bytes become `\u00fc`).
    /// - Unit: bytes.
    public static let bodyBytes = 4 * 1024 * 1024
    /// What unfinished and unanswered bodies of all connections may have together, and how much of each body does not
    /// count. Unit: bytes.
    static let bodyBytesTogether = 64 * 1024 * 1024
    static let freeBodyBytes = 16 * 1024
    /// A body that counts has to arrive whole within this time. Unit: seconds.
    static let bodySeconds: Int64 = 60
    /// Requests, and bytes of their bodies, that a client may send ahead before no more are read.
    static let requestsAhead = 8
    static let bytesAhead = 64 * 1024
    /// Connections open at once over TCP. Half of what the process may open at all is the limit when that is less: queues,
    /// instances and their logs need the rest.
    public static let connections = 4096
    /// Connections open at once on the operator's socket, which is not to be shut out by the others.
    public static let controlConnections = 64
    /// After the system refused to accept a connection it is asked again in this time. Unit: milliseconds.
    static let acceptRestMilliseconds: Int64 = 100
    /// A warning that would come again and again comes once in this time. Unit: seconds.
    static let silenceSeconds: Int64 = 60
    /// Longest single header, and all headers of a request together. Unit: bytes.
    public static let headerBytes = 32 * 1024
    /// Most headers of a request.
    public static let headerCount = 100
    /// Connections that may wait to be accepted.
    public static let connectionBacklog: Int32 = 256
    /// How deep arrays and objects may stand inside each other.
    public static let jsonDepth = 16
    /// Most parameters of a Query request.
    public static let formParameters = 1000
    /// How long a shutdown waits for answers that are under way. Unit: milliseconds.
    public static let shutdownMilliseconds: Int64 = 2000
    /// A connection on which nothing is asked for this long is closed. Unit: seconds.
    public static let idleConnectionSeconds: Int64 = 300
    /// MessageAttributeNames of one receive. AWS documents no limit; a message has ten attributes at most.
    static let attributeNames = 1000
    /// For how long an instance that was found alive counts as alive without asking again. Unit: milliseconds.
    public static let instanceMemoryMilliseconds: Int64 = 1000
    /// Largest number of seconds that is read at all; what is allowed is decided later, and is far less.
    static let seconds = 1_000_000_000
    /// Instances remembered as alive; when there are more, all are asked for again.
    public static let rememberedInstances = 10_000
}

/// Limits of the Auto Scaling API. Source: EC2 Auto Scaling API reference, the actions' own pages.
enum AutoScalingLimits {
    /// Instances of one SetInstanceProtection or DescribeAutoScalingInstances.
    static let instanceIDs = 50
    /// MaxRecords of DescribeAutoScalingInstances.
    static let instanceRecords = 50
    /// MaxRecords of DescribeAutoScalingGroups, and what it is without one.
    static let groupRecords = 100
    static let defaultGroupRecords = 50
    /// MaxRecords of DescribeInstanceRefreshes, and what it is without one.
    static let refreshRecords = 100
    static let defaultRefreshRecords = 50
    /// PolicyNames of DescribePolicies, its MaxRecords, and what that is without one.
    static let policyNames = 50
    static let policyRecords = 100
    static let defaultPolicyRecords = 50
    /// ScheduledActionNames of DescribeScheduledActions, its MaxRecords, and what that is without one.
    static let scheduledActionNames = 50
    static let scheduledActionRecords = 100
    static let defaultScheduledActionRecords = 50
    /// MaxRecords of DescribeWarmPool.
    static let warmPoolRecords = 50
    /// Cause of an activity, StatusReason of a refresh. Unit: characters.
    static let causeCharacters = 1023
    /// LifecycleActionToken. Unit: characters.
    static let tokenCharacters = 36
}

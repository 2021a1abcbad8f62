/// What weir asks, and how often, to find out whether an instance is healthy. How many answers it takes to call one
/// unhealthy is the business of deciding, and stands in the group's policy.
public struct HealthProbe: Sendable, Equatable {
    public var kind: Kind
    /// From one check of an instance to the next. Range: 1 s…1 h. Default: 10 s.
    public var interval: Duration
    /// An answer that takes longer is a failure. Below the interval. Default: 5 s.
    public var timeout: Duration

    public init(kind: Kind, interval: Duration, timeout: Duration) {
        self.kind = kind
        self.interval = interval
        self.timeout = timeout
    }

    public enum Kind: Sendable, Equatable {
        /// A GET, at the instance's address; where instances have none, at 127.0.0.1. Any 2xx or 3xx is healthy.
        case http(port: Int, path: String, scheme: Scheme)
        /// A program and its arguments, run beside weir with `WEIR_INSTANCE_ID` and `WEIR_GROUP` in its environment. Exit
        /// code 0 is healthy. Never empty.
        case command([String])
    }

    /// Raw values are the words of the policy file.
    public enum Scheme: String, Sendable, CaseIterable {
        case http
        case https
    }
}

/// What weir runs for a lifecycle hook. Its end completes the hook: with exit code 0 to continue, else with the hook's
/// default result.
public struct HookCommand: Sendable, Equatable {
    /// The hook's name, unique in its group.
    public var hook: String
    public var program: String
    public var arguments: [String]

    public init(hook: String, program: String, arguments: [String] = []) {
        self.hook = hook
        self.program = program
        self.arguments = arguments
    }
}

import WeirCore

/// Where work waits, seen from outside: looking changes nothing.
public protocol QueueSource: Sendable {
    /// Measures the backlog. A source that cannot be asked, or does not answer within its time limit, gives *missing*
    /// with the reason; it never throws and never gives 0 for "I do not know". Being cancelled is prompt.
    func measure(at now: Instant) async -> Measurement
    /// A measurement that has not come after this counts as failed, though it is still waited for. Has to be longer than the
    /// source's own time limit. Default: `Limits.measuringPatience`.
    var patience: Duration { get }
}

extension QueueSource {
    public var patience: Duration { Limits.measuringPatience }

    /// For a source whose time limit its user sets.
    public func patience(beyond timeLimit: Duration) -> Duration {
        max(Limits.measuringPatience, timeLimit + Limits.patienceBeyondLimit)
    }
}

/// Can tell more than counts, to whoever follows each message. Only a source that hands out the messages itself can.
public protocol TrafficSource: Sendable {
    /// What happened since this was asked last; nil when it cannot be told now.
    func traffic() async -> Traffic?
}

/// Knows who holds which message. Only a source that hands out the messages itself can: the embedded queue.
public protocol WorkHolders: Sendable {
    /// Messages held now, for every instance that holds any, sorted by instance.
    func held() async -> [HeldMessages]
}

/// Can also hold messages back from one instance.
public protocol WorkGate: WorkHolders {
    /// From the moment this returns, the instance receives no more messages (its receives come back empty).
    /// - Returns: how many messages it holds at that moment.
    func close(_ instance: InstanceID) async -> Int
    /// The instance receives messages again. Opening what is open does nothing.
    func open(_ instance: InstanceID) async
    /// The instance has ended: nobody holds what it held, and its gate is gone.
    func forget(_ instance: InstanceID) async
}

/// Something that happened to an instance.
public struct FleetEvent: Sendable, Equatable, Codable {
    public var instance: InstanceID
    public var kind: Kind

    public init(instance: InstanceID, kind: Kind) {
        self.instance = instance
        self.kind = kind
    }

    public enum Kind: Sendable, Equatable, Codable {
        /// It was seen running for the first time, so long after its launch was decided.
        case cameIntoService(after: Duration)
        /// The launcher knows it, the group did not: it counts from now on.
        case adopted
        case launchFailed(String)
        /// It did not come into service within this time.
        case launchGivenUp(after: Duration)
        /// It is no more. `asked`: it had been told to stop; else it ended by itself. `after`: the time in service, nil
        /// when it never was. `young`: it ended by itself too soon after its start to have been of use.
        case ended(Exit, asked: Bool, after: Duration?, young: Bool)
        /// It had been chosen to end and is in service again.
        case cameBack(ReturnCause)
        /// An order to it went wrong and is given again later.
        case orderFailed(Order, why: String)
        /// Something that ended before was found, and is tidied away.
        case remainsFound
        /// It waits for this lifecycle hook.
        case hookBegan(String)
        case hookEnded(String, LifecycleResult, HookEnd)
        case unhealthy(String)
        case healthyAgain
        /// It was chosen to go.
        case departs(Departure)
        case stoodBy
        /// It is ready in the warm pool.
        case warmed
        /// It goes from the warm pool to work.
        case leftPool
    }

    /// Why an instance that was draining is in service again.
    public enum ReturnCause: Sendable, Equatable, Codable {
        /// It turned out to hold this many messages.
        case busy(Int)
        /// Desired capacity rose.
        case wanted
        /// Its standby is over.
        case standby
    }

    /// Snake case and stable.
    public var code: String {
        switch kind {
        case .cameIntoService: "came_into_service"
        case .adopted: "adopted"
        case .launchFailed: "launch_failed"
        case .launchGivenUp: "launch_given_up"
        case .ended(_, let asked, _, let young): asked ? "ended" : young ? "died_young" : "ended_by_itself"
        case .cameBack: "came_back"
        case .orderFailed: "order_failed"
        case .remainsFound: "remains_found"
        case .hookBegan: "hook_began"
        case .hookEnded: "hook_ended"
        case .unhealthy: "unhealthy"
        case .healthyAgain: "healthy_again"
        case .departs: "departs"
        case .stoodBy: "stood_by"
        case .warmed: "warmed"
        case .leftPool: "left_pool"
        }
    }

    /// For people; the instance is named beside it.
    public var sentence: String {
        switch kind {
        case .cameIntoService(let after): "in service \(after.text) after its launch"
        case .adopted: "was not known to the group and is adopted"
        case .launchFailed(let why): "could not be launched: \(why)"
        case .launchGivenUp(let after): "did not come into service within \(after.text) and is given up"
        case .ended(let exit, let asked, let after, let young): endSentence(exit, asked, after, young)
        case .cameBack(.busy(let messages)): "back in service: it holds \(counted(messages, "message"))"
        case .cameBack(.wanted): "back in service: desired capacity rose before it ended"
        case .cameBack(.standby): "back in service: its standby is over"
        case .orderFailed(let order, let why): "\(order.verb) failed and is tried again: \(why)"
        case .remainsFound: "found ended; what is left of it is removed"
        case .hookBegan(let hook): "waits for the lifecycle hook \(hook)"
        case .hookEnded(let hook, let result, let end): "\(hook) completed with \(result.apiName) \(end.sentence)"
        case .unhealthy(let why): "is unhealthy: \(why)"
        case .healthyAgain: "is healthy again"
        case .departs(let departure): "takes no more messages: \(departure.sentence)"
        case .stoodBy: "stands by"
        case .warmed: "is ready in the warm pool"
        case .leftPool: "leaves the warm pool for work"
        }
    }

    private func endSentence(_ exit: Exit, _ asked: Bool, _ after: Duration?, _ young: Bool) -> String {
        if asked { return exit.isKnown ? "stopped, \(exit.sentence)" : "stopped" }
        let time = after.map { "after \($0.text) in service" } ?? "before it came into service"
        return "\(young ? "died young" : "ended by itself") \(time), \(exit.sentence)"
            + (young ? quoted(exit.logTail) : "")
    }
}

/// The last log lines as the end of a sentence.
func quoted(_ logTail: [String]) -> String {
    let lines = logTail.suffix(Limits.logLinesQuoted)
    return lines.isEmpty ? "" : "; its last lines: " + lines.joined(separator: " | ")
}

extension Exit {
    /// Anyone saw how it ended.
    var isKnown: Bool { outOfMemory || code != nil }

    /// `exit code 1`, `out of memory`, `nobody saw how`.
    public var sentence: String {
        if outOfMemory { return "out of memory" }
        return code.map { "exit code \($0)" } ?? "nobody saw how"
    }
}

import WeirCore

/// The stories of one policy: what a group of it is promised to do, and in which circumstances.
public struct StorySuite: Sendable {
    /// Of the story file.
    public var path: String
    /// The policy that the stories are about.
    public var policy: PolicyFile
    /// In the order of the file.
    public var stories: [Story]
}

/// A made-up course of events, and what is expected of the group in it. Times are since its beginning.
public struct Story: Sendable {
    /// A sentence that says what is promised.
    public var title: String
    /// Where it begins in its file, from 1.
    public var line: Int
    /// What the clock shows at the beginning. Default: 2026-01-05T00:00:00Z, a Monday.
    public var beginsAt: Instant
    /// Instances in service at the beginning. Default: as of a new group of this policy.
    public var desiredCapacity: Int?
    /// What the other groups of its fleet leave to the group. Unit: units. Default: as much as it likes.
    public var fleetRoom: Int?
    /// From the launch of an instance until it is in service. Default: 10 s.
    public var startupTime: Duration
    /// From the order to stop until an instance has ended. Default: 1 s.
    public var stopTime: Duration
    /// How long lifecycle hooks take to be completed that no command completes. Default: 1 s.
    public var hookTime: Duration
    /// Default: until all has happened that it names.
    public var lasts: Duration
    public var source: Source
    public var events: [StoryEvent]
    public var expectations: [StoryExpectation]

    /// Where the figures come from that the group decides by.
    public enum Source: Sendable {
        /// They are written down.
        case given(StoryFigures)
        /// A simulated queue has them.
        case load(StoryLoad)
    }
}

/// Jobs for the simulated queue.
public struct StoryLoad: Sendable {
    /// Loads that are made up, each in the words of `weir simulate --generate`; several add up.
    public var generate: [String]
    /// A recorded load, beside the story file. Exactly one of the two is there.
    public var trace: String?
    /// How long jobs take, in the words of `weir simulate --service-time`.
    public var serviceTime: String?
    /// Which metric of a CloudWatch document it is.
    public var metric: String?
    /// How long a datapoint of such a document covers, or one interval of counts.
    public var period: Duration?
    public var seed: UInt64
    /// Where it stands in the story file, from 1.
    public var line: Int
}

extension StoryLoad {
    /// Something in it that is wrong.
    public struct Mistake: Sendable, Equatable {
        public var part: Part
        public var message: String
        public var hint: String?

        public init(_ part: Part, _ message: String, hint: String?) {
            self.part = part
            self.message = message
            self.hint = hint
        }
    }

    public enum Part: Sendable, Equatable {
        /// Which of those that are made up, from 0.
        case generate(Int)
        case trace
        case serviceTime
        case load
    }
}

/// What happens besides, at its time.
public struct StoryEvent: Sendable {
    public var at: Duration
    public var kind: Kind

    public enum Kind: Sendable, Equatable {
        /// These end by themselves, with exit code 1.
        case instanceEnds(StoryInstance)
        /// For so long every launch fails.
        case launchesFail(Duration)
        /// For so long the launcher does not say what is there.
        case listingFails(Duration)
        case restart
        case setDesired(Int)
        case suspend(ScalingProcess)
        case resume(ScalingProcess)
        case protect(StoryInstance)
        case unprotect(StoryInstance)
        case terminate(StoryInstance)
        case standby(StoryInstance)
        case exitStandby
        case unhealthy(StoryInstance)
        case refresh
        case reset
    }
}

/// Which of the instances in service.
public enum StoryInstance: Sendable, Equatable {
    /// Counted from the oldest, which is 1.
    case number(Int)
    case newest
    case all

    init?(_ text: String) {
        switch text {
        case "oldest": self = .number(1)
        case "newest": self = .newest
        case "all": self = .all
        default:
            guard let number = Int(text), (1...Limits.largestGroup).contains(number) else { return nil }
            self = .number(number)
        }
    }
}

/// What is to hold, and when.
public struct StoryExpectation: Sendable {
    /// Where it stands in its file, from 1.
    public var line: Int
    public var when: When
    public var conditions: StoryConditions
    /// They are never to hold together; else they are to hold.
    public var isNever: Bool

    public enum When: Sendable, Equatable {
        /// At this moment, when everything is done that follows from it at once.
        case at(Duration)
        /// At some moment between the two.
        case sometime(Duration, Duration)
        /// All the time from the one to the other.
        case throughout(Duration, Duration)

        public var end: Duration {
            switch self {
            case .at(let time): time
            case .sometime(_, let end), .throughout(_, let end): end
            }
        }
    }
}

/// What is looked at, all of it together.
public struct StoryConditions: Sendable {
    /// In the order of their declaration.
    public var figures: [FigureCondition]
    public var alarms: [AlarmCondition]
    /// A rule, a name or a part of a sentence that is among the reasons.
    public var because: StoryReason?

    public struct FigureCondition: Sendable, Equatable {
        public var figure: StoryFigure
        public var comparison: StoryComparison
    }

    public struct AlarmCondition: Sendable, Equatable {
        public var alarm: String
        public var state: AlarmState
    }
}

/// What is to be among the reasons.
public struct StoryReason: Sendable, Equatable {
    /// As it was written.
    public var text: String
    /// It is the name of a scaling policy: of that and nothing else.
    public var isPolicy: Bool
}

/// A number that can be expected. Raw values are the words of the story file.
public enum StoryFigure: String, Sendable, CaseIterable {
    case desired
    case inService = "in_service"
    case pending
    case terminating
    case launches
    case terminations
    case visible
    case inFlight = "in_flight"
    case oldestAge = "oldest_age"

    /// It is counted over a time, and is no matter of a moment.
    public var isCounted: Bool {
        switch self {
        case .launches, .terminations: true
        case .desired, .inService, .pending, .terminating, .visible, .inFlight, .oldestAge: false
        }
    }

    /// Instances are counted, and what a source says need not be whole.
    var isWhole: Bool {
        switch self {
        case .desired, .inService, .pending, .terminating, .launches, .terminations: true
        case .visible, .inFlight, .oldestAge: false
        }
    }

    /// For people: `in service`.
    public var words: String { rawValue.split(separator: "_").joined(separator: " ") }
}

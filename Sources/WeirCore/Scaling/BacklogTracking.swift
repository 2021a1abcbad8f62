/// As many instances as the outstanding work needs, and some to spare; decided at each measurement, without an alarm.
///
/// It says how many there should be, not how many to add. An instance whose launch is under way counts as one of them until it
/// is ready or given up, so a slow start leads to no second launch for the same work. Stabilization and rates are those of
/// Kubernetes. Source: "Horizontal Pod Autoscaling", configurable scaling behavior.
public struct BacklogTracking: Sendable, Equatable, Codable {
    /// Outstanding messages for each instance. Range: above 0. Nil: the group's concurrency.
    public var messagesPerInstance: Double?
    /// On top of what the work needs. Default: none.
    public var spare: InstanceAmount
    /// Never fewer than this because of this policy. Unit: instances. Default: 0.
    public var minimum: Int
    /// Never more than this because of this policy. Unit: instances. Nil: the maximum of the group is the only one.
    public var maximum: Int?
    /// Default: at once, and as far as needed.
    public var scaleOut: ScalingBehavior
    /// Default: to the largest that was recommended in the last 5 min, as far as it lets. Source: Kubernetes,
    /// `scaleDown.stabilizationWindowSeconds`.
    public var scaleIn: ScalingBehavior
    /// It only adds. Default: false.
    public var disableScaleIn: Bool

    public init(
        messagesPerInstance: Double? = nil, spare: InstanceAmount = .instances(0), minimum: Int = 0,
        maximum: Int? = nil, scaleOut: ScalingBehavior = ScalingBehavior(.window(.zero)),
        scaleIn: ScalingBehavior = ScalingBehavior(.window(BacklogTracking.defaultScaleInWindow)),
        disableScaleIn: Bool = false
    ) {
        self.messagesPerInstance = messagesPerInstance
        self.spare = spare
        self.minimum = minimum
        self.maximum = maximum
        self.scaleOut = scaleOut
        self.scaleIn = scaleIn
        self.disableScaleIn = disableScaleIn
    }

    public static let defaultScaleInWindow = Duration.seconds(300)
}

/// How a policy follows what it recommends, in one direction.
public struct ScalingBehavior: Sendable, Equatable, Codable {
    public var stabilization: Stabilization
    /// Nil: as far as it is recommended.
    public var maxRate: ScalingRate?

    public init(_ stabilization: Stabilization, maxRate: ScalingRate? = nil) {
        self.stabilization = stabilization
        self.maxRate = maxRate
    }
}

/// Keeps a capacity that goes up and down from being followed each time.
public enum Stabilization: Sendable, Equatable, Codable {
    /// Of all that was recommended in so long a time, the one that changes least. Zero: the newest one.
    case window(Duration)
    /// So many of the newest recommendations have to agree, and are followed as far as all of these do.
    case votes(Votes)

    /// Range: 1 ≤ `needed` ≤ `of`.
    public struct Votes: Sendable, Equatable, Codable {
        public var needed: Int
        public var of: Int

        public init(_ needed: Int, of count: Int) {
            self.needed = needed
            self.of = count
        }
    }
}

/// Instances, or a share of some.
public enum InstanceAmount: Sendable, Equatable, Codable {
    case instances(Int)
    /// Range: 0 and more.
    case percent(Double)

    /// Rounded up, so that a small group has a share too.
    public func amount(of count: Int) -> Int {
        switch self {
        case .instances(let instances): instances
        case .percent(let percent): wholeInstances(Double(count) * percent / 100)
        }
    }

    /// `3`, `25 %`
    public var text: String {
        switch self {
        case .instances(let instances): "\(instances)"
        case .percent(let percent): "\(numberText(percent)) %"
        }
    }
}

/// How far the capacity may go within a time, from where it was at its beginning; a share is at least one instance.
public struct ScalingRate: Sendable, Equatable, Codable {
    public var amount: InstanceAmount
    /// Range: above 0.
    public var period: Duration

    public init(_ amount: InstanceAmount, each period: Duration) {
        self.amount = amount
        self.period = period
    }

    func change(from capacity: Int) -> Int { max(amount.amount(of: capacity), 1) }

    /// `10 each 60s`
    var text: String { "\(amount.text) each \(period.text)" }
}

// MARK: The capacity

extension BacklogTracking {
    /// What the work alone leads to.
    struct Need: Sendable, Equatable {
        var forWork: Int
        var spare: Int
        /// Both, kept within the policy's own bounds.
        var recommended: Int
    }

    func need(messages: Double, perInstance: Double) -> Need {
        let forWork = wholeInstances(messages / perInstance)
        let spare = self.spare.amount(of: forWork)
        let wanted = min(max(forWork + spare, minimum), maximum ?? .max)
        return Need(forWork: forWork, spare: spare, recommended: wanted)
    }
}

/// Rounded up; a little more than a whole number, as calculating leaves behind, is no need for one more.
func wholeInstances(_ exact: Double) -> Int {
    guard exact.isFinite else { return exact > 0 ? Int(mostInstances) : 0 }
    let nearest = exact.rounded()
    let isWhole = abs(exact - nearest) <= 1e-9 * max(nearest, 1)
    return Int(min(max(isWhole ? nearest : exact.rounded(.up), 0), mostInstances))
}

/// Far beyond any group; it only keeps conversions and sums from overflowing.
private let mostInstances = 1e15

/// What happened in one piece of time.
public struct TimelinePiece: Joinable, Equatable {
    /// Jobs that were sent.
    public internal(set) var arrivals = 0
    /// Most arrivals in a minute of those that began here.
    public internal(set) var busiestMinute = 0
    /// Messages that waited.
    public internal(set) var backlog = Level()
    /// Instances.
    public internal(set) var desired = Level()
    public internal(set) var inService = Level()
    /// Messages that were worked on.
    public internal(set) var working = Level()
    /// How long those jobs waited that were sent here.
    public internal(set) var waits = Waits()

    public init() {}

    public mutating func join(_ later: TimelinePiece) {
        arrivals += later.arrivals
        busiestMinute = max(busiestMinute, later.busiestMinute)
        backlog.join(later.backlog)
        desired.join(later.desired)
        inService.join(later.inService)
        working.join(later.working)
        waits.join(later.waits)
    }

    /// A number that holds for a while, then another: its mean over the time that is known, and its extremes.
    public struct Level: Sendable, Equatable {
        /// Value times nanoseconds.
        private var integral = 0.0
        private var spanNs: Int64 = 0
        public private(set) var least = Int.max
        public private(set) var most = Int.min

        /// Nothing is known of it.
        public var isEmpty: Bool { most < least }
        public var mean: Double {
            if spanNs > 0 { return integral / Double(spanNs) }
            return isEmpty ? 0 : Double(most)
        }

        @inline(__always)
        mutating func hold(_ value: Int, forNs lengthNs: Int64) {
            integral += Double(value) * Double(lengthNs)
            spanNs += lengthNs
            touch(value)
        }

        /// It had this value, for however short a time.
        @inline(__always)
        mutating func touch(_ value: Int) {
            if value < least { least = value }
            if value > most { most = value }
        }

        mutating func join(_ later: Level) {
            integral += later.integral
            spanNs += later.spanNs
            least = min(least, later.least)
            most = max(most, later.most)
        }
    }

    public struct Waits: Sendable, Equatable {
        public private(set) var count = 0
        private var sumNs = 0.0
        private var mostNs: Int64 = 0

        /// Unit: seconds.
        public var mean: Double { count > 0 ? sumNs / Double(count) / 1e9 : 0 }
        /// Unit: seconds.
        public var max: Double { Double(mostNs) / 1e9 }

        @inline(__always)
        mutating func add(_ waitNs: Int64) {
            count += 1
            sumNs += Double(waitNs)
            if waitNs > mostNs { mostNs = waitNs }
        }

        mutating func join(_ later: Waits) {
            count += later.count
            sumNs += later.sumNs
            mostNs = Swift.max(mostNs, later.mostNs)
        }
    }
}

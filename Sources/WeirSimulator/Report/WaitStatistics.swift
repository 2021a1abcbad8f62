/// How long jobs waited: exact up to some million jobs, and beyond that within a thousandth.
///
/// Up to `Self.mostKept` waits that are not zero are kept as they are. When there are more, all are counted in classes that are
/// a 1024th of their value wide, so that a trace of any length needs the same memory.
public struct WaitStatistics: Sendable {
    public private(set) var count = 0
    /// Those that did not wait.
    public private(set) var zeros = 0
    private var kept: ContiguousArray<Int64> = []
    private var classes: ContiguousArray<Int> = []
    /// A sum of nanoseconds that does not overflow: whole seconds and the rest apart.
    private var seconds: Int64 = 0
    private var restNs: Int64 = 0
    public private(set) var maxNs: Int64 = 0

    static let mostKept = 1 << 22
    private static let bits = 10

    public init() {}

    /// Asks for memory for so many waits at once: none of it is used before they come, and nothing is moved as they do.
    mutating func expect(_ count: Int) { kept.reserveCapacity(count) }

    /// Percentiles are those of the waits themselves, not of classes.
    public var isExact: Bool { classes.isEmpty }

    @inline(__always)
    public mutating func addZero() {
        count &+= 1
        zeros &+= 1
    }

    @inline(__always)
    public mutating func add(_ waitNs: Int64) {
        guard waitNs > 0 else { return addZero() }
        count &+= 1
        restNs &+= waitNs
        if restNs >= 1 << 62 { carry() }
        if waitNs > maxNs { maxNs = waitNs }
        if classes.isEmpty {
            kept.append(waitNs)
            if kept.count > Self.mostKept { classify() }
        } else {
            classes[Self.number(of: waitNs)] &+= 1
        }
    }

    /// Those of another simulation, too.
    public mutating func join(_ other: WaitStatistics) {
        count += other.count
        zeros += other.zeros
        seconds += other.seconds
        restNs += other.restNs
        if restNs >= 1 << 62 { carry() }
        maxNs = Swift.max(maxNs, other.maxNs)
        guard classes.isEmpty, other.classes.isEmpty, kept.count + other.kept.count <= Self.mostKept else {
            if classes.isEmpty { classify() }
            for wait in other.kept { classes[Self.number(of: wait)] += 1 }
            for number in other.classes.indices { classes[number] += other.classes[number] }
            return
        }
        kept.append(contentsOf: other.kept)
    }

    /// How many waited longer than so many seconds; of classes, all of those in the class of that wait count as not longer.
    public func count(longerThan seconds: Double) -> Int {
        let limit = Int64(Swift.min(Swift.max(seconds, 0), 9e9) * 1e9)
        guard !classes.isEmpty else { return kept.reduce(0) { $1 > limit ? $0 + 1 : $0 } }
        return classes[(Self.number(of: limit) + 1)...].reduce(0, +)
    }

    private mutating func carry() {
        seconds += restNs / 1_000_000_000
        restNs %= 1_000_000_000
    }

    private mutating func classify() {
        classes = ContiguousArray(repeating: 0, count: (64 - Self.bits) << Self.bits)
        for wait in kept { classes[Self.number(of: wait)] += 1 }
        kept = []
    }

    /// Which class: the leading bits of the value, after the place of the first.
    @inline(__always)
    private static func number(of value: Int64) -> Int {
        let magnitude = UInt64(bitPattern: value)
        let top = 63 - magnitude.leadingZeroBitCount
        guard top > bits else { return Int(magnitude) }
        let shift = top - bits
        return ((shift + 1) << bits) + Int(magnitude >> UInt64(shift)) - (1 << bits)
    }

    /// The middle of a class.
    private static func value(of number: Int) -> Int64 {
        let shift = (number >> bits) - 1
        guard shift > 0 else { return Int64(number) }
        let low = Int64((number & ((1 << bits) - 1)) + (1 << bits)) << Int64(shift)
        return low + (Int64(1) << Int64(shift)) / 2
    }

    // MARK: What they say. Unit: seconds.

    public var mean: Double {
        guard count > 0 else { return 0 }
        return (Double(seconds) + Double(restNs) / 1e9) / Double(count)
    }

    public var max: Double { Double(maxNs) / 1e9 }

    /// How many waited how long, in classes a sixteenth of an octave wide, the shortest first; those that did not wait are in a class
    /// of zero. Classes without anybody are left out.
    public func distribution() -> [WaitClass] {
        var found = [(count: Int, least: Int64, most: Int64)](repeating: (0, .max, 0), count: 64 << 4)
        func add(_ wait: Int64, _ count: Int) {
            let number = Self.coarse(wait)
            found[number].count += count
            found[number].least = Swift.min(found[number].least, wait)
            found[number].most = Swift.max(found[number].most, wait)
        }
        for wait in kept { add(wait, 1) }
        for number in classes.indices where classes[number] > 0 {
            add(Swift.min(Self.value(of: number), maxNs), classes[number])
        }
        let told = found.filter { $0.count > 0 }.map {
            WaitClass(from: Double($0.least) / 1e9, upTo: Double($0.most) / 1e9, count: $0.count)
        }
        return (zeros > 0 ? [WaitClass(from: 0, upTo: 0, count: zeros)] : []) + told
    }

    /// The place of the first bit, and the four after it.
    private static func coarse(_ value: Int64) -> Int {
        let top = 63 - value.leadingZeroBitCount
        guard top > 4 else { return Int(value) }
        return ((top - 3) << 4) + (Int(value >> Int64(top - 4)) & 15)
    }

    /// Which of so many, the shortest first and from 1, is the smallest that at least so many percent do not exceed. In whole numbers,
    /// as 99.9 % of 1000 are 999 and no rest of a fraction more.
    /// - Parameter percent: with at most one decimal. Range: 0…100.
    public static func rank(_ percent: Double, of count: Int) -> Int {
        (Int((percent * 10).rounded()) * count + 999) / 1000
    }

    /// Nearest rank: the smallest wait that at least so many percent of all do not exceed. Range: 0…100, with at most one decimal.
    public mutating func percentile(_ percent: Double) -> Double {
        guard count > 0 else { return 0 }
        let rank = Swift.min(Swift.max(Self.rank(percent, of: count), 1), count)
        guard rank > zeros else { return 0 }
        let place = rank - zeros - 1
        return Double(classes.isEmpty ? select(place) : find(place)) / 1e9
    }

    /// The value at this place of the sorted waits: Hoare's selection, with the middle of three as pivot.
    private mutating func select(_ place: Int) -> Int64 {
        var low = 0
        var high = kept.count - 1
        while low < high {
            let middle = low + (high - low) / 2
            if kept[middle] < kept[low] { kept.swapAt(middle, low) }
            if kept[high] < kept[low] { kept.swapAt(high, low) }
            if kept[high] < kept[middle] { kept.swapAt(high, middle) }
            let pivot = kept[middle]
            var left = low
            var right = high
            while left <= right {
                while kept[left] < pivot { left += 1 }
                while kept[right] > pivot { right -= 1 }
                guard left <= right else { break }
                kept.swapAt(left, right)
                left += 1
                right -= 1
            }
            if place <= right {
                high = right
            } else if place >= left {
                low = left
            } else {
                break
            }
        }
        return kept[place]
    }

    private func find(_ place: Int) -> Int64 {
        var passed = 0
        for number in classes.indices {
            passed += classes[number]
            if passed > place { return Swift.min(Self.value(of: number), maxNs) }
        }
        return maxNs
    }
}

/// Jobs that waited about equally long.
public struct WaitClass: Sendable, Equatable {
    /// The shortest and the longest of these waits. Unit: seconds.
    public var from: Double
    public var upTo: Double
    public var count: Int
}

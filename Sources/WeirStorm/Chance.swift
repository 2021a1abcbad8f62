/// All chance of a storm: one seed, and numbers drawn from it one after the other.
struct Chance {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678_9ABC_DEF1
        _ = draw()
    }

    /// The splitmix64 recipe.
    mutating func draw() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// 0…`bound` - 1.
    mutating func below(_ bound: Int) -> Int {
        bound <= 1 ? 0 : Int(draw() % UInt64(bound))
    }

    mutating func within(_ range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.count) }

    /// True so many times in a thousand.
    mutating func perMille(_ share: Int) -> Bool { share > 0 && below(1000) < share }

    /// One in so many.
    mutating func one(in count: Int) -> Bool { below(count) == 0 }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    /// Around `mean`: often little, and now and then much more, up to twelve times as much. At least 1.
    mutating func spell(_ mean: Int64) -> Int64 {
        let share = Int64(below(1001))
        let span = mean * 3 * share * share / 1_000_000
        return max(one(in: 32) ? span * 4 : span, 1)
    }
}

/// Values that wait for an event, by number.
struct Slots<Value> {
    private var values: [Value?] = []
    private var free: [Int] = []

    mutating func put(_ value: Value) -> Int {
        if let number = free.popLast() {
            values[number] = value
            return number
        }
        values.append(value)
        return values.count - 1
    }

    mutating func take(_ number: Int) -> Value? {
        defer { remove(number) }
        return values[number]
    }

    mutating func remove(_ number: Int) {
        guard values[number] != nil else { return }
        values[number] = nil
        free.append(number)
    }

    subscript(number: Int) -> Value? {
        _read { yield values[number] }
        _modify { yield &values[number] }
    }
}

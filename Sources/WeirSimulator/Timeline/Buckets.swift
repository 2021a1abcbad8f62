/// What two neighbouring pieces of time become when they are made one.
public protocol Joinable: Sendable {
    /// Nothing has happened yet.
    init()
    mutating func join(_ later: Self)
}

/// Contents for equal pieces of time, of which there are never more than a fixed number: when time goes on beyond the last, each two
/// neighbours become one, and every piece is twice as long. So a course of any length needs the same memory.
public struct Buckets<Content: Joinable>: Sendable {
    /// From the beginning, without gaps.
    public private(set) var contents: ContiguousArray<Content> = []
    /// How many there are at most; even.
    let most: Int
    /// Pieces are 2 to the power of this long, in nanoseconds.
    private var power: Int64 = 20

    init(most: Int) {
        self.most = most
        contents.reserveCapacity(most)
    }

    /// How long each piece is. Unit: nanoseconds.
    public var widthNs: Int64 { 1 << power }

    @inline(__always)
    func index(of momentNs: Int64) -> Int { Int(max(momentNs, 0) >> power) }

    /// The place of the piece in which a moment lies; the pieces until there are made when there are none.
    @inline(__always)
    mutating func reach(_ momentNs: Int64) -> Int {
        let index = index(of: momentNs)
        return index < contents.count ? index : extend(to: momentNs)
    }

    private mutating func extend(to momentNs: Int64) -> Int {
        while index(of: momentNs) >= most { halve() }
        let index = index(of: momentNs)
        while contents.count <= index { contents.append(Content()) }
        return index
    }

    private mutating func halve() {
        power += 1
        let half = (contents.count + 1) / 2
        for place in 0..<half {
            var joined = contents[place * 2]
            if place * 2 + 1 < contents.count { joined.join(contents[place * 2 + 1]) }
            contents[place] = joined
        }
        contents.removeLast(contents.count - half)
    }

    subscript(place: Int) -> Content {
        get { contents[place] }
        _modify { yield &contents[place] }
    }
}

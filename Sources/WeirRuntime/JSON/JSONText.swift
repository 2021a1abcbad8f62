/// A JSON text that grows at its end: its bytes, and the objects and lists that are open in it, the inner ones last.
///
/// A *place* is where a value stands; places are numbered as they are come to.
struct JSONText {
    var bytes = JSONBytes(capacity: 1 << 12)
    let nonFinite: JSONLineEncoder.NonFinite
    private(set) var open: [Container] = []
    /// The newest place.
    private(set) var place = 0
    /// Its value was not written yet.
    private(set) var awaitsValue = false
    /// What went wrong where nothing can be thrown.
    private(set) var failure: (any Error)?

    struct Container {
        var place: Int
        var isObject: Bool
        var count = 0
        /// Where each member begins, when they are to be sorted in the end.
        var members: [Int]?
    }

    init(nonFinite: JSONLineEncoder.NonFinite) {
        self.nonFinite = nonFinite
    }

    // MARK: Places

    /// Here is a value to come.
    @inline(__always)
    mutating func begin() -> Int {
        place += 1
        awaitsValue = true
        return place
    }

    /// The value of a place is written now, and was not before.
    @inline(__always)
    mutating func fill(_ place: Int) throws {
        guard awaitsValue, place == self.place else { throw Self.late }
        awaitsValue = false
    }

    /// Comes back to where so many containers are open. A value of which nothing was written is an empty object.
    @inline(__always)
    mutating func settle(_ depth: Int) {
        if awaitsValue || open.count > depth { close(to: depth) }
    }

    private mutating func close(to depth: Int) {
        if awaitsValue {
            awaitsValue = false
            bytes.append("{}")
        }
        while open.count > depth {
            let last = open.removeLast()
            if let members = last.members, members.count > 1 { sort(members) }
            bytes.append(last.isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"))
        }
    }

    /// By the bytes of their keys.
    private mutating func sort(_ members: [Int]) {
        let ends = members.dropFirst().map { $0 - 1 } + [bytes.count]
        let parts = zip(members, ends).map { Array(bytes.written[$0..<$1]) }
        let sorted = parts.sorted { $0.lexicographicallyPrecedes($1) }
        bytes.replace(from: members[0], by: Array(sorted.joined(separator: [UInt8(ascii: ",")])))
    }

    // MARK: Numbers

    @inline(__always)
    mutating func append(_ number: Double) {
        if number.isFinite { bytes.append(number) } else { append(nonFinite: number) }
    }

    private mutating func append(nonFinite number: Double) {
        switch nonFinite {
        case .refused:
            fail(
                EncodingError.invalidValue(
                    number, .init(codingPath: [], debugDescription: "JSON has no \(number)")))
        case .words(let infinity, let notANumber):
            bytes.appendQuoted(number.isNaN ? notANumber : number > 0 ? infinity : "-" + infinity)
        }
    }

    // MARK: Containers

    /// Opens the container of a place, or goes on with it.
    mutating func enter(_ place: Int, depth: Int, isObject: Bool, sorted: Bool = false) {
        if awaitsValue, place == self.place {
            awaitsValue = false
            open.append(Container(place: place, isObject: isObject, members: sorted ? [] : nil))
            bytes.append(isObject ? UInt8(ascii: "{") : UInt8(ascii: "["))
        } else if !(open.count > depth && open[depth].place == place && open[depth].isObject == isObject) {
            fail()
        }
    }

    /// The next value of a container, in it at `depth`: what is open in it was written to its end.
    @inline(__always)
    mutating func next(in place: Int, depth: Int) throws {
        guard open.count > depth, open[depth].place == place else { throw Self.late }
        settle(depth + 1)
        if open[depth].count > 0 { bytes.append(UInt8(ascii: ",")) }
        open[depth].count += 1
        if open[depth].members != nil { open[depth].members?.append(bytes.count) }
    }

    func count(in place: Int, depth: Int) -> Int {
        open.count > depth && open[depth].place == place ? open[depth].count : 0
    }

    mutating func fail(_ error: any Error = Self.late) {
        failure = failure ?? error
    }

    /// JSON is written from its beginning to its end: what was left cannot be come back to.
    private static var late: EncodingError {
        EncodingError.invalidValue(
            "", .init(codingPath: [], debugDescription: "a value is written twice, or into what has ended"))
    }
}

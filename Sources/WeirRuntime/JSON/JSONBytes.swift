import Glibc

/// The bytes of a JSON text as it grows. Whoever made them frees them.
struct JSONBytes {
    private(set) var count = 0
    private var capacity: Int
    private var start: UnsafeMutablePointer<UInt8>

    init(capacity: Int) {
        self.capacity = capacity
        start = .allocate(capacity: capacity)
    }

    func free() { start.deallocate() }

    var written: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

    /// The next `room` bytes can be written without looking.
    @inline(__always)
    private mutating func reserve(_ room: Int) {
        if count + room > capacity { grow(room) }
    }

    @inline(never)
    private mutating func grow(_ room: Int) {
        capacity = max(2 * capacity, count + room)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: start, count: count)
        start.deallocate()
        start = larger
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        reserve(1)
        start[count] = byte
        count += 1
    }

    mutating func append(_ text: StaticString) {
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let first = bytes.baseAddress else { return }
        reserve(bytes.count)
        memcpy(start + count, first, bytes.count)
        count += bytes.count
    }

    /// Puts other bytes in the place of those from an index on.
    mutating func replace(from index: Int, by bytes: [UInt8]) {
        count = index
        bytes.withUnsafeBytes { append($0) }
    }

    /// The name of an object's member, after a comma when others came before it. It has only what needs no escape.
    @inline(__always)
    mutating func appendName(_ name: StaticString) {
        let length = name.utf8CodeUnitCount
        reserve(length + 4)
        var place = start + count
        // An object was just begun where its brace is the last byte; a value can end in no such brace.
        if place[-1] != UInt8(ascii: "{") {
            place.pointee = UInt8(ascii: ",")
            place += 1
        }
        place.pointee = UInt8(ascii: "\"")
        memcpy(place + 1, name.utf8Start, length)
        place += length + 1
        place[0] = UInt8(ascii: "\"")
        place[1] = UInt8(ascii: ":")
        count = place - start + 2
    }

    // MARK: Numbers

    @inline(__always)
    mutating func append(_ number: Int64) {
        if number < 0 { append(UInt8(ascii: "-")) }
        append(number.magnitude)
    }

    mutating func append(_ number: UInt64) {
        reserve(20)
        var digits = 1
        var bound: UInt64 = 10
        while digits < 20, number >= bound {
            digits += 1
            bound = digits < 20 ? bound * 10 : bound
        }
        var rest = number
        var place = count + digits
        while place > count {
            place -= 1
            start[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        count += digits
    }

    /// All sixteen digits, after one more.
    mutating func append(_ digits: UInt64, hexadecimalAfter first: UInt8) {
        reserve(17)
        start[count] = Self.hexadecimal(first)
        for place in 0..<16 {
            start[count + 1 + place] = Self.hexadecimal(UInt8(truncatingIfNeeded: digits >> (60 - 4 * UInt64(place))))
        }
        count += 17
    }

    /// Of the lower four bits.
    @inline(__always)
    private static func hexadecimal(_ bits: UInt8) -> UInt8 {
        let digit = bits & 15
        return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }

    /// The shortest text that is read as the same number.
    /// - Parameter number: a finite one.
    mutating func append(_ number: Double) {
        // Below this a whole number has all its digits, and -0 is no whole number.
        if number.magnitude < 1e15, let whole = Int64(exactly: number), whole != 0 || number.sign == .plus {
            append(whole)
        } else {
            var text = number.description
            if text.hasSuffix(".0") { text.removeLast(2) }
            text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
        }
    }

    // MARK: Texts

    @inline(__always)
    mutating func appendQuoted(_ text: String) {
        var text = text
        text.withUTF8 { appendQuoted($0) }
    }

    private mutating func appendQuoted(_ text: UnsafeBufferPointer<UInt8>) {
        // `\u001f` is the longest that a byte becomes.
        reserve(6 * text.count + 2)
        var place = start + count
        place.pointee = UInt8(ascii: "\"")
        place += 1
        for byte in text {
            if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
                place.pointee = byte
                place += 1
            } else {
                place += Self.escape(byte, to: place)
            }
        }
        place.pointee = UInt8(ascii: "\"")
        count = place - start + 1
    }

    /// - Returns: how many bytes that took.
    @inline(never)
    private static func escape(_ byte: UInt8, to place: UnsafeMutablePointer<UInt8>) -> Int {
        place[0] = UInt8(ascii: "\\")
        let letter: UInt8
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): letter = byte
        case UInt8(ascii: "\n"): letter = UInt8(ascii: "n")
        case UInt8(ascii: "\r"): letter = UInt8(ascii: "r")
        case UInt8(ascii: "\t"): letter = UInt8(ascii: "t")
        default:
            place[1] = UInt8(ascii: "u")
            place[2] = UInt8(ascii: "0")
            place[3] = UInt8(ascii: "0")
            place[4] = hexadecimal(byte >> 4)
            place[5] = hexadecimal(byte)
            return 6
        }
        place[1] = letter
        return 2
    }
}

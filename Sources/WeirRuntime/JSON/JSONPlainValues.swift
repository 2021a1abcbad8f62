import WeirCore

// Values that need no encoder, as there are many of them.

extension JSONText {
    mutating func append(_ number: Double) throws {
        if number.isFinite {
            bytes.append(number)
            return
        }
        switch nonFinite {
        case .refused:
            throw EncodingError.invalidValue(
                number, .init(codingPath: [], debugDescription: "JSON has no \(number)"))
        case .words(let infinity, let notANumber):
            bytes.appendQuoted(number.isNaN ? notANumber : number > 0 ? infinity : "-" + infinity)
        }
    }

    /// - Returns: false when nothing was written, as this value has no short way.
    @inline(__always)
    mutating func appendPlain<Value>(_ value: Value) throws -> Bool {
        if Value.self == Instant.self {
            bytes.append(unsafeBitCast(value, to: Instant.self).milliseconds)
        } else if Value.self == String.self {
            bytes.appendQuoted(unsafeBitCast(value, to: String.self))
        } else if Value.self == Int.self {
            bytes.append(Int64(unsafeBitCast(value, to: Int.self)))
        } else if Value.self == Duration.self {
            append(unsafeBitCast(value, to: Duration.self))
        } else if Value.self == InstanceID.self {
            append(unsafeBitCast(value, to: InstanceID.self))
        } else if Value.self == ListedInstance.self {
            return append(unsafeBitCast(value, to: ListedInstance.self))
        } else if Value.self == Double.self {
            try append(unsafeBitCast(value, to: Double.self))
        } else if Value.self == [Int64].self {
            try append(unsafeBitCast(value, to: [Int64].self)) { $0.bytes.append($1) }
        } else if Value.self == [Double].self {
            try append(unsafeBitCast(value, to: [Double].self)) { try $0.append($1) }
        } else {
            return false
        }
        return true
    }

    /// One that just runs, as nearly all do.
    private mutating func append(_ listed: ListedInstance) -> Bool {
        guard case .running = listed.phase, listed.health == nil, listed.templateVersion == nil else { return false }
        bytes.append("{\"id\":")
        append(listed.id)
        bytes.append(",\"phase\":{\"running\":{}}}")
        return true
    }

    private mutating func append(_ id: InstanceID) {
        guard let digits = id.digits else { return bytes.appendQuoted(id.text) }
        bytes.append("\"i-")
        bytes.append(digits.rest, hexadecimalAfter: digits.first)
        bytes.append(UInt8(ascii: "\""))
    }

    /// As the standard library writes it: its 128 bits in two numbers.
    private mutating func append(_ span: Duration) {
        bytes.append(UInt8(ascii: "["))
        bytes.append(Int64(truncatingIfNeeded: span.attoseconds >> 64))
        bytes.append(UInt8(ascii: ","))
        bytes.append(UInt64(truncatingIfNeeded: span.attoseconds))
        bytes.append(UInt8(ascii: "]"))
    }

    @inline(__always)
    private mutating func append<Number>(_ list: [Number], each: (inout Self, Number) throws -> Void) throws {
        bytes.append(UInt8(ascii: "["))
        for (index, number) in list.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            try each(&self, number)
        }
        bytes.append(UInt8(ascii: "]"))
    }
}

import WeirCore

/// A value that is written all the time, and so writes itself: byte for byte what comes of its `Codable` form, by which it is
/// read, at a small part of the cost. What of it is rare may leave that to its `Codable` form.
protocol JSONWritable {
    func write(to json: inout JSONText)
}

extension JSONText {
    @inline(__always)
    mutating func object(_ members: (inout JSONText) -> Void) {
        bytes.append(UInt8(ascii: "{"))
        members(&self)
        bytes.append(UInt8(ascii: "}"))
    }

    /// As the compiler writes a case with values.
    @inline(__always)
    mutating func choice(_ name: StaticString, _ members: (inout JSONText) -> Void) {
        object { json in
            json.bytes.appendName(name)
            json.object(members)
        }
    }

    @inline(__always)
    mutating func list<Element>(_ values: [Element], _ write: (inout JSONText, Element) -> Void) {
        bytes.append(UInt8(ascii: "["))
        for index in values.indices {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(&self, values[index])
        }
        bytes.append(UInt8(ascii: "]"))
    }

    // MARK: Members of an object

    @inline(__always)
    mutating func member(_ name: StaticString, _ value: some JSONWritable) {
        bytes.appendName(name)
        value.write(to: &self)
    }

    /// What is nil is left out.
    @inline(__always)
    mutating func member(_ name: StaticString, _ value: (some JSONWritable)?) {
        if let value { member(name, value) }
    }

    /// What is empty is left out.
    @inline(__always)
    mutating func memberUnlessEmpty(_ name: StaticString, _ values: [some JSONWritable]) {
        if !values.isEmpty { member(name, values) }
    }

    // MARK: By way of the Codable form

    mutating func write(coded value: some Encodable) {
        let depth = open.count
        do {
            try withUnsafeMutablePointer(to: &self) { text in
                try JSONPlace(text: text, place: text.pointee.begin(), depth: depth).write(value)
            }
        } catch {
            fail(error)
        }
    }

    mutating func member(_ name: StaticString, coded value: some Encodable) {
        bytes.appendName(name)
        write(coded: value)
    }

    /// What is nil is left out.
    @inline(__always)
    mutating func member(_ name: StaticString, coded value: (some Encodable)?) {
        if let value { member(name, coded: value) }
    }

    @inline(__always)
    mutating func member(_ name: StaticString, codedList values: [some Encodable]) {
        guard values.isEmpty else { return member(name, coded: values) }
        bytes.appendName(name)
        bytes.append("[]")
    }

    /// What is empty is left out.
    @inline(__always)
    mutating func memberUnlessEmpty(_ name: StaticString, coded values: [some Encodable]) {
        if !values.isEmpty { member(name, coded: values) }
    }
}

extension Array: JSONWritable where Element: JSONWritable {
    @inline(__always)
    func write(to json: inout JSONText) {
        json.list(self) { $1.write(to: &$0) }
    }
}

extension Bool: JSONWritable {
    @inline(__always)
    func write(to json: inout JSONText) { json.bytes.append(self ? "true" : "false") }
}

extension Int: JSONWritable {
    @inline(__always)
    func write(to json: inout JSONText) { json.bytes.append(Int64(self)) }
}

extension Int64: JSONWritable {
    @inline(__always)
    func write(to json: inout JSONText) { json.bytes.append(self) }
}

extension UInt64: JSONWritable {
    @inline(__always)
    func write(to json: inout JSONText) { json.bytes.append(self) }
}

extension Double: JSONWritable {
    @inline(__always)
    func write(to json: inout JSONText) { json.append(self) }
}

extension String: JSONWritable {
    @inline(__always)
    func write(to json: inout JSONText) { json.bytes.appendQuoted(self) }
}

extension Instant: JSONWritable {
    @inline(__always)
    func write(to json: inout JSONText) { json.bytes.append(milliseconds) }
}

extension Duration: JSONWritable {
    /// As the standard library writes it: its 128 bits in two numbers.
    func write(to json: inout JSONText) {
        json.bytes.append(UInt8(ascii: "["))
        json.bytes.append(Int64(truncatingIfNeeded: attoseconds >> 64))
        json.bytes.append(UInt8(ascii: ","))
        json.bytes.append(UInt64(truncatingIfNeeded: attoseconds))
        json.bytes.append(UInt8(ascii: "]"))
    }
}

extension InstanceID: JSONWritable {
    func write(to json: inout JSONText) {
        guard let digits else { return json.bytes.appendQuoted(text) }
        json.bytes.append("\"i-")
        json.bytes.append(digits.rest, hexadecimalAfter: digits.first)
        json.bytes.append(UInt8(ascii: "\""))
    }
}

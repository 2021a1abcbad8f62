/// What an attribute of a message may be. Source: Message metadata (SQS developer guide).
public enum AttributeRules {
    /// 1…256 of letters, digits, `_`, `-`, `.`; no period first, last or doubled; not starting with `AWS.` or `Amazon.`
    /// in any case.
    public static func isValidName(_ name: String) -> Bool {
        guard QueueLimits.attributeNameCharacters.contains(name.utf8.count), !name.hasPrefix("."), !name.hasSuffix("."),
            !name.contains("..")
        else { return false }
        let lower = name.lowercased()
        guard !lower.hasPrefix("aws."), !lower.hasPrefix("amazon.") else { return false }
        return name.utf8.allSatisfy { QueueName.isNameByte($0) || $0 == UInt8(ascii: ".") }
    }

    static func check(_ attributes: [MessageAttribute]) throws(QueueError) {
        var names: Set<String> = []
        for attribute in attributes {
            try check(attribute)
            guard names.insert(attribute.name).inserted else {
                throw .invalidParameter("The message attribute '\(attribute.name)' is given twice.")
            }
        }
    }

    private static func check(_ attribute: MessageAttribute) throws(QueueError) {
        let name = attribute.name
        guard isValidName(name) else {
            throw .invalidParameter(
                "The message attribute name '\(name)' is not allowed: 1 to 256 letters, digits, '_', '-' or '.', no period "
                    + "at either end or doubled, and not starting with 'AWS.' or 'Amazon.'.")
        }
        guard let kind = Kind(dataType: attribute.dataType) else {
            throw .invalidParameter(
                "The type of the message attribute '\(name)' is '\(attribute.dataType)'; it must start with String, Number "
                    + "or Binary.")
        }
        guard attribute.value.sizeBytes > 0 else {
            throw .invalidParameter("The message attribute '\(name)' has an empty value.")
        }
        try check(attribute.value, of: name, kind)
    }

    private static func check(_ value: MessageAttribute.Value, of name: String, _ kind: Kind) throws(QueueError) {
        switch (kind, value) {
        case (.binary, .binary): return
        case (.string, .string(let text)):
            guard MessageText.isAllowed(text) else {
                throw .invalidMessageContents("The message attribute '\(name)' holds a character that is not allowed.")
            }
        case (.number, .string(let text)):
            guard NumberText.isValid(text) else {
                throw .invalidParameter("The message attribute '\(name)' is not a number: '\(text)'.")
            }
        case (.binary, .string), (.string, .binary), (.number, .binary):
            throw .invalidParameter("The value of the message attribute '\(name)' does not fit its type.")
        }
    }

    /// The part of a data type before its label.
    private enum Kind: String {
        case string = "String"
        case number = "Number"
        case binary = "Binary"

        init?(dataType: String) {
            guard QueueLimits.attributeTypeCharacters.contains(dataType.utf8.count) else { return nil }
            let parts = dataType.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 1 || !parts[1].isEmpty else { return nil }
            self.init(rawValue: String(parts[0]))
        }
    }
}

/// A Number attribute: up to 38 significant digits, 10^-128…10^126.
enum NumberText {
    static func isValid(_ text: String) -> Bool {
        var rest = text.utf8[...]
        drop(&rest, oneOf: "+-")
        let whole = digits(&rest)
        var fraction: [UInt8] = []
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            fraction = digits(&rest)
        }
        guard !whole.isEmpty || !fraction.isEmpty, let exponent = exponent(&rest), rest.isEmpty else { return false }
        return isInRange(whole: whole, fraction: fraction, exponent: exponent)
    }

    private static func isInRange(whole: [UInt8], fraction: [UInt8], exponent: Int) -> Bool {
        let all = whole + fraction
        guard let first = all.firstIndex(where: { $0 != UInt8(ascii: "0") }),
            let last = all.lastIndex(where: { $0 != UInt8(ascii: "0") })
        else { return true }
        let magnitude = whole.count - 1 - first + exponent
        return last - first < QueueLimits.numberDigits && QueueLimits.numberExponents.contains(magnitude)
    }

    private static func exponent(_ rest: inout Substring.UTF8View) -> Int? {
        guard let mark = rest.first, mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") else { return 0 }
        rest.removeFirst()
        let negative = rest.first == UInt8(ascii: "-")
        drop(&rest, oneOf: "+-")
        // Four digits are more than any number in range needs, and cannot overflow.
        let digits = digits(&rest)
        guard 1...4 ~= digits.count else { return nil }
        let value = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        return negative ? -value : value
    }

    private static func digits(_ rest: inout Substring.UTF8View) -> [UInt8] {
        let found = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        rest = rest[found.endIndex...]
        return Array(found)
    }

    private static func drop(_ rest: inout Substring.UTF8View, oneOf signs: String) {
        if let first = rest.first, signs.utf8.contains(first) { rest.removeFirst() }
    }
}

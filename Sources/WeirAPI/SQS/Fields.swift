import WeirCore

/// The members of a request's JSON object, read into typed values. Every mistake names the member.
struct Fields: Sendable {
    let object: JSONObject

    func string(_ name: String) throws(APIError) -> String? {
        guard let value = object[name] else { return nil }
        guard case .string(let text) = value else { throw wrong(name, value, "a string") }
        return text
    }

    func requiredString(_ name: String) throws(APIError) -> String {
        guard let text = try string(name) else { throw ErrorTable.missingParameter(name) }
        return text
    }

    func integer(_ name: String) throws(APIError) -> Int? {
        guard let value = object[name] else { return nil }
        guard case .integer(let number) = value else { throw wrong(name, value, "a whole number") }
        return number
    }

    /// A whole number of seconds.
    func seconds(_ name: String) throws(APIError) -> Duration? {
        guard let number = try integer(name) else { return nil }
        guard abs(number.clamped) <= APILimits.seconds else {
            throw ErrorTable.invalidParameter(
                "Value \(number) for parameter \(name) is invalid. Reason: Out of any range.")
        }
        return .seconds(number)
    }

    func strings(_ name: String) throws(APIError) -> [String] {
        var texts: [String] = []
        for value in try array(name) ?? [] {
            guard case .string(let text) = value else { throw wrong(name, value, "a list of strings") }
            texts.append(text)
        }
        return texts
    }

    /// The entries of a batch; nil when there is no such member.
    func objects(_ name: String) throws(APIError) -> [Fields]? {
        guard let values = try array(name) else { return nil }
        var fields: [Fields] = []
        for value in values {
            guard case .object(let object) = value else { throw wrong(name, value, "a list of objects") }
            fields.append(Fields(object: object))
        }
        return fields
    }

    /// The members of an object, in the order of the text; none when there is no such member.
    func members(_ name: String) throws(APIError) -> [JSONObject.Member] {
        guard let value = object[name] else { return [] }
        guard case .object(let object) = value else { throw wrong(name, value, "an object") }
        return object.members
    }

    /// As `members`, when all their values have to be strings.
    func stringMembers(_ name: String) throws(APIError) -> [(name: String, value: String)] {
        var pairs: [(name: String, value: String)] = []
        for member in try members(name) {
            guard case .string(let text) = member.value else { throw wrong(member.name, member.value, "a string") }
            pairs.append((member.name, text))
        }
        return pairs
    }

    private func array(_ name: String) throws(APIError) -> [JSONValue]? {
        guard let value = object[name] else { return nil }
        guard case .array(let values) = value else { throw wrong(name, value, "a list") }
        return values
    }

    private func wrong(_ name: String, _ value: JSONValue, _ expected: String) -> APIError {
        ErrorTable.unreadable("\(name) is \(value.kind); \(expected) was expected.")
    }
}

extension Int {
    /// So that `abs` of the smallest number does not overflow.
    fileprivate var clamped: Int { Swift.max(self, -Int.max) }
}

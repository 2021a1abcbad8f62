import WeirCore

/// The parameters of an Auto Scaling action, read into typed values. Mistakes are worded as AWS words them.
struct AutoScalingInput: Sendable {
    let form: FormParameters

    func string(_ name: String) -> String? { form[name] }

    func requiredString(_ name: String) throws(APIError) -> String {
        guard let text = form[name], !text.isEmpty else { throw Self.missing(name) }
        return text
    }

    /// The name of the group, which some tools give as the end of an ARN.
    func groupName() throws(APIError) -> String {
        let text = try requiredString("AutoScalingGroupName")
        guard text.hasPrefix("arn:"), let slash = text.firstIndex(of: "/") else { return text }
        return String(text[text.index(after: slash)...])
    }

    /// The names of `name.member.N`; none means all.
    /// - Throws: when there are more than one call may name.
    func names(_ name: String, most: Int) throws(APIError) -> Set<String> {
        let names = form.list(name)
        guard names.count <= most else {
            throw ErrorTable.validation("\(name) has \(names.count) members; at most \(most) are expected.")
        }
        return Set(names)
    }

    /// A moment in UTC.
    func instant(_ name: String) throws(APIError) -> Instant? {
        guard let text = form[name] else { return nil }
        guard let instant = Instant(rfc3339: text) else {
            throw ErrorTable.validation(
                "\(name) is '\(text)'; a time in UTC such as 2026-03-01T08:00:00Z is expected.")
        }
        return instant
    }

    func integer(_ name: String) throws(APIError) -> Int? {
        guard let text = form[name] else { return nil }
        guard let number = Int(text) else {
            throw ErrorTable.validation("\(name) is '\(text)'; a whole number is expected.")
        }
        return number
    }

    func requiredInteger(_ name: String) throws(APIError) -> Int {
        guard let number = try integer(name) else { throw Self.missing(name) }
        return number
    }

    func bool(_ name: String) throws(APIError) -> Bool? {
        switch form[name]?.lowercased() {
        case nil: return nil
        case "true": return true
        case "false": return false
        case let other?: throw ErrorTable.validation("\(name) is '\(other)'; true or false is expected.")
        }
    }

    func requiredBool(_ name: String) throws(APIError) -> Bool {
        guard let value = try bool(name) else { throw Self.missing(name) }
        return value
    }

    /// The instances of `InstanceIds.member.N`.
    /// - Throws: `LimitExceeded` when there are more than one call may name.
    func instanceIDs() throws(APIError) -> [InstanceID] {
        let ids = form.list("InstanceIds").map(InstanceID.init)
        guard ids.count <= AutoScalingLimits.instanceIDs else { throw ErrorTable.tooManyInstances(ids.count) }
        return ids
    }

    /// The instances of `InstanceIds.member.N`, at least one.
    func requiredInstanceIDs() throws(APIError) -> [InstanceID] {
        let ids = form.list("InstanceIds").map(InstanceID.init)
        guard !ids.isEmpty else { throw Self.missing("InstanceIds") }
        return ids
    }

    /// The processes of `ScalingProcesses.member.N`; none means all.
    func processes() throws(APIError) -> [ScalingProcess] {
        var processes: [ScalingProcess] = []
        for name in form.list("ScalingProcesses") {
            guard let process = ScalingProcess(rawValue: name) else {
                throw ErrorTable.validation("1 validation error detected: '\(name)' is no scaling process.")
            }
            processes.append(process)
        }
        return processes
    }

    /// One page of `all`. A token is the position at which its page starts.
    func page<Element>(
        of all: [Element], size defaultSize: Int, largest: Int
    ) throws(APIError) -> (elements: ArraySlice<Element>, nextToken: String?) {
        let size = try integer("MaxRecords") ?? defaultSize
        guard (1...largest).contains(size) else {
            throw ErrorTable.validation("MaxRecords is \(size); 1 to \(largest) is expected.")
        }
        var start = 0
        if let token = form["NextToken"], !token.isEmpty {
            guard let position = Int(token), (0...all.count).contains(position) else {
                throw ErrorTable.invalidNextToken()
            }
            start = position
        }
        let end = min(start + size, all.count)
        return (all[start..<end], end < all.count ? String(end) : nil)
    }

    private static func missing(_ name: String) -> APIError {
        ErrorTable.validation(
            "1 validation error detected: Value null at '\(name)' failed to satisfy constraint: Member must not be null"
        )
    }
}

import WeirCore

/// What an operator asks of a group, as `POST /v1/groups/NAME/requests` takes it. Which members belong to it depends on
/// the kind.
public struct OperatorRequest: Codable, Sendable, Equatable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        case setDesired = "set_desired"
        case setProtection = "set_protection"
        case suspend
        case resume
        case terminate
    }

    public var kind: Kind
    /// set_desired. Unit: instances.
    public var capacity: Int?
    /// set_desired: refuse while the cooldown lasts. Default: false.
    public var honorCooldown: Bool?
    /// set_protection.
    public var instances: [String]?
    /// set_protection.
    public var protected: Bool?
    /// suspend, resume: names as in the Auto Scaling API. Default: all.
    public var processes: [String]?
    /// terminate.
    public var instance: String?
    /// terminate. Default: true.
    public var decrementDesired: Bool?

    enum CodingKeys: String, CodingKey {
        case kind, capacity, instances, protected, processes, instance
        case honorCooldown = "honor_cooldown"
        case decrementDesired = "decrement_desired"
    }

    public init(kind: Kind) {
        self.kind = kind
    }

    /// - Throws: what is missing or unknown, as a sentence.
    func decided() throws(OperatorRequestMistake) -> Request.Kind {
        switch kind {
        case .setDesired:
            guard let capacity, capacity >= 0 else { throw OperatorRequestMistake("'capacity' must be 0 or more") }
            return .setDesired(capacity, honorCooldown: honorCooldown ?? false)
        case .setProtection:
            guard let instances, !instances.isEmpty else { throw OperatorRequestMistake("'instances' is missing") }
            guard let protected else { throw OperatorRequestMistake("'protected' is missing") }
            return .setProtection(instances.map(InstanceID.init), protected: protected)
        case .suspend: return .suspend(try named())
        case .resume: return .resume(try named())
        case .terminate:
            guard let instance else { throw OperatorRequestMistake("'instance' is missing") }
            return .terminate(InstanceID(instance), decrementDesired: decrementDesired ?? true)
        }
    }

    private func named() throws(OperatorRequestMistake) -> [ScalingProcess] {
        var named: [ScalingProcess] = []
        for name in processes ?? [] {
            guard let process = ScalingProcess(rawValue: name) else {
                let known = ScalingProcess.allCases.map(\.rawValue).joined(separator: ", ")
                throw OperatorRequestMistake("there is no process '\(name)'; there are \(known)")
            }
            named.append(process)
        }
        return named
    }
}

struct OperatorRequestMistake: Error, Equatable {
    var sentence: String

    init(_ sentence: String) {
        self.sentence = sentence
    }
}

/// The answer to an operator's request.
public struct OperatorAnswer: Codable, Sendable, Equatable {
    public var accepted: Bool
    /// What now holds, or why not.
    public var message: String

    public init(accepted: Bool, message: String) {
        self.accepted = accepted
        self.message = message
    }
}

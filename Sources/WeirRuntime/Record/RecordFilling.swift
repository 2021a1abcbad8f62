import FoundationEssentials
import WeirCore

/// A record that was written before some setting or memory was there: it has then what a new policy or group has.
enum RecordFilling {
    static func decode(_ line: Data) throws(RecordDamage) -> Record {
        do {
            var tree = try RecordLine.decoder.decode(JSONTree.self, from: line)
            for _ in 0..<mostFilled {
                do {
                    return try RecordLine.decoder.decode(Record.self, from: JSONEncoder().encode(tree))
                } catch DecodingError.keyNotFound(let key, let context) {
                    let place = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
                    guard let value = try value(of: key.stringValue, at: context.codingPath) else {
                        throw DecodingError.keyNotFound(key, context)
                    }
                    tree.set(value, key.stringValue, at: place[...])
                }
            }
            return try RecordLine.decoder.decode(Record.self, from: JSONEncoder().encode(tree))
        } catch {
            throw RecordDamage(error)
        }
    }

    /// More fields than any version has added to any other.
    private static let mostFilled = 1000

    private static func value(of key: String, at path: [any CodingKey]) throws -> JSONTree? {
        let place = path.map { $0.intValue == nil ? $0.stringValue : "*" }.joined(separator: ".")
        let beginning = Instant(milliseconds: 0)
        let policy = GroupPolicy(name: "g", minSize: 0, maxSize: 0)
        let instance = Instance(
            id: InstanceID("i-0"), lifecycleState: .inService, launchedAt: beginning, stateSince: beginning)
        let whole: JSONTree?
        switch place {
        case "checkpoint.policy": whole = try tree(policy)
        case "checkpoint.state": whole = try tree(GroupState(startingWith: policy, seed: 0, at: beginning))
        case "checkpoint.state.fleet.*": whole = try tree(instance)
        case "checkpoint.state.alarms.*": whole = try tree(AlarmStatus(name: "a", since: beginning))
        case "checkpoint.policy.alarms.*":
            whole = try tree(
                AlarmDefinition(
                    name: "a", metric: .builtIn(.visible), statistic: .maximum, period: .seconds(60),
                    comparison: .greaterThan, threshold: 0))
        case "observation": whole = try tree(Observation())
        default: whole = nil
        }
        guard case .object(let fields)? = whole else { return nil }
        return fields[key]
    }

    private static func tree(_ value: some Encodable) throws -> JSONTree {
        try JSONDecoder().decode(JSONTree.self, from: JSONEncoder().encode(value))
    }
}

extension JSONTree {
    fileprivate mutating func set(_ value: JSONTree, _ key: String, at place: ArraySlice<String>) {
        switch self {
        case .object(var fields):
            if let first = place.first {
                fields[first]?.set(value, key, at: place.dropFirst())
            } else {
                fields[key] = value
            }
            self = .object(fields)
        case .list(var items):
            if let first = place.first.flatMap({ Int($0) }), items.indices.contains(first) {
                items[first].set(value, key, at: place.dropFirst())
            }
            self = .list(items)
        case .null, .bool, .whole, .large, .number, .text: break
        }
    }
}

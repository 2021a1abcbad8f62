import FoundationEssentials
import WeirCore

/// Decides recorded ticks again, each from the state that those before it lead to, and says what is decided otherwise.
public struct Replay {
    public enum Verdict: Equatable {
        case same
        case differs([RecordDifference])
        /// It does not follow from what was read before, and does not say where it starts from.
        case unknown
    }

    /// Where a group stands.
    private struct Chain {
        var policy: GroupPolicy
        var state: GroupState
        var tick: Int
    }

    private var chains: [String: Chain] = [:]

    public init() {}

    /// A line could not be read: what comes next does not follow from what was read before.
    public mutating func losesTrack() { chains = [:] }

    /// - Returns: also what was decided now, with the state before it; nil when it could not be decided.
    public mutating func take(_ record: Record) -> (Verdict, DecidedTick?) {
        var differences: [RecordDifference] = []
        var chain = chains.removeValue(forKey: record.group)
        if let former = chain, record.tick != former.tick + 1, record.tick != 0 { chain = nil }
        if let checkpoint = record.checkpoint {
            // What another policy measures may start without the history of the one before.
            if let former = chain, record.tick != 0, former.policy == checkpoint.policy,
                former.state != checkpoint.state
            {
                differences += RecordDifference.between(checkpoint.state, former.state, below: "checkpoint.state")
            }
            chain = Chain(policy: checkpoint.policy, state: checkpoint.state, tick: record.tick)
        }
        guard let chain else { return (.unknown, nil) }
        let evaluation = evaluate(chain.policy, chain.state, record.observation, at: record.at)
        var again = Record(
            group: record.group, tick: record.tick, at: record.at, dryRun: record.dryRun, checkpoint: record.checkpoint,
            observation: record.observation, evaluation: evaluation)
        again.version = record.version
        if record.next == nil { again.next = nil }
        if again != record { differences += RecordDifference.between(record, again) }
        let decided = DecidedTick(
            policy: chain.policy, before: chain.state, observation: record.observation, at: record.at,
            evaluation: evaluation)
        chains[record.group] = Chain(policy: chain.policy, state: evaluation.state, tick: record.tick)
        return (differences.isEmpty ? .same : .differs(differences), decided)
    }
}

/// One field of a record that is decided otherwise now.
public struct RecordDifference: Sendable, Equatable, Codable {
    /// As in the file: `desired`, `reasons[0].fact.proposed._0.capacity`.
    public var field: String
    /// As JSON; nil: there was nothing.
    public var recorded: String?
    public var now: String?

    static func between<Value: Encodable>(_ recorded: Value, _ now: Value, below path: String = "")
        -> [RecordDifference]
    {
        guard let old = tree(recorded), let new = tree(now) else {
            return [RecordDifference(field: path, recorded: "\(recorded)", now: "\(now)")]
        }
        var found: [RecordDifference] = []
        compare(old, new, path, &found)
        return found
    }

    private static func compare(_ old: JSONTree?, _ new: JSONTree?, _ path: String, _ found: inout [RecordDifference]) {
        guard old != new else { return }
        switch (old, new) {
        case (.object(let before)?, .object(let after)?):
            for key in Set(before.keys).union(after.keys).sorted() {
                compare(before[key], after[key], path.isEmpty ? key : "\(path).\(key)", &found)
            }
        case (.list(let before)?, .list(let after)?):
            for index in 0..<max(before.count, after.count) {
                compare(
                    index < before.count ? before[index] : nil, index < after.count ? after[index] : nil,
                    "\(path)[\(index)]", &found)
            }
        default: found.append(RecordDifference(field: path, recorded: text(old), now: text(new)))
        }
    }

    private static func tree(_ value: some Encodable) -> JSONTree? {
        guard let record = value as? Record else {
            return (try? JSONEncoder().encode(value)).flatMap {
                try? RecordLine.decoder.decode(JSONTree.self, from: $0)
            }
        }
        return (try? RecordLine.encode(record)).flatMap { try? RecordLine.decoder.decode(JSONTree.self, from: $0) }
    }

    private static func text(_ tree: JSONTree?) -> String? {
        guard let tree else { return nil }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(tree)).map { String(decoding: $0, as: UTF8.self) }
    }
}

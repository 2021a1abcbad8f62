import WeirCore

/// What somebody who starts an instance refresh wants otherwise than the policy file says. What is nil is as it says there.
public struct RefreshWishes: Codable, Sendable, Equatable {
    /// Unit: per cent of the desired capacity. Range: 0…100.
    public var minHealthyPercentage: Int?
    /// Unit: per cent of the desired capacity. Range: 100…200, at most 100 above the minimum.
    public var maxHealthyPercentage: Int?
    /// Range: 0 or more.
    public var instanceWarmupSeconds: Int?
    /// Ascending, each 1…100.
    public var checkpointPercentages: [Int]?
    /// Range: 0…172,800.
    public var checkpointDelaySeconds: Int?
    public var skipMatching: Bool?
    public var autoRollback: Bool?
    public var protectedInstances: RefreshTreatment?
    public var standbyInstances: RefreshTreatment?

    enum CodingKeys: String, CodingKey {
        case minHealthyPercentage = "min_healthy_percentage"
        case maxHealthyPercentage = "max_healthy_percentage"
        case instanceWarmupSeconds = "instance_warmup_s"
        case checkpointPercentages = "checkpoints"
        case checkpointDelaySeconds = "checkpoint_delay_s"
        case skipMatching = "skip_matching"
        case autoRollback = "auto_rollback"
        case protectedInstances = "protected_instances"
        case standbyInstances = "standby_instances"
    }

    public init() {}

    /// The preferences of the policy file with these wishes over them.
    /// - Throws: what cannot be, alone or together with the rest.
    func applied(to policy: RefreshPreferences) throws(RefreshMistake) -> RefreshPreferences {
        guard maxHealthyPercentage == nil || minHealthyPercentage != nil else { throw .maximumAlone }
        var preferences = policy
        preferences.minHealthyPercentage = minHealthyPercentage ?? policy.minHealthyPercentage
        preferences.maxHealthyPercentage = maxHealthyPercentage ?? policy.maxHealthyPercentage
        preferences.instanceWarmup = instanceWarmupSeconds.map { .seconds($0) } ?? policy.instanceWarmup
        preferences.checkpointPercentages = checkpointPercentages ?? policy.checkpointPercentages
        preferences.checkpointDelay = checkpointDelaySeconds.map { .seconds($0) } ?? policy.checkpointDelay
        preferences.skipMatching = skipMatching ?? policy.skipMatching
        preferences.autoRollback = autoRollback ?? policy.autoRollback
        preferences.protectedInstances = protectedInstances ?? policy.protectedInstances
        preferences.standbyInstances = standbyInstances ?? policy.standbyInstances
        try check(preferences)
        return preferences
    }

    private func check(_ preferences: RefreshPreferences) throws(RefreshMistake) {
        let (least, most) = (preferences.minHealthyPercentage, preferences.maxHealthyPercentage)
        guard (0...100).contains(least) else { throw .outOfRange(.minHealthyPercentage, least, 0...100) }
        guard (100...200).contains(most) else { throw .outOfRange(.maxHealthyPercentage, most, 100...200) }
        guard most - least <= 100 else { throw .tooFarApart(least: least, most: most) }
        if let instanceWarmupSeconds {
            let allowed = 0...Int(Limits.longestInstanceWarmup.components.seconds)
            guard allowed.contains(instanceWarmupSeconds) else {
                throw .outOfRange(.instanceWarmup, instanceWarmupSeconds, allowed)
            }
        }
        let percentages = preferences.checkpointPercentages
        for percentage in percentages where !(1...100).contains(percentage) {
            throw .outOfRange(.checkpointPercentages, percentage, 1...100)
        }
        guard zip(percentages, percentages.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw .notAscending(percentages)
        }
        if let checkpointDelaySeconds {
            guard Limits.checkpointDelay.contains(.seconds(checkpointDelaySeconds)) else {
                let longest = Int(Limits.checkpointDelay.upperBound.components.seconds)
                throw .outOfRange(.checkpointDelay, checkpointDelaySeconds, 0...longest)
            }
            guard !percentages.isEmpty else { throw .delayWithoutCheckpoints }
        }
    }
}

/// Why an instance refresh cannot go about it that way.
enum RefreshMistake: Error, Equatable {
    enum Preference: Equatable {
        case minHealthyPercentage, maxHealthyPercentage, instanceWarmup, checkpointPercentages, checkpointDelay
    }

    case outOfRange(Preference, Int, ClosedRange<Int>)
    case tooFarApart(least: Int, most: Int)
    case notAscending([Int])
    case delayWithoutCheckpoints
    case maximumAlone

    /// Who reads it, and so by which names the preferences go.
    enum Reader {
        case api
        case `operator`
    }

    func sentence(_ reader: Reader) -> String {
        switch self {
        case .outOfRange(let preference, let value, let allowed):
            "\(preference.name(reader)) is \(value); \(allowed.lowerBound) to \(allowed.upperBound) is expected"
        case .tooFarApart(let least, let most):
            "\(Preference.minHealthyPercentage.name(reader)) is \(least) and "
                + "\(Preference.maxHealthyPercentage.name(reader)) is \(most); they may be 100 apart"
        case .notAscending(let percentages):
            "\(Preference.checkpointPercentages.name(reader)) is "
                + "\(percentages.map { "\($0)" }.joined(separator: ", ")); each must be above the one before"
        case .delayWithoutCheckpoints:
            "\(Preference.checkpointDelay.name(reader)) is given, but no "
                + "\(Preference.checkpointPercentages.name(reader))"
        case .maximumAlone:
            "With \(Preference.maxHealthyPercentage.name(reader)), \(Preference.minHealthyPercentage.name(reader)) must be "
                + "given too"
        }
    }
}

extension RefreshMistake.Preference {
    fileprivate func name(_ reader: RefreshMistake.Reader) -> String {
        switch (self, reader) {
        case (.minHealthyPercentage, .api): "MinHealthyPercentage"
        case (.maxHealthyPercentage, .api): "MaxHealthyPercentage"
        case (.instanceWarmup, .api): "InstanceWarmup"
        case (.checkpointPercentages, .api): "CheckpointPercentages"
        case (.checkpointDelay, .api): "CheckpointDelay"
        case (.minHealthyPercentage, .operator): "min_healthy_percentage"
        case (.maxHealthyPercentage, .operator): "max_healthy_percentage"
        case (.instanceWarmup, .operator): "instance_warmup"
        case (.checkpointPercentages, .operator): "checkpoints"
        case (.checkpointDelay, .operator): "checkpoint_delay"
        }
    }
}

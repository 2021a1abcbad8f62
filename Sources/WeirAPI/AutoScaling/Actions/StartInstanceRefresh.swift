import WeirCore
import WeirRuntime

/// Rolls a group to what its policy file says now. What is not said in Preferences is as the policy file says.
enum StartInstanceRefresh: AutoScalingAction {
    static let name = "StartInstanceRefresh"
    static let isForOperators = true

    static func answer(_ input: AutoScalingInput, _ call: AutoScalingCall) async throws(APIError) -> Content? {
        let group = try await call.group(try input.groupName())
        guard !input.form.has("DesiredConfiguration") else {
            throw ErrorTable.validation(
                "DesiredConfiguration is not taken: what is launched stands in the policy file of group "
                    + "\(group.policy.name). Change it there, then start the refresh.")
        }
        let strategy = input.string("Strategy") ?? "Rolling"
        guard strategy == "Rolling" else {
            throw ErrorTable.validation("Strategy is '\(strategy)'; Rolling is expected.")
        }
        let wishes = try RefreshWishes(input)
        let preferences: RefreshPreferences
        do throws(RefreshMistake) {
            preferences = try wishes.applied(to: group.policy.instanceRefresh)
        } catch {
            throw ErrorTable.validation(error.sentence(.api) + ".")
        }
        return try await call.refreshAnswer(to: .startRefresh(preferences), of: group.policy.name)
    }
}

extension AutoScalingCall {
    /// Has a tick decide something about a group's instance refresh, and answers with its id.
    func refreshAnswer(
        to kind: Request.Kind, of name: String
    ) async throws(APIError) -> AutoScalingAction.Content? {
        _ = try await request(kind, of: name)
        let id = try await group(name).state.refresh?.id ?? ""
        return { $0.element("InstanceRefreshId", id) }
    }
}

extension RefreshWishes {
    private static let prefix = "Preferences."

    /// The members of Preferences.
    fileprivate init(_ input: AutoScalingInput) throws(APIError) {
        for name in ["AlarmSpecification", "BakeTime"] where input.form.has(Self.prefix + name) {
            throw ErrorTable.validation("Preferences.\(name) is not taken.")
        }
        self.init()
        func integer(_ name: String) throws(APIError) -> Int? { try input.integer(Self.prefix + name) }
        minHealthyPercentage = try integer("MinHealthyPercentage")
        maxHealthyPercentage = try integer("MaxHealthyPercentage")
        instanceWarmupSeconds = try integer("InstanceWarmup")
        if input.form.has(Self.prefix + "CheckpointPercentages") {
            checkpointPercentages = try Self.percentages(input.form.list(Self.prefix + "CheckpointPercentages"))
        }
        checkpointDelaySeconds = try integer("CheckpointDelay")
        skipMatching = try input.bool(Self.prefix + "SkipMatching")
        autoRollback = try input.bool(Self.prefix + "AutoRollback")
        protectedInstances = try Self.treatment(input, "ScaleInProtectedInstances", \.protectedName)
        standbyInstances = try Self.treatment(input, "StandbyInstances", \.standbyName)
    }

    private static func percentages(_ words: [String]) throws(APIError) -> [Int] {
        var numbers: [Int] = []
        for word in words {
            guard let number = Int(word) else {
                throw ErrorTable.validation("CheckpointPercentages has '\(word)'; whole numbers are expected.")
            }
            numbers.append(number)
        }
        return numbers
    }

    private static func treatment(
        _ input: AutoScalingInput, _ name: String, _ word: KeyPath<RefreshTreatment, String>
    ) throws(APIError) -> RefreshTreatment? {
        guard let text = input.string(prefix + name) else { return nil }
        let plain = text.lowercased()
        if let treatment = RefreshTreatment.allCases.first(where: { $0[keyPath: word].lowercased() == plain }) {
            return treatment
        }
        let known = RefreshTreatment.allCases.map { $0[keyPath: word] }.joined(separator: ", ")
        throw ErrorTable.validation("\(name) is '\(text)'; one of \(known) is expected.")
    }
}

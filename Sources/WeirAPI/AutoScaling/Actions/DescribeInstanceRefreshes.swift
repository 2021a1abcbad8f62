import WeirCore
import WeirRuntime

/// The instance refreshes of a group: weir remembers the last one.
enum DescribeInstanceRefreshes: AutoScalingAction {
    static let name = "DescribeInstanceRefreshes"
    static let isForOperators = false

    static func answer(_ input: AutoScalingInput, _ call: AutoScalingCall) async throws(APIError) -> Content? {
        let group = try await call.group(try input.groupName())
        let wanted = input.form.list("InstanceRefreshIds")
        let remembered = group.state.refresh.map { [$0] } ?? []
        let page = try input.page(
            of: remembered.filter { wanted.isEmpty || wanted.contains($0.id) },
            size: AutoScalingLimits.defaultRefreshRecords, largest: AutoScalingLimits.refreshRecords)
        return { xml in
            xml.element("InstanceRefreshes") { xml in
                for refresh in page.elements { xml.element("member") { write(refresh, of: group, to: &$0) } }
            }
            if let token = page.nextToken { xml.element("NextToken", token) }
        }
    }

    private static func write(_ refresh: InstanceRefresh, of group: GroupSnapshot, to xml: inout XMLWriter) {
        xml.element("InstanceRefreshId", refresh.id)
        xml.element("AutoScalingGroupName", group.policy.name)
        xml.element("Status", refresh.status.rawValue)
        if let why = refresh.why ?? group.refreshHolds.first?.sentence {
            xml.element("StatusReason", String(why.prefix(AutoScalingLimits.causeCharacters)))
        }
        xml.element("StartTime", refresh.startedAt.rfc3339)
        if let end = refresh.endedAt { xml.element("EndTime", end.rfc3339) }
        xml.element("PercentageComplete", refresh.percentageComplete)
        xml.element("InstancesToUpdate", refresh.total - refresh.replaced)
        xml.element("Preferences") { write(refresh.preferences, to: &$0) }
        if refresh.isRollback {
            xml.element("RollbackDetails") { xml in
                if let why = refresh.why {
                    xml.element("RollbackReason", String(why.prefix(AutoScalingLimits.causeCharacters)))
                }
            }
        }
        xml.element("Strategy", "Rolling")
    }

    private static func write(_ preferences: RefreshPreferences, to xml: inout XMLWriter) {
        xml.element("MinHealthyPercentage", preferences.minHealthyPercentage)
        xml.element("MaxHealthyPercentage", preferences.maxHealthyPercentage)
        if let warmup = preferences.instanceWarmup { xml.element("InstanceWarmup", warmup.apiSeconds) }
        if !preferences.checkpointPercentages.isEmpty {
            xml.list("CheckpointPercentages", preferences.checkpointPercentages.map { "\($0)" })
            xml.element("CheckpointDelay", preferences.checkpointDelay.apiSeconds)
        }
        xml.element("SkipMatching", preferences.skipMatching)
        xml.element("AutoRollback", preferences.autoRollback)
        xml.element("ScaleInProtectedInstances", preferences.protectedInstances.protectedName)
        xml.element("StandbyInstances", preferences.standbyInstances.standbyName)
    }
}

extension InstanceRefresh {
    /// It goes back, or went back, to what was launched before.
    var isRollback: Bool {
        switch status {
        case .rollingBack, .rolledBack, .rollbackFailed: true
        case .inProgress, .successful, .failed, .cancelled: false
        }
    }
}

extension GroupSnapshot {
    /// Why the refresh that is under way stands still, as the last tick found.
    var refreshHolds: [RefreshHold] {
        guard state.refresh?.isUnderWay == true else { return [] }
        return lastDecision?.decision.reasons.compactMap { reason in
            if case .refreshHeld(let hold) = reason.fact { hold } else { nil }
        } ?? []
    }
}

import WeirCore

extension TerminationPolicy {
    /// The name in the Auto Scaling API.
    var apiName: String {
        switch self {
        case .default: "Default"
        case .oldestInstance: "OldestInstance"
        case .newestInstance: "NewestInstance"
        case .closestToNextInstanceHour: "ClosestToNextInstanceHour"
        case .oldestLaunchTemplate: "OldestLaunchTemplate"
        case .oldestLaunchConfiguration: "OldestLaunchConfiguration"
        case .allocationStrategy: "AllocationStrategy"
        }
    }
}

extension ScalingPolicy.Kind {
    /// PolicyType in the Auto Scaling API; nil for a kind that it has no word for.
    var apiName: String? {
        switch self {
        case .step: "StepScaling"
        case .simple: "SimpleScaling"
        case .targetTracking: "TargetTrackingScaling"
        case .backlogTracking, .waitTarget: nil
        }
    }
}

extension AdjustmentType {
    /// The name in the Auto Scaling API.
    var apiName: String {
        switch self {
        case .changeInCapacity: "ChangeInCapacity"
        case .exactCapacity: "ExactCapacity"
        case .percentChangeInCapacity: "PercentChangeInCapacity"
        }
    }
}

extension WarmPoolState {
    /// The name in the Auto Scaling API.
    var apiName: String {
        switch self {
        case .stopped: "Stopped"
        case .hibernated: "Hibernated"
        }
    }
}

extension RefreshTreatment {
    /// ScaleInProtectedInstances in the Auto Scaling API.
    var protectedName: String {
        switch self {
        case .wait: "Wait"
        case .ignore: "Ignore"
        case .replace: "Refresh"
        }
    }

    /// StandbyInstances in the Auto Scaling API.
    var standbyName: String {
        switch self {
        case .wait: "Wait"
        case .ignore: "Ignore"
        case .replace: "Terminate"
        }
    }
}

extension Instance {
    /// It is listed with the warm pool: in it, on its way into it, or ending there.
    var isOfWarmPool: Bool { isWarmed || departure == .pool }

    /// What ends in the warm pool ends under another name than what was at work.
    var apiLifecycleState: String { departure == .pool ? "Warmed:Terminating" : lifecycleState.rawValue }
}

extension Duration {
    /// Whole seconds, as every time span of the Auto Scaling API.
    var apiSeconds: Int { Int(components.seconds) }
}

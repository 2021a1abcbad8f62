import WeirAPI
import WeirCore

/// Instances, and the instance refresh that replaces them.
extension StatusText {
    /// `i-0123456789abcdef0  InService  holds 1  since 12:00:00`
    /// - Parameter version: of what is launched now.
    static func line(_ instance: InstanceView, now version: Int?) -> String {
        var parts = [instance.id, instance.lifecycleState]
        parts += instance.waitsFor.map { "for \($0.hook) until \(time($0.until)), then \($0.defaultResult)" }
        let departure = instance.departure.flatMap(Departure.init(rawValue:))
        if let unhealthy = instance.unhealthy {
            let word = departure == .unhealthy ? "unhealthy, and replaced:" : "unhealthy:"
            parts.append(Terminal.paint(word, .red) + " \(unhealthy.why)")
        }
        if let remark = departure?.remark { parts.append(remark) }
        if instance.heldMessages > 0 { parts.append("holds \(instance.heldMessages)") }
        if instance.protected { parts.append("protected") }
        if instance.outdated, let made = instance.templateVersion, let version {
            parts.append(Terminal.paint("version \(made), now \(version)", .yellow))
        }
        parts.append("since \(time(since(instance)))")
        return parts.joined(separator: "  ")
    }

    /// In service: since it came there, whatever it was chosen for meanwhile. Else: since it entered its state.
    private static func since(_ instance: InstanceView) -> String {
        let isInService = instance.lifecycleState == LifecycleState.inService.rawValue
        return isInService ? instance.inServiceAt ?? instance.stateSince : instance.stateSince
    }

    /// `version 3; the file says version 4 (weir refresh thumbnails to try it again)`; nil when they are the same.
    static func launches(_ group: GroupView) -> String? {
        guard let version = group.templateVersion, let latest = group.latestTemplateVersion, version != latest else {
            return nil
        }
        let isRefreshable = group.refresh?.underWay != true && !group.leaving
        let way = isRefreshable ? " (weir refresh \(group.group) to try it again)" : ""
        return Terminal.paint("version \(version)", .yellow) + "; the file says version \(latest)\(way)"
    }

    /// `40 % (4 of 10 replaced, 1 on its way out), at a checkpoint until 12:00:00`
    static func refresh(_ refresh: RefreshView) -> String {
        let going = refresh.leaving > 0 ? ", \(refresh.leavingText)" : ""
        let progress = "\(refresh.percentageComplete) % (\(refresh.replaced) of \(refresh.total) replaced\(going))"
        let ended = refresh.endedAt.map { " at \(time($0))" } ?? ""
        let why = refresh.why.map { ": \($0)" } ?? ""
        let former = refresh.formerVersion.map { " to version \($0)" } ?? ""
        switch InstanceRefresh.Status(rawValue: refresh.status) {
        case .inProgress: return progress + notes(refresh)
        case .rollingBack:
            let why = refresh.why.map { " (\($0))" } ?? ""
            return "\(Terminal.paint("rolls back", .yellow))\(former)\(why), \(progress)\(notes(refresh))"
        case .successful: return "\(Terminal.paint("successful", .green))\(ended), \(refresh.replaced) replaced"
        case .failed: return "\(Terminal.paint("failed", .red))\(ended), \(progress)\(why)"
        case .cancelled: return "cancelled\(ended), \(progress)\(why)"
        case .rolledBack: return "\(Terminal.paint("rolled back", .yellow))\(former)\(ended)\(why)"
        case .rollbackFailed: return "\(Terminal.paint("rollback failed", .red))\(ended), \(progress)\(why)"
        case nil: return "\(refresh.status), \(progress)\(why)"
        }
    }

    /// What it waits for, and what went wrong, as the rest of a sentence.
    private static func notes(_ refresh: RefreshView) -> String {
        let failures = "\(refresh.failures) new instance\(refresh.failures == 1 ? "" : "s") failed"
        let notes = refresh.waits + (refresh.failures > 0 ? [failures] : [])
        return notes.isEmpty ? "" : ", " + notes.joined(separator: "; ")
    }
}

extension Departure {
    /// Nil when its lifecycle state says enough.
    fileprivate var remark: String? {
        switch self {
        case .refresh: "replaced by the refresh"
        case .lifetime: "as old as instances get"
        case .abandoned: "its launch hook was abandoned"
        case .askedByOperator: "asked by an operator"
        // What is wrong with it stands there already.
        case .unhealthy: nil
        case .scaleIn, .pool, .launchFailure: nil
        }
    }
}

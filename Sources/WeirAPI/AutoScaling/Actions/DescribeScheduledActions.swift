import WeirCore
import WeirRuntime

/// The scheduled actions of a group or of all groups that will still run: all, those asked for by name or ARN, or those
/// that run next within a span of time. Those that do not exist are left out.
enum DescribeScheduledActions: AutoScalingAction {
    static let name = "DescribeScheduledActions"
    static let isForOperators = false

    static func answer(_ input: AutoScalingInput, _ call: AutoScalingCall) async throws(APIError) -> Content? {
        let names = try input.names("ScheduledActionNames", most: AutoScalingLimits.scheduledActionNames)
        let (earliest, latest) = (try input.instant("StartTime"), try input.instant("EndTime"))
        let due = try await call.groups(input).flatMap { group in
            group.policyInForce.scheduledActions.compactMap { DueAction($0, of: group.policy.name, call) }
        }
        let found = due.filter { due in
            // Where names are given, times do not matter. Source: DescribeScheduledActions, StartTime.
            if !names.isEmpty { return names.contains(due.action.name) || names.contains(due.arn) }
            return (earliest.map { due.next >= $0 } ?? true) && (latest.map { due.next <= $0 } ?? true)
        }
        let page = try input.page(
            of: found, size: AutoScalingLimits.defaultScheduledActionRecords,
            largest: AutoScalingLimits.scheduledActionRecords)
        return { xml in
            xml.element("ScheduledUpdateGroupActions") { xml in
                for due in page.elements { xml.element("member") { due.write(to: &$0) } }
            }
            if let token = page.nextToken { xml.element("NextToken", token) }
        }
    }
}

/// A ScheduledUpdateGroupAction of the Auto Scaling API.
private struct DueAction {
    let action: ScheduledAction
    let group: String
    let arn: String
    /// When it runs next. That is its StartTime as AWS tells it, also when it recurs.
    let next: Instant

    /// Nil when it does not run any more.
    init?(_ action: ScheduledAction, of group: String, _ call: AutoScalingCall) {
        guard let next = action.next(after: call.now) else { return nil }
        self.action = action
        self.group = group
        self.next = next
        arn = call.arn("scheduledUpdateGroupAction", of: group) + ":scheduledActionName/\(action.name)"
    }

    func write(to xml: inout XMLWriter) {
        xml.element("AutoScalingGroupName", group)
        xml.element("ScheduledActionName", action.name)
        xml.element("ScheduledActionARN", arn)
        // The older name of StartTime; both are told.
        xml.element("Time", next.rfc3339)
        xml.element("StartTime", next.rfc3339)
        if let end = action.endTime { xml.element("EndTime", end.rfc3339) }
        if let recurrence = action.recurrence {
            xml.element("Recurrence", recurrence.text)
            xml.element("TimeZone", action.timeZone.name)
        }
        if let size = action.minSize { xml.element("MinSize", size) }
        if let size = action.maxSize { xml.element("MaxSize", size) }
        if let capacity = action.desiredCapacity { xml.element("DesiredCapacity", capacity) }
    }
}

import WeirCore
import WeirPolicy

/// What AWS has no counterpart for. What is as it would be anyway is no loss.
extension CloudWriter {
    mutating func tellGroup() {
        if let fleet = group.fleet { lost("fleet", "AWS has no limit that groups share, such as '\(fleet.name)'") }
        if group.instanceRefresh != RefreshPreferences() {
            lost("instance_refresh", "preferences are given when a refresh is started, and are no part of a group")
        }
        let schedules = group.scheduledActions.filter { $0.startTime != nil }
        for action in schedules {
            changed("scheduled_actions.\(action.name).start_time", "AWS takes a start that is still to come only")
        }
    }

    mutating func tellWorkers() {
        let launching = "AWS launches machines: make a launch template that runs it, and name it as a parameter"
        lost("workers.\(file.launcher.word)", launching)
        let usual = GroupPolicy(name: group.name, minSize: 0, maxSize: 0)
        let times = [
            ("stop_timeout", group.stopTimeout, usual.stopTimeout, "the machine's own shutdown says it"),
            ("launch_timeout", group.launchTimeout, usual.launchTimeout, "AWS chooses it itself"),
        ]
        for (key, value, standard, why) in times where value != standard { lost("workers.\(key)", why) }
        if group.concurrency != usual.concurrency { lost("workers.concurrency", "the worker itself says it") }
        if group.noProgressTimeout != usual.noProgressTimeout {
            lost("workers.no_progress_after", "AWS does not look whether anything is completed")
        }
        if file.healthProbe != nil { lost("workers.health_check", "AWS has its own checks: EC2, ELB and others") }
    }

    mutating func tellQueue() {
        if group.fallback != SourceFallback() {
            lost("queue.fallback", "with missing data AWS does what 'treat_missing_data' says, and nothing besides")
        }
        if group.suspicion != Suspicion() {
            lost("queue", "AWS believes every figure: no suspicious_drop, no stale_after")
        }
        let usual = GroupPolicy(name: group.name, minSize: 0, maxSize: 0)
        if group.pollInterval != usual.pollInterval {
            lost("queue.poll_interval", "CloudWatch measures SQS once a minute")
        }
        for key in ["endpoint", "profile"] where file.source.options[key] != nil {
            lost("queue.\(file.source.word).\(key)", "the account that makes the stack says it")
        }
        if file.source.options["region"] != nil {
            changed("queue.\(file.source.word).region", "the region in which the stack is made says it")
        }
    }
}

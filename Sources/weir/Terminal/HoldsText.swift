import WeirAPI

/// What a group waits for after failures.
extension StatusText {
    static func holds(_ group: GroupView) -> [[String]] {
        var rows: [[String]] = []
        if let silence = group.silence { rows.append(["  source", Terminal.paint(silence.sentence, .yellow)]) }
        if let backoff = group.launchBackoff {
            let failures = "\(backoff.failures) failure\(backoff.failures == 1 ? "" : "s")"
            rows.append(["  launches", "none before \(time(backoff.until)) after \(failures): \(backoff.lastFailure)"])
        }
        if let hold = group.noProgress {
            rows.append(["  progress", "none: \(hold.lastFailure); scale-out is held until \(time(hold.until))"])
            rows.append(["", "where a job takes longer than that: raise no_progress_after"])
        }
        if group.launchBackoff != nil || group.noProgress != nil {
            rows.append(["", "to try at once: weir reset \(group.group)"])
        }
        return rows
    }
}

/// So many of a hundred jobs are to wait no longer than this.
public struct WaitLimit: Sendable, Equatable {
    /// Range: 50…99.9.
    public var percentile: Double
    /// Unit: seconds.
    public var most: Double

    /// Waits of a report, and how many of a hundred jobs are within each.
    static let percents = [
        "wait_s.p50": 50, "wait_s.p90": 90, "wait_s.p95": 95, "wait_s.p99": 99, "wait_s.p999": 99.9, "wait_s.max": 100,
    ]
}

extension Objective {
    /// The first wait within which some of the jobs have to be; nil: it limits none, or that of the last job.
    public var waitLimit: WaitLimit? {
        for limit in limits {
            guard let percent = WaitLimit.percents[limit.field], percent < 100 else { continue }
            return WaitLimit(percentile: percent, most: limit.most)
        }
        return nil
    }
}

import WeirCore
import WeirSimulator

/// What a load, a group and what is wanted say of how large the figures of a policy may sensibly be: nothing of it knows of one trace
/// or another.
public struct Setting: Sendable {
    public var group: GroupPolicy
    /// Unit: seconds.
    public var meanService = 1.0
    /// Instances at work on average, and in the busiest ten minutes, if nobody waited.
    public var meanBusy = 1.0
    public var peakBusy = 1.0
    /// Jobs in the busiest ten minutes.
    public var peakArrivals = 1.0
    /// The wait that is to be kept; nil: none is limited.
    public var waitLimit: WaitLimit?

    public init(_ group: GroupPolicy, _ loads: [[Job]], keeping waitLimit: WaitLimit? = nil) {
        self.group = group
        self.waitLimit = waitLimit
        var (work, span, count) = (0.0, 0.0, 0)
        for jobs in loads {
            var (window, inWindow, workInWindow) = (Int64(0), 0, 0.0)
            for job in jobs {
                let number = job.arrivalNs / Self.windowNs
                if number != window { (window, inWindow, workInWindow) = (number, 0, 0) }
                inWindow += 1
                workInWindow += Double(job.serviceNs) / 1e9
                peakArrivals = max(peakArrivals, Double(inWindow))
                peakBusy = max(peakBusy, workInWindow / (Double(Self.windowNs) / 1e9) / Double(group.concurrency))
                work += Double(job.serviceNs) / 1e9
            }
            span += Double(jobs.last?.arrivalNs ?? 0) / 1e9
            count += jobs.count
        }
        meanService = max(work / Double(max(count, 1)), 1e-3)
        meanBusy = max(work / max(span, 1) / Double(group.concurrency), 0.1)
    }

    private static let windowNs: Int64 = 600_000_000_000

    /// As many instances as anybody would add at once: the group's maximum, if that is not far beyond what the load needs.
    public var mostInstances: Int { max(min(group.maxSize, Int((peakBusy * 4).rounded(.up))), 2) }

    /// Backlogs up to so many are told apart by a threshold. Unit: messages.
    public var mostWaiting: Int { max(Int((peakArrivals / 2).rounded(.up)), 10) }

    // MARK: Domains that several kinds use

    /// Unit: seconds. None is shorter than it is between two measurements.
    var periods: Parameter.Domain {
        let poll = group.pollInterval.inSeconds
        let fitting = [10.0, 30, 60, 120, 300].filter { $0 >= poll }
        return .choice(fitting.isEmpty ? [(poll / 60).rounded(.up) * 60] : fitting)
    }

    var shortestPeriod: Double {
        guard case .choice(let values) = periods else { return 60 }
        return values[0]
    }

    var pauses: Parameter.Domain { .choice([0, 10, 20, 30, 60, 90, 120, 180, 300, 600]) }
    var instances: Parameter.Domain { .counts(least: 1, most: mostInstances) }
    var waiting: Parameter.Domain { .counts(least: 1, most: mostWaiting) }
}

/// Values by the names of their parameters.
struct Values {
    private let parameters: [Parameter]
    private let values: [Double]

    init(_ parameters: [Parameter], _ values: [Double]) {
        self.parameters = parameters
        self.values = values
    }

    subscript(name: String) -> Double {
        parameters.firstIndex { $0.name == name }.map { values[$0] } ?? .nan
    }

    func whole(_ name: String) -> Int { Int(self[name].rounded()) }

    /// As it is written in a policy file.
    func time(_ name: String) -> String { Self.time(self[name]) }

    static func time(_ seconds: Double) -> String {
        seconds == seconds.rounded() ? "\(Int(seconds))s" : "\(Int((seconds * 1000).rounded()))ms"
    }

    /// As it is written in a policy file.
    static func number(_ value: Double) -> String { value == value.rounded() ? "\(Int(value))" : "\(value)" }
}

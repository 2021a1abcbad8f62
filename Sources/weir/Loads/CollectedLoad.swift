import WeirCore
import WeirPolicy
import WeirSimulator

/// A load in memory, for those that replay it many times: 16 bytes for each job.
struct CollectedLoad: Sendable {
    let name: String
    let jobs: [Job]
    /// Unit: milliseconds since 1970; nil where the trace knows no calendar.
    let beginsAt: Int64?
    /// How long it goes on, also without jobs. Unit: nanoseconds.
    let lastsNs: Int64
    /// How long instances take to start, where the load says so.
    let startup: SpanModel?
    /// The world of the base policy, or of the one that is tuned.
    let model: SimulationModel

    /// They take 1.6 GB.
    static let mostJobs = 100_000_000

    /// What the clock shows at its beginning.
    var origin: Instant { Instant(milliseconds: beginsAt ?? GeneratedLoad.monday) }

    var source: ListedJobs { ListedJobs(jobs, beginsAt: beginsAt, lastsNs: lastsNs) }
}

extension RehearsalOptions {
    /// All loads, read to their ends.
    /// - Parameter policy: the base, or the one that is tuned.
    func collected(for policy: RehearsedPolicy) throws -> [CollectedLoad] {
        let loads = try loads(of: policy.file)
        if load.writeTrace != nil, loads.count > 1 {
            throw Failure.mistake("--write-trace writes one load, and there are \(loads.count)")
        }
        return try loads.map { load in
            let source = try load.jobs(seed)
            var jobs: [Job] = []
            var chunk: ContiguousArray<Job> = []
            do throws(TraceFailure) {
                repeat {
                    chunk.removeAll(keepingCapacity: true)
                    try source.read(4096, into: &chunk)
                    jobs += chunk
                    guard jobs.count <= CollectedLoad.mostJobs else {
                        throw TraceFailure(
                            path: load.name,
                            problem: "has more than \(CollectedLoad.mostJobs) jobs, and here a load is held in memory: "
                                + "take a part of it, or simulate one policy after the other")
                    }
                } while !chunk.isEmpty
            } catch {
                throw Failure.load(error)
            }
            for remark in source.remarks { Terminal.error("weir: note: \(load.name): \(remark)") }
            return CollectedLoad(
                name: load.name, jobs: jobs, beginsAt: source.beginsAt, lastsNs: source.lastsNs,
                startup: load.startup, model: try model(of: policy.file, under: policy.limit, startup: load.startup))
        }
    }
}

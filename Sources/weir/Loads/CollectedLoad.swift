import WeirCore
import WeirSimulator

/// A load in memory, for those that replay it many times: 16 bytes for each job.
struct CollectedLoad: Sendable {
    let name: String
    let jobs: [Job]
    /// Unit: milliseconds since 1970; nil where the trace knows no calendar.
    let beginsAt: Int64?
    /// The world with what the load says of it.
    let model: SimulationModel

    /// What the clock shows at its beginning.
    var origin: Instant { Instant(milliseconds: beginsAt ?? GeneratedLoad.monday) }

    var source: ListedJobs { ListedJobs(jobs, beginsAt: beginsAt) }
}

extension RehearsalOptions {
    /// All loads, read to their ends.
    func collected(for group: String) throws -> [CollectedLoad] {
        try loads(of: group).map { load in
            let source = try open(load)
            var jobs: [Job] = []
            var chunk: ContiguousArray<Job> = []
            do throws(TraceFailure) {
                repeat {
                    chunk.removeAll(keepingCapacity: true)
                    try source.read(4096, into: &chunk)
                    jobs += chunk
                } while !chunk.isEmpty
            } catch {
                throw Failure.mistake("\(error)")
            }
            for remark in source.remarks { Terminal.error("weir: note: \(load.name): \(remark)") }
            return CollectedLoad(name: load.name, jobs: jobs, beginsAt: source.beginsAt, model: model(of: load))
        }
    }
}

import WeirCore
import WeirQueue
import WeirRuntime

/// An embedded queue seen from outside, for a dry run: it reads what is committed and can change nothing, whether or not a
/// daemon works on it meanwhile.
struct EmbeddedFolderSource: QueueSource, WorkHolders {
    let queue: String
    let folder: String

    /// Without rates: how many messages came and went is only known to the daemon.
    func measure(at now: Instant) async -> Measurement {
        do {
            let depth = try await offTask { [queue, folder] () throws(QueueError) in
                try QueueFolderReader(folder: folder) { now }.depth(of: queue)
            }
            return EmbeddedMeasurement.counts(depth, at: now)
        } catch .queueDoesNotExist {
            return .missing(.sourceFailed(notMade))
        } catch {
            let isMade = QueueFolderReader.holdsQueues(folder)
            return .missing(.sourceFailed(isMade ? EmbeddedFailure.sentence(error) : notMade))
        }
    }

    private var notMade: String { "there is no queue '\(queue)' in \(folder) yet; weir run makes it, empty" }

    /// Nobody, when the folder cannot be read; then the backlog is missing too, and nothing would be stopped.
    func held() async -> [HeldMessages] {
        do {
            return try await offTask { [folder] () throws(QueueError) in
                // Who holds what does not depend on the time.
                try QueueFolderReader(folder: folder) { Instant(milliseconds: 0) }.held()
            }
        } catch {
            return []
        }
    }
}

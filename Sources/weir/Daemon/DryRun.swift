import FoundationEssentials
import Glibc
import Logging
import Synchronization
import WeirBackends
import WeirCore
import WeirHTTP
import WeirPolicy
import WeirRuntime

/// `weir run --dry-run` and `weir plan`: the real queue, the real list of instances, the same decisions; nothing is done
/// and nothing is stored. Everything here is made from listers and readers, which cannot do anything.
struct DryRun {
    private let files: [PolicyFile]
    /// Limits that the groups share.
    private let limits: [FleetLimit]
    private let folder: StateFolder
    private let logger: Logger
    private let context: BackendContext
    private let time = SystemTime()

    init(_ policies: ReadResult, state: String, logger: Logger) {
        files = policies.files
        limits = policies.fleets.map(\.limit)
        self.logger = logger
        folder = StateFolder(lookingAt: state)
        context = BackendContext(
            queues: nil, queueFolder: folder.queues, stateFolder: folder.path, fleetID: folder.fleetID,
            http: HTTPClient(), environment: ProcessInfo.processInfo.environment, logger: logger)
    }

    static let heading = """
        DRY RUN: nothing is launched, stopped or stored.
        The queue and the list of instances are real. Instances that would be
        launched are imagined, and the real backlog does not react to them.
        """

    /// Decides until it is interrupted, and tells every change.
    func run() async throws {
        let signals = Signals.stream([SIGTERM, SIGINT])
        Terminal.out(Self.heading)
        let supervisor = Supervisor(
            GroupController.Surroundings(
                time: time, store: nil, recorder: Teller(files.map(\.group)), logger: LogLines.logger(level: .error),
                index: InstanceIndex()))
        let failures = await supervisor.apply(files.map(spec), fleets: limits, stored: try stored())
        guard failures.isEmpty else {
            throw Failure.world(failures.map(\.message).joined(separator: "\nweir: "))
        }
        for await _ in signals { break }
        await supervisor.stop()
    }

    /// One look, one decision for each group, told with its whole chain of reasons.
    func plan(_ format: FormatOption.Format) async throws {
        let stored = try stored()
        let states = files.map { file in
            stored.first { $0.name == file.group.name }?.state
                ?? GroupState(startingWith: file.group, seed: 1, at: time.now())
        }
        let fleets = FleetLedger(limits)
        for (file, state) in zip(files, states) {
            fleets.enter(FleetClaim(of: file.group, in: state), of: file.group.name)
        }
        for (file, state) in zip(files, states) {
            let parts: GroupController.Parts
            do {
                parts = try await self.parts(of: file)
            } catch {
                throw Failure.world("group '\(file.group.name)': \(error)")
            }
            let decided = await decideOnce(file, parts, from: state, under: fleets)
            switch format {
            case .text: Terminal.out(decided.text(columns: Window.current?.columns))
            case .json: Terminal.out(try decided.json())
            }
        }
    }

    private func decideOnce(
        _ file: PolicyFile, _ parts: GroupController.Parts, from state: GroupState, under fleets: FleetLedger
    ) async -> PlanText {
        let now = time.now()
        let listing: Listing
        do throws(LauncherFailure) {
            listing = .instances(try await parts.hands.list())
        } catch {
            listing = .neverSucceeded(error.message)
        }
        var observation = Observation(
            measurement: await parts.source.measure(at: now), listing: listing, held: await parts.holders?.held())
        let claim = FleetClaim(of: file.group, in: state)
        let evaluation = fleets.decide(for: file.group.name, having: claim) { ceiling in
            observation.ceiling = ceiling
            return evaluate(file.group, state, observation, at: now)
        }
        return PlanText(file.group, observation, evaluation, at: now)
    }

    private func stored() throws -> [StoredGroup] {
        do throws(StateFailure) {
            return try FileStateStore(folder).loadAll()
        } catch {
            throw Failure.world(error.message)
        }
    }

    private func spec(_ file: PolicyFile) -> GroupSpec {
        let place = try? Registry.place(of: file.launcher, context: context)
        return GroupSpec(
            policy: file.group, path: file.path, text: file.text, launcher: place ?? file.launcher.word,
            measures: file.measures, embeddedQueue: nil
        ) { _ in
            try await parts(of: file)
        }
    }

    private func parts(of file: PolicyFile) async throws -> GroupController.Parts {
        let source = try Registry.makeSource(file.source, group: file.group, context: context)
        let lister = try Registry.makeLister(file.launcher, group: file.group, context: context)
        return GroupController.Parts(
            source: source, holders: source as? any WorkHolders, hands: ImaginedHands(lister: lister))
    }
}

/// Tells records as lines of text on stdout.
final class Teller: Recorder {
    private let story: Mutex<Storyteller>

    init(_ groups: [GroupPolicy]) {
        story = Mutex(Storyteller(groups))
    }

    func record(_ record: Record) {
        story.withLock { story in
            for line in story.tell(record) { Terminal.out(line) }
        }
    }
}

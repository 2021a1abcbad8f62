import Logging
import Synchronization
import WeirCore

/// A policy that is to decide beside a live group.
public struct ShadowSpec: Sendable {
    /// The live group.
    public var group: String
    /// The shadow's policy, under the name of the live group.
    public var policy: GroupPolicy
    public var path: String
    public var text: String
    /// The live group's policy file, and what one of its instances works on at a time.
    public var liveText: String
    public var liveConcurrency: Int

    public init(
        group: String, policy: GroupPolicy, path: String, text: String, liveText: String, liveConcurrency: Int
    ) {
        self.group = group
        self.policy = policy
        self.policy.name = group
        self.path = path
        self.text = text
        self.liveText = liveText
        self.liveConcurrency = liveConcurrency
    }

    fileprivate var texts: [String] { [liveText, text] }
}

/// The shadows of a running weir. It has no hands: what it decides is put down in accounts. The live groups' ticks are taken up in
/// a task of its own, and when it cannot follow, some are passed over.
public final class Shadows: Onlooker {
    private struct Followed {
        var spec: ShadowSpec
        var account: ShadowAccount?
        var savedAt: Instant?
        var complained = false
    }

    private struct Tick {
        var tick: SeenTick
        var group: String
    }

    private let store: ShadowStore
    private let logger: Logger
    private let ledger = FleetLedger()
    private let followed = Mutex<[String: Followed]>([:])
    /// Apart from the accounts, so that nobody who asks waits for a decision.
    private let reports = Mutex<[String: ShadowReport]>([:])
    /// Groups whose account is to begin.
    private let awaited = Mutex<Set<String>>([])
    private let ticks: AsyncStream<Tick>
    private let inbox: AsyncStream<Tick>.Continuation

    public init(_ folder: StateFolder, logger: Logger) {
        store = ShadowStore(folder, logger: logger)
        self.logger = logger
        (ticks, inbox) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1024))
    }

    /// From now on these and no others. An account goes on when both its policies are as they were.
    public func follow(_ specs: [ShadowSpec], fleets: [FleetLimit]) {
        ledger.set(fleets)
        followed.withLock { followed in
            let former = followed
            followed = [:]
            for spec in specs {
                let kept = former[spec.group]?.account ?? store.load(spec.group, texts: spec.texts)
                followed[spec.group] = Followed(spec: spec, account: kept?.texts == spec.texts ? kept : nil)
            }
            for name in former.keys where followed[name] == nil { ledger.forget(name) }
            let current = followed.compactMapValues { one in
                one.account.map { ShadowReport($0, path: one.spec.path) }
            }
            reports.withLock { $0 = current }
            awaited.withLock { $0 = Set(followed.keys.filter { current[$0] == nil }) }
        }
    }

    /// Takes up ticks until the task is cancelled; then stores every account.
    public func run() async {
        for await tick in ticks { take(tick.tick, of: tick.group) }
        followed.withLock { followed in
            for name in followed.keys.sorted() { save(&followed[name]) }
        }
    }

    // MARK: Onlooker

    public func saw(_ tick: SeenTick, of group: String) { inbox.yield(Tick(tick: tick, group: group)) }
    public func account(of group: String) -> ShadowReport? { reports.withLock { $0[group] } }
    public func isNew(to group: String) -> Bool { awaited.withLock { $0.contains(group) } }

    // MARK: Accounts

    private func take(_ tick: SeenTick, of group: String) {
        followed.withLock { followed in
            guard let spec = followed[group]?.spec else { return }
            // Ticks from before anybody waited for this group do not say what it has learned.
            let begun = tick.learned.map { _ in ShadowAccount(spec.policy, texts: spec.texts, from: tick) }
            guard var account = followed[group]?.account ?? begun else { return }
            account.see(tick, under: spec.policy, liveConcurrency: spec.liveConcurrency) { state, observation, now in
                ledger.decide(for: group, having: FleetClaim(of: spec.policy, in: state)) { ceiling in
                    var observation = observation
                    observation.ceiling = ceiling
                    return evaluate(spec.policy, state, observation, at: now)
                }
            }
            if followed[group]?.account == nil { awaited.withLock { _ = $0.remove(group) } }
            followed[group]?.account = account
            let report = ShadowReport(account, path: spec.path)
            reports.withLock { $0[group] = report }
            let isDue = followed[group]?.savedAt.map { tick.at - $0 >= Limits.quietSaveInterval || tick.at < $0 }
            if isDue ?? true { save(&followed[group]) }
        }
    }

    private func save(_ followed: inout Followed?) {
        guard let account = followed?.account, let group = followed?.spec.group else { return }
        followed?.savedAt = account.through
        do throws(StateFailure) {
            try store.save(account, of: group)
            followed?.complained = false
        } catch {
            if followed?.complained == false {
                logger.warning(
                    "the account of the shadow cannot be stored: \(error.message)", metadata: ["group": "\(group)"])
            }
            followed?.complained = true
        }
    }
}

import Synchronization
import WeirCore

/// Who has what of the limits that groups share. A group reads what is left to it, decides, and enters what it has now in one
/// go, so that two groups can never take the same room; and before any of it begins.
///
/// A group counts from the moment at which it is entered, also before its first tick. What it does not hear of by its own
/// ticks (others gave room back, or want some) it is woken for.
public final class FleetLedger: Sendable {
    private struct Pages {
        var accounts: FleetAccounts
        var wakers: [String: @Sendable () -> Void] = [:]

        /// Of those groups for which something has changed that they would act on.
        mutating func takeWakers() -> [@Sendable () -> Void] { accounts.takeWoken().compactMap { wakers[$0] } }
    }

    private let pages: Mutex<Pages>

    public init(_ limits: [FleetLimit] = []) {
        pages = Mutex(Pages(accounts: FleetAccounts(limits)))
    }

    // MARK: Limits

    /// From now on these hold and no others. A limit that went down ends nothing at work: groups that have more than their
    /// share give it back as it becomes idle.
    public func set(_ limits: [FleetLimit]) {
        wake(
            pages.withLock { pages in
                pages.accounts.set(limits)
                return pages.takeWakers()
            })
    }

    // MARK: Groups

    /// Enters what a group has before its first tick, or under another policy; nil: it is under no limit any more.
    public func enter(_ claim: FleetClaim?, of group: String) {
        wake(
            pages.withLock { pages in
                pages.accounts.enter(claim, of: group)
                return pages.takeWakers()
            })
    }

    /// Nothing of the group is left, or it never came to be.
    public func forget(_ group: String) { enter(nil, of: group) }

    /// - Parameters:
    ///   - claim: what the group has at this moment, before it decides.
    ///   - decision: is told what is left to the group; nobody else decides meanwhile.
    public func decide(
        for group: String, having claim: FleetClaim?, _ decision: (FleetCeiling?) -> Evaluation
    ) -> Evaluation {
        // Who is under no limit waits for nobody.
        guard let claim else {
            if pages.withLock({ $0.accounts.knows(group) }) { forget(group) }
            return decision(nil)
        }
        let (evaluation, wakers) = pages.withLock { pages in
            pages.accounts.enter(claim, of: group)
            let evaluation = decision(pages.accounts.ceiling(of: group))
            pages.accounts.decided(evaluation.claim, of: group)
            return (evaluation, pages.takeWakers())
        }
        wake(wakers)
        return evaluation
    }

    /// What is left to a group now; nil when it is under no limit.
    public func ceiling(of group: String) -> FleetCeiling? {
        pages.withLock { $0.accounts.ceiling(of: group) }
    }

    // MARK: Waking

    /// Calls `waker` whenever others have changed what is left to the group, and it matters to it; nil: not any more.
    package func follow(_ group: String, _ waker: (@Sendable () -> Void)?) {
        pages.withLock { $0.wakers[group] = waker }
    }

    private func wake(_ wakers: [@Sendable () -> Void]) {
        for waker in wakers { waker() }
    }
}

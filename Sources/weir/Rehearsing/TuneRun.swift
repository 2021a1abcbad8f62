import WeirCore
import WeirPolicy
import WeirSearch
import WeirSimulator

/// A search over policies, on all cores.
struct TuneRun: Sendable {
    let space: PolicySpace
    let track: Track
    /// How a candidate's text becomes a group; nil: the reader refuses it.
    let read: @Sendable (String) -> GroupPolicy?
    let cores: Int
    /// When the time for it is over; nil: it takes as long as it takes.
    let deadline: ContinuousClock.Instant?

    /// - Parameter tell: how far it is, after each batch.
    func run(_ search: inout Search, _ tell: (Search) -> Void) async {
        var known: [Int: Track.Progress] = [:]
        while !isOver {
            let proposals = search.next()
            guard !proposals.isEmpty else { return }
            let items = proposals.map { (proposal: $0, former: known[$0.number]) }
            let results = await Cores.map(items, atOnce: cores) { attempt($0.proposal, $0.former) }
            // What was not done to its end says nothing, and neither does what was done beside it: the best is known from before.
            guard !isOver else { return }
            search.take(results.map { $0.flatMap(track.verdict) })
            known = [:]
            for (proposal, progress) in zip(proposals, results) { known[proposal.number] = progress }
            tell(search)
        }
    }

    private var isOver: Bool { Interrupt.wasHeard || deadline.map { ContinuousClock.now >= $0 } ?? false }

    private func attempt(_ proposal: Attempt, _ former: Track.Progress?) -> Track.Progress? {
        guard !isOver, let group = read(space.text(of: proposal.candidate)) else { return nil }
        return track.go(group, former, rung: proposal.rung, toBeat: proposal.toBeat) { !isOver }
    }
}

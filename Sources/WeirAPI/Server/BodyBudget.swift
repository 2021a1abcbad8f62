import Synchronization

/// What all connections together may hold of large bodies: anybody can send one, signed or not. The beginning of each body is
/// free, so that nobody who fills the budget keeps small requests out.
final class BodyBudget: Sendable {
    private let taken = Atomic(0)

    var takenBytes: Int { taken.load(ordering: .relaxed) }

    /// - Parameter share: what this body has taken so far; grows when it may.
    /// - Returns: whether the body may have this many bytes.
    func grow(_ share: inout Int, to sizeBytes: Int) -> Bool {
        let more = sizeBytes - APILimits.freeBodyBytes - share
        guard more > 0 else { return true }
        guard taken.wrappingAdd(more, ordering: .relaxed).newValue <= APILimits.bodyBytesTogether else {
            taken.wrappingSubtract(more, ordering: .relaxed)
            return false
        }
        share += more
        return true
    }

    func giveBack(_ share: inout Int) {
        if share > 0 { taken.wrappingSubtract(share, ordering: .relaxed) }
        share = 0
    }
}

import WeirCore

/// Every message that was sent was deleted by whoever did its work, or is still there; and nobody who is at work is said to hold
/// nothing.
enum NoMessageLost {
    static func check(_ group: StormGroup, in storm: Storm) {
        let letters = group.letters
        guard letters.sent != letters.deleted + letters.outstanding else { return }
        storm.violate(
            .noMessageLost,
            "\(group.name): \(letters.sent) sent, \(letters.deleted) deleted, \(letters.outstanding) there")
    }

    static func checkForgetting(_ worker: Int, in storm: Storm) {
        guard storm.workers[worker].runs, !storm.workers[worker].isForeign else { return }
        storm.violate(.noMessageLost, "\(storm.workers[worker].id) lives, and the queue is told that it has ended")
    }
}

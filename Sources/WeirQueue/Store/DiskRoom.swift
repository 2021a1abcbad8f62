import Glibc
import WeirCore

/// Keeps messages from taking the last of the disk.
///
/// Receiving, deleting and changing visibility write too: first into the log, later from the log into the database. If
/// messages could fill the disk, nobody could take one away any more. So sends end while there is still room for the rest.
struct DiskRoom {
    /// Bytes that may still be written where the store lies; nil when that is not known or does not matter.
    private let look: @Sendable () -> Int64?
    private var lookedAt: Instant?
    /// What the last look found to be free.
    private var free: Int64 = 0
    /// What messages may take, as of the last look.
    private var spare: Int64 = .max
    /// What they took since then, and how much of that no look can see because it is not committed.
    private var taken: Int64 = 0
    private var uncommitted: Int64 = 0
    /// The disk was found to be full, whatever the figures say.
    var isShut = false

    init(look: @escaping @Sendable () -> Int64?) { self.look = look }

    /// Whether a message of this size may come in; it is counted then.
    /// - Parameter reusable: bytes within the database's file that deleted messages have left.
    mutating func admits(_ sizeBytes: Int, at now: Instant, reusable: () -> Int64) -> Bool {
        guard !isShut else { return false }
        let cost = Self.cost(sizeBytes)
        if needsLook(at: now) || (spare - taken < cost && taken > uncommitted) { lookAgain(at: now, reusable) }
        guard spare == .max || spare - taken >= cost else { return false }
        taken += cost
        uncommitted += cost
        return true
    }

    mutating func committed() { uncommitted = 0 }

    mutating func undone() {
        taken -= uncommitted
        uncommitted = 0
    }

    var sentence: String {
        if isShut { return "the disk is full: no message is accepted until there is room again" }
        let (free, kept) = (free / 1_048_576, EngineLimits.diskReserveBytes / 1_048_576)
        return "the disk is nearly full (\(free) MiB are free, \(kept) MiB are kept free): no message is accepted "
            + "until there is room again, so that those that are here can be received and deleted"
    }

    /// Once for the log and once for the database; a small message may touch a page of its own in each.
    private static func cost(_ sizeBytes: Int) -> Int64 { 2 * (Int64(sizeBytes) + EngineLimits.pageBytes) }

    private func needsLook(at now: Instant) -> Bool {
        guard let lookedAt else { return true }
        return now - lookedAt >= EngineLimits.diskLookInterval || taken >= EngineLimits.diskLookBytes
    }

    /// Room within the database's file counts, since messages go there first; but the log grows beside it.
    private mutating func lookAgain(at now: Instant, _ reusable: () -> Int64) {
        lookedAt = now
        taken = uncommitted
        guard let found = look() else {
            spare = .max
            return
        }
        free = found
        spare = min(found - EngineLimits.checkpointBytes, found + reusable() - EngineLimits.diskReserveBytes)
    }

    /// The free space of the file system that holds `folder`.
    static func freeBytes(of folder: String) -> Int64? {
        var figures = statvfs()
        // A file system without blocks does not tell.
        guard statvfs(folder, &figures) == 0, figures.f_blocks > 0 else { return nil }
        return Int64(clamping: UInt64(figures.f_bavail) &* UInt64(figures.f_frsize))
    }
}

import WeirCore

/// How much is kept of the records of one group. 0 of either: nothing is recorded at all.
public struct RecordBounds: Sendable, Equatable {
    /// Records that are older are dropped, a file at a time. Default: 7 days.
    public var age: Duration
    /// All files of one group together; the oldest are dropped. Unit: bytes. Default: 256 MB.
    public var bytes: Int

    public init(age: Duration = .seconds(7 * 86_400), bytes: Int = 256_000_000) {
        self.age = age
        self.bytes = bytes
    }

    var keepsNothing: Bool { bytes <= 0 || age <= .zero }
    /// A file that is larger is followed by another one.
    var fileBytes: Int { max(bytes / 64, Limits.smallestRecordFile) }
    /// One that was begun so long ago, too.
    var fileAge: Duration { max(age / 28, Limits.shortestRecordFile) }
}

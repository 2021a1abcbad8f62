import Glibc
import WeirCore

/// Tells how far a replay is, on one line of a terminal.
final class ReplayWatch {
    private let display = ProgressDisplay(patience: ProgressDisplay.usualPatience)
    /// Of each file. Nil: one of them is no file with a length. Unit: bytes.
    private let sizes: [Int]?

    init(_ files: [String]) {
        let known = files.compactMap(Self.size)
        sizes = known.count == files.count ? known : nil
    }

    /// - Parameters:
    ///   - bytes: of the file at this place, read so far.
    func tell(ticks: Int, bytes: Int, ofFile place: Int) {
        display.show { elapsed in
            ProgressLine.text(
                share: share(bytes, ofFile: place),
                saying: [counted(ticks, "tick"), "\(ProgressLine.rate(ticks, in: elapsed)) ticks/s"], after: elapsed)
        }
    }

    func clear() { display.clear() }

    /// A file that is written to while it is read is longer than it was.
    private func share(_ bytes: Int, ofFile place: Int) -> Double? {
        guard let sizes else { return nil }
        let read = sizes[..<place].reduce(0, +) + min(bytes, sizes[place])
        return Double(read) / Double(max(sizes.reduce(0, +), 1))
    }

    private static func size(_ path: String) -> Int? {
        var entry = stat()
        guard stat(path, &entry) == 0, entry.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(entry.st_size)
    }
}

import ArgumentParser
import WeirCore
import WeirRuntime

/// Where a simulation keeps records of its own.
struct SimulationRecords: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Writes what the group saw and decided on each tick to this file, as the daemon does, for weir replay.",
            valueName: "FILE"))
    var records: String?
}

/// Writes records to one file.
final class RecordWriter {
    private let path: String
    private let file: OutputFile
    private var lines: [UInt8] = []
    private var failure: String?

    /// Unit: bytes.
    private static let bufferSize = 1 << 16

    init(_ path: String) throws(Failure) {
        self.path = path
        file = try OutputFile(path)
    }

    func write(_ record: Record) {
        guard failure == nil else { return }
        do {
            lines += try RecordLine.encode(record)
        } catch {
            failure = "\(error)"
        }
        if lines.count >= Self.bufferSize { flush() }
    }

    private func flush() {
        failure = failure ?? file.append(lines)
        lines.removeAll(keepingCapacity: true)
    }

    /// - Throws: when not all could be written.
    func end() throws(Failure) {
        flush()
        if let failure { throw OutputFile.failure(path, failure) }
    }
}

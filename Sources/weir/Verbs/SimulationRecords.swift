import ArgumentParser
import FoundationEssentials
import Glibc
import WeirCore
import WeirRuntime
import WeirSimulator

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
    private let file: UnsafeMutablePointer<FILE>
    private var failure: String?

    init(_ path: String) throws(Failure) {
        self.path = path
        guard let file = fopen(path, "w") else {
            throw .world("cannot write \(path): \(String(cString: strerror(errno)))")
        }
        self.file = file
    }

    func write(_ record: Record) {
        guard failure == nil else { return }
        do {
            let line = try RecordLine.encode(record)
            let count = line.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
            if count < line.count { failure = String(cString: strerror(errno)) }
        } catch {
            failure = "\(error)"
        }
    }

    /// - Throws: when not all could be written.
    func end() throws(Failure) {
        if fclose(file) != 0, failure == nil { failure = String(cString: strerror(errno)) }
        if let failure { throw .world("cannot write \(path): \(failure)") }
    }
}

import Glibc

/// Jobs on their way into the simulation, each of which is also written to a file: CSV, a line for each.
public final class WrittenLoad: JobSource {
    private let source: any JobSource
    private let path: String
    private let file: UnsafeMutablePointer<FILE>

    /// - Throws: when the file cannot be written.
    public init(_ source: any JobSource, to path: String) throws(TraceFailure) {
        self.source = source
        self.path = path
        guard let file = fopen(path, "we") else {
            throw TraceFailure(path: path, problem: "cannot be written: \(String(cString: strerror(errno)))")
        }
        self.file = file
        fputs("submit_s,service_s\n", file)
    }

    deinit { fclose(file) }

    public var beginsAt: Int64? { source.beginsAt }
    public var remarks: [String] { source.remarks }
    public var shareRead: Double? { source.shareRead }

    public func read(_ count: Int, into jobs: inout ContiguousArray<Job>) throws(TraceFailure) {
        let before = jobs.count
        try source.read(count, into: &jobs)
        for job in jobs[before...] {
            fputs("\(Self.seconds(job.arrivalNs)),\(Self.seconds(job.serviceNs))\n", file)
        }
        guard jobs.count > before || fflush(file) == 0, ferror(file) == 0 else {
            throw TraceFailure(path: path, problem: "cannot be written: \(String(cString: strerror(errno)))")
        }
    }

    /// Nanoseconds from 0 as seconds with as many decimals as there are.
    private static func seconds(_ spanNs: Int64) -> String {
        let rest = String(spanNs % 1_000_000_000)
        let decimals = String(repeating: "0", count: 9 - rest.count) + rest
        let whole = "\(spanNs / 1_000_000_000)"
        let last = decimals.lastIndex { $0 != "0" }
        return last.map { "\(whole).\(decimals[...$0])" } ?? whole
    }
}

import WeirCore

/// Jobs on their way into the simulation, each of which is also written: CSV, a line for each. Where the load says when it begins, a
/// comment above them says so, too: its time then counts from there, and not from its first job.
public final class WrittenLoad: JobSource {
    private let source: any JobSource
    private let path: String
    private let write: (String) -> String?
    private var isBegun = false

    /// - Parameters:
    ///   - path: of the file, for what goes wrong with it.
    ///   - write: puts this at its end; says why when it cannot.
    public init(_ source: any JobSource, to path: String, write: @escaping (String) -> String?) {
        self.source = source
        self.path = path
        self.write = write
    }

    public var beginsAt: Int64? { source.beginsAt }
    public var remarks: [String] { source.remarks }
    public var shareRead: Double? { source.shareRead }

    public func read(_ count: Int, into jobs: inout ContiguousArray<Job>) throws(TraceFailure) {
        let before = jobs.count
        try source.read(count, into: &jobs)
        var text = isBegun ? "" : heading
        isBegun = true
        for job in jobs[before...] { text += "\(Self.seconds(job.arrivalNs)),\(Self.seconds(job.serviceNs))\n" }
        guard !text.isEmpty, let reason = write(text) else { return }
        throw TraceFailure(path: path, problem: "cannot be written: \(reason)", isMistake: false)
    }

    private var heading: String {
        let begins = source.beginsAt.map { "\(CSVTrace.beginning)\(Instant(milliseconds: $0).rfc3339)\n" } ?? ""
        return begins + "submit_s,service_s\n"
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

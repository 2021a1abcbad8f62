/// One job: when it is sent, and how long one worker needs for it.
public struct Job: Sendable, Equatable {
    /// Since the beginning of the trace. Unit: nanoseconds.
    public var arrivalNs: Int64
    /// Unit: nanoseconds. Range: from 0.
    public var serviceNs: Int64

    @inline(__always)
    public init(arrivalNs: Int64, serviceNs: Int64) {
        self.arrivalNs = arrivalNs
        self.serviceNs = serviceNs
    }
}

/// Jobs in the order in which they are sent, some at a time, so that a trace of any length fits in memory.
public protocol JobSource: AnyObject {
    /// Puts the next jobs at the end of `jobs`, at most `count` of them; none means that there are no more.
    /// - Throws: `TraceFailure`, for a line that cannot be read; what came before it is in `jobs`.
    func read(_ count: Int, into jobs: inout ContiguousArray<Job>) throws(TraceFailure)

    /// When the trace begins; nil when it does not say. Unit: milliseconds since 1970.
    var beginsAt: Int64? { get }

    /// How long the trace goes on, also where no job comes any more: nothing ends before. 0: until the last job. Unit: nanoseconds.
    var lastsNs: Int64 { get }

    /// What a person should know of what was read so far, a sentence each: what was left out, and why.
    var remarks: [String] { get }

    /// How much of them has been read, 0…1; nil when nobody knows how many there are.
    var shareRead: Double? { get }
}

extension JobSource {
    public var lastsNs: Int64 { 0 }
    public var remarks: [String] { [] }
    public var shareRead: Double? { nil }
}

/// Jobs from memory.
public final class ListedJobs: JobSource {
    private let jobs: [Job]
    private var position = 0
    /// Unit: milliseconds since 1970.
    public let beginsAt: Int64?
    public let lastsNs: Int64

    /// - Parameter jobs: sorted by arrival.
    public init(_ jobs: [Job], beginsAt: Int64? = nil, lastsNs: Int64 = 0) {
        self.jobs = jobs
        self.beginsAt = beginsAt
        self.lastsNs = lastsNs
    }

    public func read(_ count: Int, into jobs: inout ContiguousArray<Job>) throws(TraceFailure) {
        let end = min(position + count, self.jobs.count)
        jobs.append(contentsOf: self.jobs[position..<end])
        position = end
    }

    public var shareRead: Double? { jobs.isEmpty ? 1 : Double(position) / Double(jobs.count) }
}

/// What is wrong with a trace, and where.
public struct TraceFailure: Error, Equatable, CustomStringConvertible {
    /// The file, as the user named it.
    public var path: String
    /// From 1; nil when it is about the whole file.
    public var line: Int?
    /// What is wrong, and what was expected.
    public var problem: String
    /// Something that was written is wrong; otherwise the world failed.
    public var isMistake: Bool

    public init(path: String, line: Int? = nil, problem: String, isMistake: Bool = true) {
        self.path = path
        self.line = line
        self.problem = problem
        self.isMistake = isMistake
    }

    public var description: String {
        line.map { "\(path):\($0): \(problem)" } ?? "\(path): \(problem)"
    }
}

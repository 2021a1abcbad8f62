import Foundation
import Testing
import WeirCore

@testable import WeirSimulator

/// A file that is there as long as somebody reads it.
func withFile<Value>(_ text: String, _ use: (String) throws -> Value) throws -> Value {
    let file = FileManager.default.temporaryDirectory.appending(path: "weir-\(UUID().uuidString)")
    try Data(text.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try use(file.path)
}

/// All jobs, a few at a time.
func all(_ source: any JobSource, by count: Int = 2) throws -> [Job] {
    var jobs: [Job] = []
    while true {
        var more: ContiguousArray<Job> = []
        try source.read(count, into: &more)
        if more.isEmpty { return jobs }
        jobs += more
    }
}

@Suite("Traces in the Standard Workload Format")
struct WorkloadTraceSpecs {
    /// A job's line, of 18 fields.
    private static func line(_ submit: String, _ run: String, processors: String = "1", status: String = "1") -> String
    {
        "  7 \(submit) 3 \(run)  \(processors) -1 -1 1 -1 -1 \(status) 4 1 -1 1 -1 -1 -1\n"
    }

    private func read(_ text: String) throws -> (jobs: [Job], trace: WorkloadTrace) {
        try withFile(text) { path in
            let lines = try LineReader(path)
            #expect(try TraceForm.of(lines) == .swf)
            let trace = try WorkloadTrace(lines)
            return (try all(trace), trace)
        }
    }

    @Test("comments are passed over, and the one that says when it began is heard; the first job is its zero")
    func jobs() throws {
        let text = """
            ; Version: 2.2
            ;  UnixStartTime: 1132444805

            \(Self.line("10", "60"))   ; a remark
            \(Self.line("12.5", "0.25"))
            """
        let (jobs, trace) = try read(text)
        #expect(
            jobs == [
                Job(arrivalNs: 0, serviceNs: 60_000_000_000),
                Job(arrivalNs: 2_500_000_000, serviceNs: 250_000_000),
            ])
        #expect(trace.beginsAt == 1_132_444_815_000)
        #expect(trace.remarks.isEmpty)
    }

    @Test("a log without comments is recognised too, and knows no calendar")
    func bare() throws {
        let (jobs, trace) = try read(Self.line("0", "5") + Self.line("1", "5"))
        #expect(jobs.count == 2 && trace.beginsAt == nil)
    }

    @Test("what is no job that was run is left out and counted")
    func leftOut() throws {
        let text =
            ";\n" + Self.line("-1", "-1", status: "5") + Self.line("3", "0", status: "5")
            + Self.line("5", "9", processors: "128")
            + Self.line("5", "4", status: "2") + Self.line("-1", "5", status: "3") + Self.line("6", "1")
        let (jobs, trace) = try read(text)
        #expect(jobs.map(\.arrivalNs) == [0, 1_000_000_000])
        #expect(
            trace.remarks == [
                "2 jobs have no run time, and are left out", "2 lines are about parts of jobs, and are left out",
                "jobs used up to 128 processors; here each is one message for one worker",
            ])
    }

    @Test("a job that ended within its first second is one")
    func shortest() throws {
        let (jobs, trace) = try read(";\n" + Self.line("3", "0") + Self.line("4", "0", status: "0"))
        #expect(jobs == [Job(arrivalNs: 0, serviceNs: 0), Job(arrivalNs: 1_000_000_000, serviceNs: 0)])
        #expect(trace.remarks.isEmpty)
    }

    @Test(
        "what is wrong is told with its line and its field",
        arguments: [
            (";\n1 2 3\n", 2, "3 fields, and a line of the Standard Workload Format has 18"),
            (";\n" + line("0", "1") + line("x", "1"), 3, "'x' is no number in submit time (field 2)"),
            (";\n" + line("0", "one"), 2, "'one' is no number in run time (field 4)"),
            (";\n" + line("5", "1") + line("4", "1"), 3, "the submit time (field 2) goes back"),
            (";\n" + line("-1", "1"), 2, "the submit time (field 2) is unknown"),
            (";\n" + line("0", "8999999999"), 2, "the run time (field 4) is too long: no job takes longer than ten"),
            (
                ";\n" + line("0", "1") + line("8999999999", "1"), 3,
                "the submit time (field 2) is too long after the first: no load is longer than a hundred years"
            ),
        ])
    func mistakes(_ text: String, _ line: Int, _ problem: String) {
        let failure = #expect(throws: TraceFailure.self) { try read(text) }
        #expect(failure?.problem.hasPrefix(problem) == true, "\(failure?.problem ?? "nothing")")
        #expect(failure?.line == line)
    }

    @Test(
        "the form is recognised by how it begins",
        arguments: [
            ("submit_s,service_s\n", .csv), ("# a remark\n\ntimestamp,arrivals\n", .csv), ("", .csv), ("1,2\n", .csv),
            ("\n  {\"Label\": \"x\"}", .json), ("[\n", .json), ("\u{FEFF}; Version\n", .swf), ("1 0 -1 5\n", .swf),
        ] as [(String, TraceForm)])
    func forms(_ text: String, _ form: TraceForm) throws {
        #expect(try withFile(text) { try TraceForm.of(try LineReader($0)) } == form)
    }

    @Test("what was looked at is still to be read; a mark that spreadsheets write is passed over")
    func still() throws {
        let text = "\u{FEFF}submit_s,service_s\n1,2\n3,4\n"
        let jobs = try withFile(text) { path in
            let lines = try LineReader(path)
            _ = try TraceForm.of(lines)
            return try all(try CSVTrace(lines, service: nil, seed: 1))
        }
        #expect(jobs.map(\.arrivalNs) == [0, 2_000_000_000])
    }
}

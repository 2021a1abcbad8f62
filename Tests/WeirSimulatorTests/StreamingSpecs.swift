import Glibc
import Testing
import WeirCore

@testable import WeirSimulator

@Suite("Loads of any length")
struct StreamingSpecs {
    /// Memory of this process now. Unit: bytes.
    private func resident() throws -> Int {
        let file = try #require(fopen("/proc/self/statm", "r"))
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        _ = fgets(&line, 128, file)
        let pages = String(decoding: line.map(UInt8.init(bitPattern:)), as: UTF8.self).split(separator: " ")
        return try #require(Int(pages[1])) * 4096
    }

    @Test("a file of 32 MB is read in memory that does not grow with it")
    func csv() throws {
        let path = "/tmp/weir-streaming-\(getpid()).csv"
        defer { unlink(path) }
        let file = try #require(fopen(path, "w"))
        let note = String(repeating: "x", count: 1600)
        fputs("submit_s,service_s,note\n", file)
        for second in 0..<20_000 { fputs("\(second),1,\(note)\n", file) }
        fclose(file)
        let trace = try CSVTrace(path, service: nil, seed: 1)
        var jobs: ContiguousArray<Job> = []
        try trace.read(1024, into: &jobs)
        let before = try resident()
        var count = 0
        while !jobs.isEmpty {
            count += jobs.count
            jobs.removeAll(keepingCapacity: true)
            try trace.read(1024, into: &jobs)
        }
        #expect(count == 20_000 && trace.shareRead == 1)
        #expect(try resident() - before < 8 << 20)
    }
}

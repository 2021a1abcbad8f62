import Foundation
import Logging
import Testing
import WeirCore

@testable import WeirRuntime

@Suite("Records on disk")
struct RecordFileSpecs {
    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    static func record(_ milliseconds: Int64, listing: Listing? = nil) -> Record {
        let now = Instant(milliseconds: milliseconds)
        let policy = GroupPolicy(name: "g", minSize: 0, maxSize: 1)
        let observation = Observation(listing: listing)
        let evaluation = evaluate(policy, GroupState(startingWith: policy, seed: 1, at: now), observation, at: now)
        return Record(group: "g", at: now, dryRun: false, observation: observation, evaluation: evaluation)
    }

    static func lines(_ folder: StateFolder, _ name: String) throws -> [String] {
        try String(contentsOfFile: folder.records + "/" + name, encoding: .utf8)
            .split(separator: "\n").map(String.init)
    }

    @Test("each tick is a line that can be read again")
    func roundTrip() throws {
        let temporary = try TemporaryFolder()
        let folder = try StateFolder(preparing: temporary.path)
        let file = RecordFile(folder, logger: Self.logger)
        let records = [Self.record(1000), Self.record(2000)]
        for record in records { file.record(record) }
        let read = try Self.lines(folder, "g.jsonl").map { try JSONDecoder().decode(Record.self, from: Data($0.utf8)) }
        #expect(read == records)
    }

    @Test("a line that a crash cut off does not swallow the next one")
    func tornTail() throws {
        let temporary = try TemporaryFolder()
        let folder = try StateFolder(preparing: temporary.path)
        try temporary.write("{\"version\":1,\"gro", to: "records/g.jsonl")
        RecordFile(folder, logger: Self.logger).record(Self.record(3000))
        let lines = try Self.lines(folder, "g.jsonl")
        #expect(lines.count == 2)
        #expect(try JSONDecoder().decode(Record.self, from: Data(lines[1].utf8)) == Self.record(3000))
    }

    @Test("records never fill the disk: a large file is put aside, the oldest of those is dropped")
    func bounded() throws {
        let temporary = try TemporaryFolder()
        let folder = try StateFolder(preparing: temporary.path)
        let file = RecordFile(folder, logger: Self.logger)
        let large = Self.record(1, listing: .failed(String(repeating: "x", count: 1 << 20)))
        for _ in 0..<60 { file.record(large) }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.records).sorted()
        #expect(names == ["g.1.jsonl", "g.2.jsonl", "g.3.jsonl", "g.jsonl"])
        let sizes = try names.map { try Data(contentsOf: URL(filePath: folder.records + "/" + $0)).count }
        #expect(sizes.allSatisfy { $0 <= Limits.recordFileBytes + (2 << 20) })
    }

    @Test("a folder that cannot be written to costs records, not ticks, and later ones are kept again")
    func unwritable() throws {
        let temporary = try TemporaryFolder()
        let folder = try StateFolder(preparing: temporary.path)
        let file = RecordFile(folder, logger: Self.logger)
        try FileManager.default.removeItem(atPath: folder.records)
        file.record(Self.record(1000))
        try FileManager.default.createDirectory(atPath: folder.records, withIntermediateDirectories: true)
        file.record(Self.record(2000))
        #expect(try Self.lines(folder, "g.jsonl").count == 1)
    }
}

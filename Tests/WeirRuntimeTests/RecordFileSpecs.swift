import Foundation
import Glibc
import Logging
import Testing
import WeirCore

@testable import WeirRuntime

@Suite("Records on disk")
struct RecordFileSpecs {
    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    static let policy = GroupPolicy(name: "g", minSize: 0, maxSize: 1)

    let temporary: TemporaryFolder
    let folder: StateFolder

    init() throws {
        temporary = try TemporaryFolder()
        folder = try StateFolder(preparing: temporary.path)
    }

    static func record(
        _ milliseconds: Int64, tick: Int = 0, listing: Listing? = nil, startsAnew: Bool = true
    ) -> Record {
        let now = Instant(milliseconds: milliseconds)
        let observation = Observation(listing: listing)
        let state = GroupState(startingWith: policy, seed: 1, at: now)
        let checkpoint = startsAnew ? Record.Checkpoint(policy: policy, state: state) : nil
        return Record(
            group: "g", tick: tick, at: now, dryRun: false, checkpoint: checkpoint, observation: observation,
            evaluation: evaluate(policy, state, observation, at: now))
    }

    static func large(_ milliseconds: Int64, bytes: Int = 40_000) -> Record {
        record(milliseconds, listing: .failed(String(repeating: "x", count: bytes)))
    }

    func recorder(_ bounds: RecordBounds = RecordBounds()) -> RecordFile {
        RecordFile(folder, bounds: bounds, logger: Self.logger)
    }

    /// What stands in a group's files, in their order.
    func read() throws -> [Record] {
        var records: [Record] = []
        for segment in RecordSegment.all(in: folder.records) {
            let reader = try RecordReader(segment.path)
            while let line = try reader.next() {
                if case .record(let record) = line { records.append(record) }
            }
        }
        return records
    }

    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.records).sorted() }

    @Test("each tick is a line that can be read again")
    func roundTrip() throws {
        let records = [Self.record(1000, tick: 1), Self.record(2000, tick: 2, startsAnew: false)]
        let file = recorder()
        for record in records { file.record(record) }
        #expect(try read() == records)
        #expect(try names() == ["g.00000001.jsonl"])
    }

    @Test("a last record that a crash cut off is cut off, and what comes next can be read", arguments: [1, 7, 300])
    func tornTail(bytes: Int) throws {
        let line = try RecordLine.encode(Self.record(1000))
        let torn = line + line.prefix(bytes)
        try torn.write(to: URL(filePath: folder.records + "/g.00000003.jsonl"))
        recorder().record(Self.record(3000))
        #expect(try read() == [Self.record(1000), Self.record(3000)])
        #expect(try names() == ["g.00000003.jsonl"])
    }

    @Test("zeros that a loss of power left at the end are cut off")
    func zeros() throws {
        let torn = try RecordLine.encode(Self.record(1000)) + Data(count: 200_000)
        try torn.write(to: URL(filePath: folder.records + "/g.00000001.jsonl"))
        recorder().record(Self.record(3000))
        #expect(try read() == [Self.record(1000), Self.record(3000)])
    }

    @Test("a line in the middle that cannot be read is told with its place, and the others are read")
    func damaged() throws {
        let line = try RecordLine.encode(Self.record(1000))
        let path = folder.records + "/g.00000001.jsonl"
        try (line + Data("{\"version\":4,\"gro\n".utf8) + Data("{\"version\":99}\n".utf8) + line + line.dropLast(9))
            .write(
                to: URL(filePath: path))
        let reader = try RecordReader(path)
        var told: [String] = []
        while let line = try reader.next() {
            switch line {
            case .record: told.append("\(reader.number): a record")
            case .damaged(let damage): told.append("\(reader.number): \(damage)")
            case .torn: told.append("\(reader.number): torn")
            }
        }
        #expect(
            told == [
                "1: a record", "2: it is no JSON", "3: version: version 99; this weir reads 3 to 4", "4: a record",
                "5: torn",
            ])
    }

    @Test("records take no more of the disk than they may; the oldest file goes first")
    func boundedBySize() throws {
        let bounds = RecordBounds(bytes: 1_000_000)
        let file = recorder(bounds)
        for time in 1...100 { file.record(Self.large(Int64(time))) }
        let sizes = try names().map { try Data(contentsOf: URL(filePath: folder.records + "/" + $0)).count }
        #expect(sizes.count > 1 && sizes.reduce(0, +) <= bounds.bytes)
        #expect(try read().last == Self.large(100))
        #expect(try names().first != "g.00000001.jsonl")
    }

    @Test("a file begins with a record that says where it starts from, also where that is asked for late")
    func filesStartAnew() throws {
        let file = recorder(RecordBounds(bytes: 1_000_000))
        #expect(file.needsCheckpoint(of: "g", at: Instant(milliseconds: 0)))
        for time in 1...40 {
            let now = Int64(time)
            var record = Self.large(now)
            if !file.needsCheckpoint(of: "g", at: record.at) { record.checkpoint = nil }
            file.record(record)
        }
        for segment in RecordSegment.all(in: folder.records) {
            guard case .record(let first)? = try RecordReader(segment.path).next() else {
                Issue.record("\(segment.path) is empty")
                continue
            }
            #expect(first.checkpoint != nil)
        }
        #expect(try names().count > 1)
    }

    @Test("files that are too old are dropped, also those of groups that are gone and those of earlier versions")
    func boundedByAge() throws {
        let now: Int64 = 1_800_000_000_000
        for name in ["g.jsonl", "g.1.jsonl", "gone.00000007.jsonl", "young.00000001.jsonl"] {
            try temporary.write("{}\n", to: "records/" + name)
            let age: Double = name.hasPrefix("young") ? 3600 : 8 * 86_400
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: Double(now) / 1000 - age)],
                ofItemAtPath: folder.records + "/" + name)
        }
        recorder().record(Self.record(now))
        #expect(try names() == ["g.00000001.jsonl", "young.00000001.jsonl"])
    }

    @Test("a file that was begun long ago is followed by another one")
    func fileAge() throws {
        let file = recorder(RecordBounds(age: .seconds(28 * 3600)))
        for minute in 0..<100 { file.record(Self.record(Int64(minute) * 60_000)) }
        #expect(try names() == ["g.00000001.jsonl", "g.00000002.jsonl"])
    }

    @Test("0 keeps nothing", arguments: [RecordBounds(age: .zero), RecordBounds(bytes: 0)])
    func nothing(bounds: RecordBounds) throws {
        let file = recorder(bounds)
        #expect(!file.needsCheckpoint(of: "g", at: Instant(milliseconds: 0)))
        file.record(Self.record(1000))
        #expect(try names().isEmpty)
    }

    @Test("a folder that cannot be written to costs records, not ticks, and later ones are kept again")
    func unwritable() throws {
        let file = recorder()
        try FileManager.default.removeItem(atPath: folder.records)
        file.record(Self.record(1000))
        try FileManager.default.createDirectory(atPath: folder.records, withIntermediateDirectories: true)
        #expect(file.needsCheckpoint(of: "g", at: Instant(milliseconds: 2000)))
        file.record(Self.record(2000))
        #expect(try read() == [Self.record(2000)])
        #expect(!file.needsCheckpoint(of: "g", at: Instant(milliseconds: 3000)))
    }

    @Test("a file that somebody removes is begun anew")
    func removed() throws {
        let file = recorder()
        file.record(Self.record(1000))
        #expect(!file.needsCheckpoint(of: "g", at: Instant(milliseconds: 2000)))
        try FileManager.default.removeItem(atPath: folder.records + "/g.00000001.jsonl")
        #expect(file.needsCheckpoint(of: "g", at: Instant(milliseconds: 2000)))
        file.record(Self.record(2000))
        #expect(!file.needsCheckpoint(of: "g", at: Instant(milliseconds: 3000)))
        file.record(Self.record(3000, startsAnew: false))
        #expect(try read() == [Self.record(2000), Self.record(3000, startsAnew: false)])
    }

    @Test("a full disk costs records, not ticks: the next that is kept says where it starts from")
    func fullDisk() throws {
        #expect(symlink("/dev/full", folder.records + "/g.00000001.jsonl") == 0)
        let file = recorder()
        file.record(Self.record(1000))
        #expect(file.needsCheckpoint(of: "g", at: Instant(milliseconds: 2000)))
        file.record(Self.record(2000))
        #expect(file.needsCheckpoint(of: "g", at: Instant(milliseconds: 3000)))
    }
}

import Foundation
import Testing

@testable import WeirCore

@Suite("Local clocks")
struct TimeZoneSpecs {
    private func times(_ fields: String, _ rule: String, after: String, count: Int) throws -> [String] {
        let zone = try #require(TimeZoneRules(name: "a zone", rule: rule))
        let action = ScheduledAction(name: "a", recurrence: try .parse(fields), timeZone: zone, minSize: 1)
        var now = try #require(Instant(rfc3339: after))
        return try (0..<count).map { _ in
            now = try #require(action.next(after: now))
            return now.rfc3339
        }
    }

    private let newYork = "EST5EDT,M3.2.0,M11.1.0"

    @Test("08:00 stays 08:00 when the clocks change")
    func morning() throws {
        #expect(
            try times("0 8 * * *", newYork, after: "2026-03-07T00:00:00Z", count: 3) == [
                "2026-03-07T13:00:00Z", "2026-03-08T12:00:00Z", "2026-03-09T12:00:00Z",
            ])
    }

    @Test("a local time that is left out comes at the moment of the change")
    func skipped() throws {
        #expect(
            try times("30 2 * * *", newYork, after: "2026-03-07T12:00:00Z", count: 2) == [
                "2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z",
            ])
    }

    @Test("one that comes twice runs once, the first time")
    func doubled() throws {
        #expect(
            try times("30 1 * * *", newYork, after: "2026-10-31T12:00:00Z", count: 2) == [
                "2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z",
            ])
    }

    @Test("south of the equator summer goes over the turn of the year")
    func south() throws {
        #expect(
            try times("0 8 1 1,7 *", "AEST-10AEDT,M10.1.0,M4.1.0/3", after: "2026-01-01T00:00:00Z", count: 2) == [
                "2026-06-30T22:00:00Z", "2026-12-31T21:00:00Z",
            ])
    }

    @Test("half hours, names in brackets, changes at odd times")
    func oddRules() throws {
        #expect(
            try times("0 0 * * *", "<+0545>-5:45", after: "2026-01-01T00:00:00Z", count: 1) == ["2026-01-01T18:15:00Z"])
        // Nuuk's clocks change on the evening before, written as an hour below zero.
        #expect(
            try times("0 12 * * *", "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", after: "2026-03-28T00:00:00Z", count: 2) == [
                "2026-03-28T14:00:00Z", "2026-03-29T13:00:00Z",
            ])
        #expect(
            try times("0 12 1 3 *", "XXX1YYY,J60/0,300", after: "2028-01-01T00:00:00Z", count: 1) == [
                "2028-03-01T12:00:00Z"
            ])
    }

    @Test(
        "what is no rule is refused",
        arguments: [
            "", "E5", "EST", "EST5EDT,M13.1.0,M11.1.0", "EST5EDT,M3.2.0", "EST5X", "EST5EDT,M3.2.0,M11.1.0x", "EST999",
        ])
    func noRules(_ text: String) {
        #expect(TimeZoneRules(name: "a zone", rule: text) == nil)
    }

    // MARK: Compiled zones

    /// A TZif file of version 2 with these changes.
    private func file(_ changes: [(at: Int64, type: Int)], _ offsets: [Int], footer: String) -> [UInt8] {
        func big(_ number: Int64, _ count: Int) -> [UInt8] {
            (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * Int64($0))) }
        }
        func header(_ times: Int, _ types: Int, _ characters: Int) -> [UInt8] {
            Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15)
                + [0, 0, 0, times, types, characters].flatMap { big(Int64($0), 4) }
        }
        var bytes = header(0, 1, 1) + [0, 0, 0, 0, 0, 0, 0]
        bytes += header(changes.count, offsets.count, 1)
        bytes += changes.flatMap { big($0.at, 8) } + changes.map { UInt8($0.type) }
        bytes += offsets.flatMap { big(Int64($0), 4) + [0, 0] } + [0]
        return bytes + Array("\n\(footer)\n".utf8)
    }

    @Test("a zone that was changed by decree, and then follows a rule")
    func compiled() throws {
        // To +1 in 2001, to +2 for good in 2010; the last two changes only repeat the rule.
        let bytes = file(
            [(978_307_200, 1), (1_262_304_000, 2), (1_269_738_000, 3), (1_288_486_800, 2)], [0, 3600, 3600, 7200],
            footer: "CET-1CEST,M3.5.0,M10.5.0/3")
        let zone = try #require(TimeZoneRules(name: "z", tzif: bytes))
        #expect(zone.offset(at: 900_000_000) == 0)
        #expect(zone.offset(at: 1_000_000_000) == 3600)
        #expect(zone.offset(at: 1_280_000_000) == 7200)
        #expect(zone.offset(at: 1_780_000_000) == 7200)
        #expect(zone.offset(at: 1_770_000_000) == 3600)
        #expect(zone.changes.count < 4)
        let back = try JSONDecoder().decode(TimeZoneRules.self, from: JSONEncoder().encode(zone))
        #expect(back == zone)
    }

    @Test("what is cut off or is no such file is refused, at every length")
    func broken() {
        let bytes = file([(978_307_200, 1)], [0, 3600], footer: "CET-1")
        #expect(TimeZoneRules(name: "z", tzif: bytes) != nil)
        for length in bytes.indices { #expect(TimeZoneRules(name: "z", tzif: Array(bytes[..<length])) == nil) }
        for index in bytes.indices {
            var changed = bytes
            changed[index] = 0xFF
            _ = TimeZoneRules(name: "z", tzif: changed)  // whatever it says, it does not crash
        }
    }

    @Test(
        "zones of this machine say what its own calendar says",
        arguments: [
            "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "America/Sao_Paulo",
            "Africa/Casablanca", "Pacific/Apia", "America/Nuuk", "UTC",
        ])
    func machine(_ name: String) throws {
        let zone = try #require(Zones.ofThisMachine(name))
        let known = try #require(TimeZone(identifier: name))
        var different: [Int64] = []
        // Every five hours from 2000 to 2022; what is later, another edition of the database may say otherwise.
        for second in stride(from: Int64(946_684_800), to: 1_672_531_200, by: 18_000) {
            let date = Date(timeIntervalSince1970: Double(second))
            if zone.offset(at: second) != known.secondsFromGMT(for: date) { different.append(second) }
        }
        #expect(different.isEmpty, "\(different.prefix(3)) and \(different.count) in all")
        #expect(zone.changes.count < 200)
    }
}

import Testing
import WeirCore

@Suite("Five cron fields")
struct RecurrenceSpecs {
    struct Row: CustomTestStringConvertible {
        var fields: String
        var after: String
        var next: String?
        var note: String

        var testDescription: String { note }
    }

    @Test(arguments: [
        Row(fields: "*/15 * * * *", after: "2026-03-01T12:07:30Z", next: "2026-03-01T12:15:00Z", note: "steps"),
        Row(fields: "5/20 * * * *", after: "2026-03-01T12:26:00Z", next: "2026-03-01T12:45:00Z", note: "from 5 on"),
        Row(
            fields: "0 8-18/2 * * *", after: "2026-03-01T18:00:00Z", next: "2026-03-02T08:00:00Z",
            note: "a range in steps"),
        Row(fields: "0 9,17 * * *", after: "2026-03-01T09:00:00Z", next: "2026-03-01T17:00:00Z", note: "a list"),
        Row(fields: "0 8 * * mon-FRI", after: "2026-02-27T08:00:00Z", next: "2026-03-02T08:00:00Z", note: "names"),
        Row(fields: "0 8 * * fri-sun", after: "2026-03-02T00:00:00Z", next: "2026-03-06T08:00:00Z", note: "to Sunday"),
        Row(fields: "0 3 * * 7", after: "2026-03-02T00:00:00Z", next: "2026-03-08T03:00:00Z", note: "7 is Sunday"),
        Row(fields: "0 3 * * 5-7", after: "2026-03-07T03:00:00Z", next: "2026-03-08T03:00:00Z", note: "a range to 7"),
        Row(fields: "0 0 1 jan,jun *", after: "2026-01-01T00:00:00Z", next: "2026-06-01T00:00:00Z", note: "months"),
        Row(
            fields: "0 0 13 * 5", after: "2026-03-01T00:00:00Z", next: "2026-03-06T00:00:00Z",
            note: "both days restricted: a Friday will do"),
        Row(
            fields: "0 0 13 * 5", after: "2026-04-10T00:00:00Z", next: "2026-04-13T00:00:00Z",
            note: "or a thirteenth"),
        Row(
            fields: "0 0 */2 * 1", after: "2026-03-01T00:00:00Z", next: "2026-03-09T00:00:00Z",
            note: "a field that begins with a star restricts nothing: an odd day that is a Monday"),
        Row(fields: "0 0 29 2 *", after: "2026-03-01T00:00:00Z", next: "2028-02-29T00:00:00Z", note: "a leap day"),
        Row(
            fields: "0 0 29 2 *", after: "2096-03-01T00:00:00Z", next: "2104-02-29T00:00:00Z",
            note: "no leap day in 2100"),
        Row(
            fields: "59 23 31 12 *", after: "2026-12-31T23:59:00Z", next: "2027-12-31T23:59:00Z",
            note: "the last minute"),
        Row(fields: "0 0 31 2 *", after: "2026-03-01T00:00:00Z", next: nil, note: "never"),
        Row(fields: "0 0 31 4,6,9,11 *", after: "2026-03-01T00:00:00Z", next: nil, note: "never either"),
        Row(
            fields: "0 0 31 2 1", after: "2026-03-01T00:00:00Z", next: "2027-02-01T00:00:00Z",
            note: "but on Mondays of February"),
    ])
    func next(_ row: Row) throws {
        let action = ScheduledAction(name: "a", recurrence: try .parse(row.fields), minSize: 1)
        #expect(action.next(after: try #require(Instant(rfc3339: row.after)))?.rfc3339 == row.next)
    }

    @Test(
        "looking back finds what looking forward found",
        arguments: ["*/7 3-5 * * *", "0 8 * * 1-5", "30 1 1 * 0", "0 0 29 2 *"])
    func bothWays(_ fields: String) throws {
        let zone = try #require(TimeZoneRules(name: "New York", rule: "EST5EDT,M3.2.0,M11.1.0"))
        let action = ScheduledAction(name: "a", recurrence: try .parse(fields), timeZone: zone, minSize: 1)
        var now = try #require(Instant(rfc3339: "2027-10-20T00:00:00Z"))
        for _ in 0..<400 {
            let next = try #require(action.next(after: now))
            #expect(action.lastDue(after: now, through: next) == next)
            #expect(action.lastDue(after: now, through: next - .seconds(1)) == nil)
            #expect(action.lastDue(after: now - .seconds(3600), through: next + .seconds(30)) == next)
            #expect(action.next(after: now, through: next - .milliseconds(1)) == nil)
            #expect(action.next(after: now, through: next) == next)
            now = next
        }
    }

    @Test(
        "a mistake says where and what would be right",
        arguments: [
            ("0 8 * *", 0, "it has 4 fields"), ("60 * * * *", 0, "the minute is '60'"),
            ("0 24 * * *", 2, "the hour is '24'"), ("0 0 0 * *", 4, "the day of month is '0'"),
            ("0 0 * 13 *", 6, "the month is '13'"), ("0 0 * * 8", 8, "the day of week is '8'"),
            ("0 0 * * mon,tues", 12, "the day of week is 'tues'"),
            ("0 9-17,20-18 * * *", 7, "the hour goes from 20 to 18"),
            ("*/0 * * * *", 2, "the step of the minute is '0'"), ("0 0 ? * *", 4, "the day of month is '?'"),
            ("@daily", 0, "it has 1 field"), ("1-2-3 * * * *", 0, "the minute is '1-2-3'"),
            ("1,,2 * * * *", 2, "the minute is ''"),
            ("-1 * * * *", 0, "the minute is ''"), ("0 0 L * *", 4, "the day of month is 'L'"),
        ])
    func mistakes(_ fields: String, _ offset: Int, _ message: String) {
        do {
            _ = try Recurrence.parse(fields)
            Issue.record("\(fields) was taken")
        } catch {
            #expect(error.offset == offset)
            #expect(error.message == message)
            #expect(!error.expected.isEmpty)
        }
    }

    @Test("it runs at its start, then by its recurrence, and not after its end")
    func startAndEnd() throws {
        let action = ScheduledAction(
            name: "a", startTime: .at(600), endTime: .at(3 * 86_400), recurrence: try .parse("0 8 * * *"), minSize: 1)
        var times: [String] = []
        var now = noon
        while let next = action.next(after: now) {
            times.append(next.rfc3339)
            now = next
        }
        #expect(
            times == [
                "2026-03-01T12:10:00Z", "2026-03-02T08:00:00Z", "2026-03-03T08:00:00Z", "2026-03-04T08:00:00Z",
            ])
        #expect(action.lastDue(after: .at(-86_400), through: noon) == nil)
        #expect(action.lastDue(after: .at(-86_400), through: .at(700)) == .at(600))
        #expect(action.lastDue(after: noon, through: .at(99 * 86_400))?.rfc3339 == "2026-03-04T08:00:00Z")
    }

    @Test("once means once")
    func once() {
        let action = ScheduledAction(name: "a", startTime: .at(600), minSize: 1)
        #expect(action.next(after: noon) == .at(600))
        #expect(action.next(after: .at(600)) == nil)
        #expect(action.lastDue(after: noon, through: .at(600)) == .at(600))
        #expect(action.lastDue(after: .at(600), through: .at(900)) == nil)
    }
}

import Testing
import WeirCore

@testable import WeirRuntime

@Suite("When a group measures and ticks")
struct TimetableSpecs {
    static let start = Instant(milliseconds: 1_700_000_000_000)

    private func at(_ seconds: Double) -> Instant { Self.start + .milliseconds(Int64(seconds * 1000)) }

    /// Measured and ticked at the start; next due after ten seconds.
    private func table() -> Timetable {
        var table = Timetable(at: Self.start)
        table.knowsTheFleet = true
        table.beginsMeasuring(at: Self.start)
        table.hasMeasured(at: Self.start)
        tick(&table, at: 0, next: 10)
        return table
    }

    private func tick(_ table: inout Timetable, at seconds: Double, next: Double, measurement: Double? = nil) {
        let state = GroupState(seed: 1, createdAt: Self.start, desiredCapacity: 0)
        table.ticked(
            at: at(seconds),
            Evaluation(
                state: state, decision: Decision(previousDesired: 0, desired: 0, reasons: []), nextTick: at(next),
                nextMeasurement: at(measurement ?? 10)))
    }

    @Test("a measurement brings a tick of its own: there is none beside it")
    func oneTickABeat() {
        let table = table()
        #expect(table.tickDue == nil)
        #expect(table.measurementDue(groupIsEmpty: true) == at(10))
    }

    @Test("what happened in the queue is measured soon, however many ticks come before")
    func wakeOutlivesTicks() {
        var table = table()
        table.wake()
        #expect(table.measurementDue(groupIsEmpty: true) == at(0.02))
        #expect(table.measurementDue(groupIsEmpty: false) == at(1))
        tick(&table, at: 0.5, next: 10)
        #expect(table.measurementDue(groupIsEmpty: false) == at(1))
        table.beginsMeasuring(at: at(1))
        table.hasMeasured(at: at(1))
        #expect(table.measurementDue(groupIsEmpty: false) == at(10))
    }

    @Test("what happens while the source is being asked is measured afterwards")
    func wakeWhileMeasuring() {
        var table = table()
        table.beginsMeasuring(at: at(10))
        table.wake()
        table.hasMeasured(at: at(11))
        tick(&table, at: 11, next: 20, measurement: 20)
        #expect(table.measurementDue(groupIsEmpty: false) == at(12))
    }

    @Test("another source is asked at once, also when a tick that began before it came ends after")
    func anotherSource() {
        var table = table()
        table.measureAnother(at: at(3))
        tick(&table, at: 4, next: 14, measurement: 10)
        #expect(table.measurementDue(groupIsEmpty: false) == at(4))
        #expect(table.nextLook(after: at(4), groupIsEmpty: false) == at(4))
        table.beginsMeasuring(at: at(4))
        table.hasMeasured(at: at(5))
        tick(&table, at: 5, next: 15, measurement: 14)
        #expect(table.measurementDue(groupIsEmpty: false) == at(14))
    }

    @Test("a source that takes long keeps the group from ticking no longer than a second, and is no reason to spin")
    func slowSource() {
        var table = table()
        table.beginsMeasuring(at: at(10))
        #expect(table.tickDue == at(11))
        #expect(table.nextLook(after: at(10), groupIsEmpty: true) == at(11))
        tick(&table, at: 11, next: 11)
        #expect(table.tickDue == at(12))
        #expect(table.nextLook(after: at(11), groupIsEmpty: true) == at(12))
    }

    @Test("as long as the launcher has not said what is there, nothing spins")
    func unknownFleet() {
        var table = Timetable(at: Self.start)
        table.beginsMeasuring(at: Self.start)
        #expect(table.nextLook(after: Self.start, groupIsEmpty: true) == at(1))
    }

    @Test("a measurement that came before the launcher has said what is there is no reason to spin")
    func measuredBeforeListed() {
        var table = Timetable(at: Self.start)
        table.beginsMeasuring(at: Self.start)
        table.hasMeasured(at: at(1))
        #expect(table.nextLook(after: at(1), groupIsEmpty: true, isMeasured: true) == at(2))
    }

    @Test("after the clock was set back everything is due at once")
    func setBack() {
        var table = table()
        table.look(at: at(5))
        table.look(at: at(-3600))
        #expect(table.measurementDue(groupIsEmpty: true) == at(-3600))
        #expect(table.measuredAt == nil)
    }

    @Test("what could not be stored is tried again at its time, also when nothing else is due")
    func saving() {
        var table = table()
        table.savingDue = at(3)
        #expect(table.nextLook(after: at(2), groupIsEmpty: true) == at(3))
    }
}

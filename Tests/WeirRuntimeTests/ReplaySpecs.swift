import Foundation
import Testing
import WeirCore

@testable import WeirRuntime

@Suite("Deciding recorded ticks again")
struct ReplaySpecs {
    /// A group under load, tick after tick, as the loop records it.
    static func story(ticks: Int = 30, checkpoints: Set<Int> = [1]) -> [Record] {
        let scaling = ScalingPolicy(
            name: "up", alarm: "high",
            kind: .simple(SimpleScaling(adjustmentType: .changeInCapacity, adjustment: 1, cooldown: .seconds(30))))
        let alarm = AlarmDefinition(
            name: "high", metric: .builtIn(.visible), statistic: .maximum, period: .seconds(10),
            comparison: .greaterThan, threshold: 10)
        let policy = GroupPolicy(
            name: "g", minSize: 0, maxSize: 5, metrics: [], alarms: [alarm], scalingPolicies: [scaling])
        var state = GroupState(startingWith: policy, seed: 7, at: Instant(milliseconds: 0))
        return (1...ticks).map { tick in
            let now = Instant(milliseconds: Int64(tick) * 10_000)
            let observation = Observation(
                measurement: Measurement(
                    visible: .value(Double(tick)), inFlight: .value(0), delayed: .value(0), oldestAge: .value(1)),
                listing: .instances(state.fleet.map { ListedInstance(id: $0.id, phase: .running) }), held: [],
                restarted: tick == 1)
            let checkpoint =
                checkpoints.contains(tick) ? Record.Checkpoint(policy: policy, state: state) : nil
            let evaluation = evaluate(policy, state, observation, at: now)
            state = evaluation.state
            return Record(
                group: "g", tick: tick, at: now, dryRun: false, checkpoint: checkpoint, observation: observation,
                evaluation: evaluation)
        }
    }

    static func verdicts(_ records: [Record]) -> [Replay.Verdict] {
        var replay = Replay()
        return records.map { replay.take($0).0 }
    }

    @Test("the same code decides the same, after the way to a file and back")
    func same() throws {
        let records = Self.story(checkpoints: [1, 20])
        let read = try records.map { try RecordLine.decode(try RecordLine.encode($0)) }
        #expect(read == records)
        #expect(Self.verdicts(read).allSatisfy { $0 == .same })
        #expect(records.contains { $0.decision.desired > $0.decision.previousDesired })
    }

    @Test("a difference is told by its field, as it was recorded and as it is now")
    func difference() throws {
        var records = Self.story()
        let changed = try #require(records.firstIndex { $0.decision.desired != $0.decision.previousDesired })
        records[changed].decision.desired += 3
        let verdicts = Self.verdicts(records)
        #expect(
            verdicts[changed]
                == .differs([RecordDifference(field: "desired", recorded: "4", now: "1")]))
        #expect(verdicts.enumerated().allSatisfy { $0.offset == changed || $0.element == .same })
    }

    @Test("a checkpoint that is not what the records before it lead to is a difference")
    func checkpoint() {
        var records = Self.story(checkpoints: [1, 20])
        records[19].checkpoint?.state.desiredCapacity += 1
        guard case .differs(let fields) = Self.verdicts(records)[19] else {
            Issue.record("tick 20 is said to be the same")
            return
        }
        #expect(fields.first?.field == "checkpoint.state.desiredCapacity")
    }

    @Test("after a record that is missing nothing is claimed until one says where it starts from")
    func gap() {
        var records = Self.story(checkpoints: [1, 20])
        records.remove(at: 9)
        let verdicts = Self.verdicts(records)
        #expect(verdicts[..<9].allSatisfy { $0 == .same })
        #expect(verdicts[9..<18].allSatisfy { $0 == .unknown })
        #expect(verdicts[18...].allSatisfy { $0 == .same })
    }

    @Test("what a later version remembers or sets on top is filled in, in old records")
    func filling() throws {
        let record = Self.story(ticks: 1)[0]
        var text = String(decoding: try RecordLine.encode(record), as: UTF8.self)
        for field in [#""suspended":[],"#, #""leaving":false,"#, #""lowSamples":"evaluate","#] {
            text = text.replacingOccurrences(of: field, with: "")
        }
        #expect(!text.contains("suspended"))
        #expect(try RecordLine.decode(Data(text.utf8)) == record)
    }

    @Test(
        "records of the demo, of a torture, of a storm and of the version before are decided as they were",
        arguments: ["demo", "torture", "storm", "demo-version-3"])
    func fixtures(name: String) throws {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/records/\(name)", withExtension: "jsonl"))
        let reader = try RecordReader(url.path)
        var replay = Replay()
        var ticks = 0
        while let line = try reader.next() {
            guard case .record(let record) = line else {
                Issue.record("line \(reader.number) is no record: \(line)")
                continue
            }
            ticks += 1
            let verdict = replay.take(record).0
            #expect(verdict == .same, "line \(reader.number); how to renew it: docs/flight-recorder.md")
        }
        #expect(ticks > 100)
    }

    @Test("every field of a record, of what was seen and of a measurement travels")
    func everyField() {
        // Whoever adds a field has to send it in RecordCoding, and then count it here.
        let record = Self.story(ticks: 1)[0]
        func fields(_ value: Any) -> Int { Mirror(reflecting: value).children.count }
        #expect(fields(record) == 14)
        #expect(fields(record.observation) == 8)
        #expect(fields(Measurement.missing(.notTold)) == 8)
        #expect(fields(record.decision) == 3)
        #expect(fields(record.plan) == 1)
        #expect(fields(HeldMessages(instance: InstanceID("i-1"), messages: 1)) == 2)
    }
}

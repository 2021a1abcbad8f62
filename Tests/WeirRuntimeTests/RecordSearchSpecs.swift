import Foundation
import Testing
import WeirCore

@testable import WeirRuntime

@Suite("Finding a moment in records")
struct RecordSearchSpecs {
    let temporary: TemporaryFolder

    init() throws {
        temporary = try TemporaryFolder()
    }

    private func search(_ records: [Record], damagedAfter damaged: Int? = nil) throws -> RecordSearch {
        var content = Data()
        for (number, record) in records.enumerated() {
            content += try RecordLine.encode(record)
            if number + 1 == damaged { content += Data("{rubbish\n".utf8) }
        }
        let path = temporary.path + "/g.00000001.jsonl"
        try content.write(to: URL(filePath: path))
        return RecordSearch(files: [path], group: "g")
    }

    private static func second(_ second: Int) -> Instant { Instant(milliseconds: Int64(second) * 1000) }

    /// A tick each ten seconds, each of which says where it starts from.
    private static let story = ReplaySpecs.story(checkpoints: Set(1...30))

    @Test("between two ticks as they were due, and shortly after the last, all is known")
    func known() throws {
        let search = try search(Self.story)
        for second in [200, 205, 209, 301, 312] {
            #expect(try search.tick(upTo: Self.second(second)).silence == nil, "\(second)")
        }
    }

    @Test("records that were lost, a line that cannot be read, and a weir that did not run are told")
    func silence() throws {
        let due = try #require(Self.story[19].next?.tick)
        let lost = Self.story[..<20] + Self.story[25...]
        #expect(
            try search(Array(lost)).tick(upTo: Self.second(225)).silence
                == .init(from: Self.second(200), until: Self.second(260), due: due))
        #expect(try search(Array(lost)).tick(upTo: Self.second(265)).silence == nil)
        #expect(
            try search(Self.story, damagedAfter: 20).tick(upTo: Self.second(205)).silence
                == .init(from: Self.second(200), until: Self.second(210), due: nil))
        var restarted = Array(lost)
        for index in 20..<restarted.count { restarted[index].tick = index - 19 }
        #expect(
            try search(restarted).tick(upTo: Self.second(225)).silence
                == .init(from: Self.second(200), until: Self.second(260), due: due))
        #expect(
            try search(Self.story).tick(upTo: Self.second(4000)).silence
                == .init(from: Self.second(300), until: nil, due: Self.story[29].next?.tick))
    }

    @Test("a change that the records between do not lead from is not told as the last")
    func lastChange() throws {
        let changes = Self.story.indices.filter {
            Self.story[$0].decision.desired != Self.story[$0].decision.previousDesired
        }
        let (first, second) = (changes[0], changes[1])
        let after = Self.story[second + 1].at
        #expect(try search(Self.story).tick(upTo: after).lastChange?.at == Self.story[second].at)
        let lost = Self.story[...first] + Self.story[(second + 1)...]
        #expect(try search(Array(lost)).tick(upTo: after).lastChange == nil)
    }

    @Test("a group that has left is told as one, though nothing was measured any more")
    func leaving() throws {
        var replay = Replay()
        var last: DecidedTick?
        for record in Self.story { last = replay.take(record).1 }
        let former = try #require(last)
        let (policy, state) = (former.policy.retired(), former.evaluation.state)
        let observation = Observation()
        let record = Record(
            group: "g", tick: 31, at: Self.second(310), dryRun: false,
            checkpoint: Record.Checkpoint(policy: policy, state: state), observation: observation,
            evaluation: evaluate(policy, state, observation, at: Self.second(310)))
        let found = try search(Self.story + [record]).tick(upTo: Self.second(311))
        #expect(found.record.at == Self.second(310) && found.tick.policy.leaving)
        #expect(Explanation(found.tick, lastChange: nil).leaves)
    }

    @Test("records of another version are named with their line")
    func version() throws {
        let path = temporary.path + "/g.00000001.jsonl"
        try Data("{\"version\":99}\n".utf8).write(to: URL(filePath: path))
        let search = RecordSearch(files: [path], group: "g")
        #expect(
            throws: RecordSearch.Failure.damaged(
                path: path, line: 1, problem: "version: version 99; this weir reads 3 to 4")
        ) {
            try search.tick(upTo: Self.second(1))
        }
    }
}

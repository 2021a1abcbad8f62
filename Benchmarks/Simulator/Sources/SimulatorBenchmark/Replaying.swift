import FoundationEssentials
import WeirCore
import WeirRuntime
import WeirSimulator

/// The first records of a simulated group, read from their lines and decided again as `weir replay` does.
struct Replaying {
    private let count: Int

    init(_ count: Int) {
        self.count = count
    }

    func run() throws {
        var model = SimulationModel()
        model.startup = .constant(30)
        var simulation = Simulation(
            Policies.steps, model, MinuteCounts.month, beginsAt: Instant(milliseconds: 1_767_571_200_000))
        var lines: [Data] = []
        let most = count
        simulation.onRecord = { record in
            if lines.count < most, let line = try? RecordLine.encode(record) { lines.append(line) }
        }
        try simulation.run()
        let before = Processor.seconds
        var replay = Replay()
        var alike = 0
        for line in lines {
            if case .same = replay.take(try RecordLine.decode(line)).0 { alike += 1 }
        }
        let seconds = Processor.seconds - before
        print("{\"records\":\(lines.count),\"alike\":\(alike),\"seconds\":\(seconds)}")
    }
}

import WeirCore
import WeirSimulator

/// One policy on one load.
struct PolicyRun: Sendable {
    let path: String
    let group: GroupPolicy
    let model: SimulationModel
    let load: CollectedLoad

    /// How it went.
    struct Outcome: Sendable {
        let path: String
        let report: SimulationReport
        let waits: WaitStatistics
        /// Nil unless somebody wants a picture.
        let course: Course?
    }

    /// What happened over time.
    struct Course: Sendable {
        let pieces: Buckets<TimelinePiece>
        let endNs: Int64
    }

    /// - Parameter tell: is told again and again how far it is.
    /// - Returns: nil when somebody had enough of it.
    func outcome(drawn: Bool, _ tell: ((SimulationProgress) -> Void)? = nil) -> Outcome? {
        let timeline = drawn ? Timeline(of: group) : nil
        var simulation = Simulation(group, model, load.source, beginsAt: load.origin, timeline: timeline)
        simulation.goesOn = { progress in
            tell?(progress)
            return !Interrupt.wasHeard
        }
        // Jobs from memory have no mistakes.
        guard (try? simulation.run()) != nil, !simulation.wasInterrupted else { return nil }
        return Outcome(
            path: path, report: simulation.report(trace: load.name), waits: simulation.waits,
            course: timeline.map { Course(pieces: $0.pieces, endNs: $0.endNs) })
    }
}

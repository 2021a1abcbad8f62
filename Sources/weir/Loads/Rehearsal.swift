import Glibc
import WeirCore
import WeirPolicy
import WeirSimulator

/// A group, and the world around it.
struct RehearsedGroup {
    var file: PolicyFile
    var model: SimulationModel
}

/// What is simulated in one go: a group with a load, or several groups under one limit.
struct Rehearsal {
    struct Part {
        var group: RehearsedGroup
        var load: LoadOptions.Load
        /// Somebody named it.
        var hasLoad = true
    }

    var parts: [Part]

    init(_ parts: [Part]) {
        self.parts = parts
    }

    /// The limit that its groups share.
    var fleet: String? { parts.first?.group.file.group.fleet?.name }

    /// - Parameters:
    ///   - isNamed: pictures say in their names of which group they are.
    ///   - limits: all that there are.
    func run(
        plots: PlotOptions, isNamed: Bool, limits: [FleetLimit], writer: RecordWriter?, seed: UInt64
    ) throws -> RehearsalOutcome {
        let files = try parts.map { try plots.open(for: isNamed ? $0.group.file.group.name : nil) }
        let began = ContinuousClock.now
        let jobs = try parts.map { try $0.load.jobs(seed) }
        let beginsAt = jobs.compactMap(\.beginsAt).min()
        let origin = Instant(milliseconds: beginsAt ?? GeneratedLoad.monday)
        let models = parts.map { part in
            var model = part.group.model
            if let startup = part.load.startup { model.startup = startup }
            return model
        }
        let shifted = try together(jobs, beginsAt: origin)
        let groups = parts.indices.map { index in
            let policy = parts[index].group.file.group
            var simulation = Simulation(
                policy, models[index], shifted[index], beginsAt: origin,
                timeline: plots.isWanted ? Timeline(of: policy) : nil)
            simulation.onRecord = writer.map { writer in { writer.write($0) } }
            return SimulatedGroup(simulation)
        }
        let world = SimulatedWorld(groups, limits: limits.filter { $0.name == fleet })
        try run(world)
        let took = ContinuousClock.now - began
        let told = try parts.indices.map { index in
            for remark in jobs[index].remarks { Terminal.error("weir: note: \(parts[index].load.name): \(remark)") }
            let report = groups[index].report(trace: parts[index].load.name)
            if report.jobs == 0, parts[index].hasLoad, !report.wasInterrupted {
                Terminal.error("weir: warning: \(parts[index].load.name): no job comes in this load")
            }
            if let timeline = groups[index].timeline {
                try files[index].write(
                    SimulationFigure(
                        timeline: timeline, report: report, waits: groups[index].waits,
                        concurrency: parts[index].group.file.group.concurrency,
                        policyPath: parts[index].group.file.path, origin: origin, knowsCalendar: beginsAt != nil
                    ).page(facts: SimulationText.rows(report, models[index])))
            }
            return RehearsalOutcome.Group(report: report, model: models[index], took: took)
        }
        return RehearsalOutcome(groups: told, limits: world.limits.limits, peaks: world.limits.peaks, took: took)
    }

    /// All loads on one clock.
    private func together(_ jobs: [any JobSource], beginsAt origin: Instant) throws(Failure) -> [ShiftedJobs] {
        do throws(TraceFailure) {
            var shifted: [ShiftedJobs] = []
            for (part, jobs) in zip(parts, jobs) {
                shifted.append(try ShiftedJobs(jobs, beginsAt: origin.milliseconds, name: part.load.name))
            }
            return shifted
        } catch {
            throw .load(error)
        }
    }

    private func run(_ world: SimulatedWorld) throws(Failure) {
        let watch = SimulationWatch()
        world.goesOn = watch.goesOn
        do throws(TraceFailure) {
            defer { watch.clear() }
            try world.run()
        } catch {
            throw .load(error)
        }
    }
}

/// What came of one.
struct RehearsalOutcome {
    struct Group {
        var report: SimulationReport
        var model: SimulationModel
        var took: Duration
    }

    var groups: [Group]
    var limits: [FleetLimit]
    /// The most that each limit's instances took at a time. Unit: units.
    var peaks: [Int]
    var took: Duration
}

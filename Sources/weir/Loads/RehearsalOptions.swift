import ArgumentParser
import WeirCore
import WeirPolicy
import WeirSimulator

/// One group that is rehearsed, and the limit that it is under.
struct RehearsedPolicy {
    var file: PolicyFile
    var limit: FleetLimit?
}

/// What every rehearsal is told: the load, and the world around the decisions.
struct RehearsalOptions: ParsableArguments {
    @OptionGroup var load: LoadOptions

    @OptionGroup var recorded: RecordedLoadOptions

    @OptionGroup var world: WorldOptions

    @Option(help: "Everything that chance decides follows from it.")
    var seed: UInt64 = 1

    func validate() throws {
        if load.trace.isEmpty, load.generate.isEmpty, recorded.fromRecords == nil {
            throw ValidationError(
                "name the load: --trace FILE, --generate 'poisson rate=2/s for=24h', or --from-records RECORDS")
        }
    }

    /// The policy of one group, and the limit that it is under.
    func policy(_ path: String) throws(Failure) -> RehearsedPolicy {
        let (file, read) = try PolicyLoading.read(oneGroupAt: path, toBe: "simulated")
        let limit = read.fleets.first { $0.limit.name == file.group.fleet?.name }?.limit
        if let limit {
            Terminal.error(
                "weir: note: '\(file.group.name)' has fleet '\(limit.name)' to itself here: groups that share it are "
                    + "simulated together by weir simulate")
        }
        return RehearsedPolicy(file: file, limit: limit)
    }

    /// In the order in which they are simulated.
    /// - Parameter file: of the group whose records are meant where there are those of several.
    func loads(of file: PolicyFile) throws -> [LoadOptions.Load] {
        var loads = try load.loads(of: [file.group.name])[0]
        if recorded.fromRecords != nil { loads.append(try recordedLoad(of: file)) }
        return loads
    }

    /// The world of a policy, with what the load says of it.
    /// - Parameter limit: that it is under, and has to itself.
    func model(
        of file: PolicyFile, under limit: FleetLimit? = nil, startup: SpanModel?
    ) throws(Failure) -> SimulationModel {
        var model = try world.model(of: file, seed: seed)
        model.fleetLimit = limit
        if let startup { model.startup = startup }
        return model
    }

    /// What was recorded; and what it says of jobs and instances, where nothing else was said.
    func recordedLoad(of file: PolicyFile) throws(Failure) -> LoadOptions.Load {
        let recording = try recorded.load(of: file.group.name)
        guard let service = load.serviceTime ?? recording.meanService.map({ .constant($0) }) else {
            throw .mistake(
                "the records of '\(file.group.name)' do not say how long a job takes, as the source does not count what is "
                    + "completed: name it with --service-time, such as 20s")
        }
        if case .constant(let seconds) = service, !(seconds > 0) {
            throw .mistake(
                "by the records of '\(file.group.name)' a job takes no time: name it with --service-time, such as 20s")
        }
        let startup = world.startupTime == nil ? recording.meanStartup.map { SpanModel.constant($0) } : nil
        let model = try model(of: file, startup: startup)
        recorded.tell(recording, service, model.startup)
        return LoadOptions.Load(name: recorded.fromRecords ?? "", startup: startup, writtenTo: load.writeTrace) {
            seed throws(TraceFailure) in recording.jobs(service, seed: seed)
        }
    }

    /// Whatever is written is written over none of what is read.
    /// - Parameters:
    ///   - policies: that may not be lost.
    ///   - written: with the options that name them.
    func checkFiles(policies: [String], written: [(option: String, path: String?)]) throws(Failure) {
        var files = NamedFiles()
        files.reads("", policies)
        for trace in load.trace {
            // With its group in front, or not.
            files.reads("--trace", [trace] + trace.split(separator: "=", maxSplits: 1).dropFirst().map(String.init))
        }
        if let records = recorded.fromRecords { files.reads("--from-records", try RecordFiles.named([records])) }
        files.reads("", load.lengths)
        files.writes("--write-trace", load.writeTrace)
        for (option, path) in written { files.writes(option, path) }
        try files.check()
    }
}

import ArgumentParser
import FoundationEssentials
import WeirCore
import WeirRuntime
import WeirSimulator

/// Which records say what the load is.
struct RecordedLoadOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The load: what came by these records of a group, a file or a folder of them.", valueName: "RECORDS"))
    var fromRecords: String?

    /// - Parameter group: whose records are meant where there are those of several.
    func load(of group: String) throws(Failure) -> RecordedLoad {
        let path = fromRecords ?? ""
        var loads: [(group: String, load: RecordedLoad)] = []
        for file in try RecordFiles.named([path]) {
            do throws(StateFailure) {
                try read(file, into: &loads)
            } catch {
                throw .world(error.message)
            }
        }
        guard let chosen = loads.first(where: { $0.group == group }) ?? (loads.count == 1 ? loads.first : nil) else {
            if loads.isEmpty { throw .mistake("there are no records in \(path)") }
            throw .mistake(
                "\(path) has records of \(loads.map(\.group).joined(separator: ", ")), and none of '\(group)': "
                    + "name the files of one group")
        }
        guard !chosen.load.isTooLong else {
            throw .mistake(
                "the records of '\(chosen.group)' in \(path) lie more than a hundred years apart: leave out the files in "
                    + "which the clock was wrong")
        }
        guard !chosen.load.hasTooMany else {
            throw .mistake(
                "the records of '\(chosen.group)' in \(path) tell of more messages than a load may have: leave out the files in "
                    + "which the source was wrong")
        }
        guard chosen.load.arrivals > 0 else {
            throw .mistake("by the records of '\(chosen.group)' in \(path) no message came")
        }
        return chosen.load
    }

    private func read(
        _ file: String, into loads: inout [(group: String, load: RecordedLoad)]
    ) throws(StateFailure) {
        let reader = try RecordReader(file)
        var damaged = 0
        defer {
            if damaged > Self.mostTold {
                Terminal.error("weir: \(file): \(damaged - Self.mostTold) more lines were passed over")
            }
        }
        while let line = try reader.next() {
            switch line {
            case .record(let record):
                let known = loads.firstIndex { $0.group == record.group }
                if known == nil { loads.append((record.group, RecordedLoad())) }
                loads[known ?? loads.count - 1].load.take(record)
            case .damaged(let damage):
                damaged += 1
                guard damaged <= Self.mostTold else { continue }
                Terminal.error("weir: \(file):\(reader.number): passed over: \(damage)")
            case .torn: break
            }
        }
    }

    /// Lines of a file that cannot be read; the others are only counted.
    private static let mostTold = 5

    /// What was made of them, on stderr.
    func tell(_ load: RecordedLoad, _ service: SpanModel, _ startup: SpanModel) {
        let span = load.beginsAt.flatMap { begin in load.endsAt.map { ($0 - begin).inWords } } ?? "0 s"
        var text = "weir: \(counted(load.arrivals, "message")) in \(span) of records"
        if load.guessed > 0 {
            text += ", \(load.guessed) of them guessed by the growth of the backlog, as the source did not count them"
        }
        text += "; a job takes \(numberText(service.mean)) s, an instance starts in \(numberText(startup.mean)) s"
        Terminal.error(text)
    }
}

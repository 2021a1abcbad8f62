import ArgumentParser
import Glibc
import WeirCore
import WeirRuntime

struct ReplayVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Decides every recorded tick again, and reports any difference.",
        discussion: """
            Named are files of records, or folders: a state folder, or one of files of records. A record says all that was seen \
            and decided; it is decided again by the code that runs groups, and every figure has to be the same.

            Example:
              weir replay ~/.local/state/weir

            Exit status: 0 when all is decided the same, 1 when anything is decided otherwise or cannot be read, when records are \
            missing between others, or when no tick can be decided again, 2 when there are no records.
            """)

    @Argument(help: ArgumentHelp("Files of records, and folders of them.", valueName: "RECORDS"))
    var paths: [String]

    @Option(help: "So many ticks that differ are printed; the others are counted.")
    var most = 10

    @OptionGroup var format: FormatOption

    func validate() throws {
        if most < 0 { throw ValidationError("--most takes a number from 0, not \(most)") }
    }

    func run() throws {
        var report = ReplayReport(most: most)
        let began = ContinuousClock.now
        let files = try RecordFiles.named(paths)
        try replay(files, into: &report)
        report.files = files.count
        report.took = ContinuousClock.now - began
        if report.ticks == 0 {
            let first = report.damaged.first.map { "; \($0.file):\($0.line): \($0.problem)" } ?? ""
            throw Failure.mistake("there are no records in \(paths.joined(separator: ", "))\(first)")
        }
        switch format.format {
        case .text: Terminal.out(ReplayText.text(report))
        case .json: Terminal.out(try json(ReplayJSON(report)))
        }
        if !report.isAllTheSame { throw Failure(kind: .world, text: "") }
    }
}

extension ReplayVerb {
    private func replay(_ files: [String], into report: inout ReplayReport) throws(Failure) {
        let watch = ReplayWatch(files)
        defer { watch.clear() }
        for (place, file) in files.enumerated() {
            do throws(StateFailure) {
                try report.replay(file) { watch.tell(ticks: $0, bytes: $1, ofFile: place) }
            } catch {
                throw .world(error.message)
            }
        }
    }
}

/// Where records are.
enum RecordFiles {
    /// Files as they were named; of folders those that are in them, oldest first.
    static func named(_ paths: [String]) throws(Failure) -> [String] {
        var files: [String] = []
        for path in paths {
            guard let kind = FileKind(path) else { throw .mistake("\(path): there is no such file or folder") }
            switch kind {
            case .file: files.append(path)
            case .folder:
                let inside = FileKind(path + "/records") == .folder ? path + "/records" : path
                let segments = RecordSegment.all(in: inside)
                if segments.isEmpty { throw .mistake("\(inside): there are no files of records in this folder") }
                files += segments.map(\.path)
            }
        }
        return files
    }
}

/// What is at a path.
enum FileKind {
    case file, folder

    /// Nil when nothing is there.
    init?(_ path: String) {
        var entry = stat()
        guard stat(path, &entry) == 0 else { return nil }
        self = entry.st_mode & S_IFMT == S_IFDIR ? .folder : .file
    }
}

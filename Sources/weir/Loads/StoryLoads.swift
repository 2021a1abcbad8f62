import ArgumentParser
import WeirPolicy
import WeirSimulator

/// Opens what a story file names as its load, in the words of `weir simulate`.
enum StoryLoads {
    /// - Parameter path: of the story file; a trace is beside it.
    /// - Throws: with the place in the story file.
    static func open(_ load: StoryLoad, of path: String) throws(TraceFailure) -> any JobSource {
        do {
            let service = try load.serviceTime.map { try SpanText($0).model }
            if let trace = load.trace {
                let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
                let beside = trace.hasPrefix("/") || folder.isEmpty ? "" : folder.joined(separator: "/") + "/"
                return try LoadOptions.open(beside + trace, service: service, load.seed)
            }
            let parts = try load.generate.map { try GeneratorText($0).part }
            return try GeneratedLoad(parts, service: service, seed: load.seed, name: "the load")
        } catch let error as ValidationError {
            throw TraceFailure(path: path, line: load.line, problem: error.message)
        } catch let error as TraceFailure {
            throw TraceFailure(path: path, line: load.line, problem: "\(error)")
        } catch {
            throw TraceFailure(path: path, line: load.line, problem: "\(error)")
        }
    }
}

import Foundation
import Testing
import WeirCore
import WeirPolicy
import WeirRuntime

@testable import WeirBackends

/// A program that prints what is in a file.
private struct CommandSubject: QueueSourceSubject {
    let folder: TemporaryFolder

    init() async throws {
        folder = try TemporaryFolder()
        try await fill(visible: 0, inFlight: 0, delayed: 0)
    }

    private func source(_ line: String, _ timeLimit: Duration) -> CommandSource {
        let options = Options(values: [
            .init(name: "shell", value: .text(line)), .init(name: "time_limit", value: .duration(timeLimit)),
        ])
        return CommandSource(
            options: CommandOptions(options), environment: ["PATH": "/usr/bin:/bin", "FOLDER": folder.path])
    }

    func source() async throws -> any QueueSource { source(#"cat "$FOLDER/depth""#, .seconds(20)) }

    func unreachableSource() async throws -> any QueueSource { source(#"cat "$FOLDER/nothing""#, .seconds(20)) }

    func silentSource(timeLimit: Duration) async throws -> (any QueueSource)? {
        source("exec sleep 600", timeLimit)
    }

    func fill(visible: Int, inFlight: Int, delayed: Int) async throws {
        try #"{"visible": \#(visible), "in_flight": \#(inFlight), "delayed": \#(delayed)}"#
            .write(toFile: "\(folder.path)/depth", atomically: true, encoding: .utf8)
    }
}

@Suite("The command source as a source")
struct CommandContractSpecs {
    @Test("keeps what every source promises", arguments: QueueSourcePromise.allCases)
    func keeps(_ promise: QueueSourcePromise) async throws {
        try await promise.check(CommandSubject())
    }
}

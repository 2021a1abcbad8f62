import Foundation
import Glibc
import Testing

@testable import WeirBackends

/// The engine's own process, to be halted, ended and started again.
struct DockerDaemon {
    private let pidFile: String
    private let arguments: [String]
    private let environment: [String]

    /// The engine keeps its pid beside its socket.
    init() throws {
        let host = try #require(TestEngines.docker, "WEIR_TEST_DOCKER names no engine")
        let socket = try #require(DockerEngine.Address(host)?.unixSocket)
        let folder = URL(filePath: socket).resolvingSymlinksInPath().deletingLastPathComponent().path()
        pidFile = "\(folder)dockerd.pid"
        let pid = try Self.pid(pidFile)
        arguments = try Self.words("/proc/\(pid)/cmdline")
        environment = try Self.words("/proc/\(pid)/environ")
    }

    /// Returns when every thread of it stands still.
    func halt() async throws {
        let pid = try Self.pid(pidFile)
        kill(pid, SIGSTOP)
        #expect(try await eventually { Self.threads(of: pid).allSatisfy { $0 == "T" } })
    }

    func goOn() throws { kill(try Self.pid(pidFile), SIGCONT) }

    func stop() async throws {
        let pid = try Self.pid(pidFile)
        kill(pid, SIGTERM)
        #expect(try await eventually(within: .seconds(60)) { !isAlive(pid) })
    }

    /// Starts it as it was started before, and waits until it answers.
    func start(_ engine: DockerEngine) async throws {
        let program = Program(
            name: try #require(arguments.first), arguments: arguments, environment: environment, descriptors: [])
        _ = try program.start()
        let answers = try await eventually(within: .seconds(60)) {
            (try? await engine.get("/_ping", timeLimit: .seconds(1))) != nil
        }
        #expect(answers)
    }

    private static func pid(_ file: String) throws -> pid_t {
        let bytes = try #require(Files.start(of: file, limit: 32), "there is no \(file)")
        return try #require(
            pid_t(String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    /// What each thread does, in the kernel's letters.
    private static func threads(of pid: pid_t) -> [Character] {
        let folder = "/proc/\(pid)/task"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.compactMap { name in
            guard let stat = Files.start(of: "\(folder)/\(name)/stat", limit: 1024) else { return nil }
            return String(decoding: stat, as: UTF8.self).split(separator: ") ").last?.first
        }
    }

    private static func words(_ file: String) throws -> [String] {
        let bytes = try #require(Files.start(of: file, limit: 1 << 20))
        return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }
}

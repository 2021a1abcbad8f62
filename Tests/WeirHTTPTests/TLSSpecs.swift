import Foundation
import Glibc
import Testing

@testable import WeirHTTP

private let openssl = "/usr/bin/openssl"

/// Needs a server that speaks TLS; the `openssl` program is one.
@Suite("A certificate", .enabled(if: FileManager.default.isExecutableFile(atPath: openssl)))
struct TLSSpecs {
    @Test("that nobody vouches for is refused, and said to be the cause")
    func selfSigned() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "weir-tls-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let files = ["-key", "\(folder)/key", "-cert", "\(folder)/certificate"]
        let making = try Self.start([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", files[1], "-out", files[3],
        ])
        making.waitUntilExit()
        #expect(making.terminationStatus == 0)

        let port = try Self.freePort()
        let server = try Self.start(["s_server", "-accept", "127.0.0.1:\(port)", "-www"] + files)
        // It may have inherited that SIGTERM is not for it.
        defer { kill(server.processIdentifier, SIGKILL) }
        let client = HTTPClient()
        let request = HTTPRequest("GET", "https://127.0.0.1:\(port)/", timeLimit: .seconds(10))
        var failure: HTTPFailure?
        _ = await eventually {
            failure = await Self.failure(client, request)
            guard case .couldNotConnect? = failure else { return true }
            return false
        }
        guard case .tls(_, let because)? = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(because.contains("certificate"))
        #expect(failure?.retryHelps == false)
    }

    private static func failure(_ client: HTTPClient, _ request: HTTPRequest) async -> HTTPFailure? {
        do throws(HTTPFailure) {
            _ = try await client.send(request)
            return nil
        } catch {
            return error
        }
    }

    private static func start(_ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: openssl)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// Free a moment ago; nobody else listens on ports that the system gave out so recently.
    private static func freePort() throws -> Int {
        let server = try TestServer()
        server.stop()
        return server.port
    }
}

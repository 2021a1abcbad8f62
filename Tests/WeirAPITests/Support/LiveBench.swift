import Foundation
import Logging
import WeirAPI
import WeirQueue
import WeirSignature

/// A bench whose API listens on a free port and on a socket file.
struct LiveBench: Sendable {
    let bench: Bench
    let server: APIServer
    private let folder: URL

    init(mostConnections: Int? = nil) async throws {
        bench = try Bench()
        folder = FileManager.default.temporaryDirectory.appending(path: "weir-api-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        server = try await APIServer.start(
            bench.handler,
            on: [
                Listener(.tcp(host: "127.0.0.1", port: 0), entrance: .public),
                Listener(.unix(path: folder.appending(path: "s").path), entrance: .control),
            ], mostConnections: mostConnections, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    var tcp: ListenAddress { server.addresses[0] }
    var unix: ListenAddress { server.addresses[1] }

    func stop() async {
        await server.stop()
        await bench.queues.close()
        try? FileManager.default.removeItem(at: folder)
    }
}

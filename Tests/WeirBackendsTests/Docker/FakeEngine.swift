import Glibc
import Synchronization
import WeirCore
import WeirHTTP
import WeirPolicy
import WeirRuntime

@testable import WeirBackends

/// An engine on a unix socket, whose answers the test gives.
final class FakeEngine: Sendable {
    struct Answer: Sendable {
        var status: Int
        var body: String

        init(_ status: Int, _ body: String) {
            self.status = status
            self.body = body
        }
    }

    let path = "/tmp/weir-fake-engine-\(getpid())-\(UInt32.random(in: 0...UInt32.max)).sock"
    private let server: TestServer
    private let seen: Seen
    /// One engine for all listers and launchers, as in a weir.
    private let engine: DockerEngine

    private final class Seen: Sendable {
        let lines = Mutex<[String]>([])
        let timesAskedForVersion = Mutex(0)
        let version: Mutex<Answer>

        init(_ version: Answer) {
            self.version = Mutex(version)
        }

        /// What every engine does before it looks at what was asked.
        func refusal(_ line: String) -> Answer? {
            let prefix = line.split(separator: " ")[1].split(separator: "/").first ?? ""
            let told = DockerWire.oldestVersion(Array(version.withLock { $0.body }.utf8))
            guard let spoken = DockerVersion(String(prefix.dropFirst())), let told, spoken < told else { return nil }
            return Answer(
                400,
                #"{"message":"client version \#(spoken) is too old. Minimum supported API version is \#(told), please upgrade your client to a newer version"}"#
            )
        }
    }

    /// - Parameters:
    ///   - version: what it answers when it is asked for its version, which is not among `requests`.
    ///   - answer: for a request such as `GET /containers/json`, without version and query.
    init(
        version: Answer = .init(200, #"{"ApiVersion":"1.41","MinAPIVersion":"1.12"}"#),
        _ answer: @escaping @Sendable (String) -> Answer
    ) throws {
        let seen = Seen(version)
        self.seen = seen
        engine = DockerEngine(address: DockerEngine.Address(unixSocket: path), http: HTTPClient())
        server = try TestServer(.unix(path: path)) { connection in
            while let request = connection.readRequest() {
                let reply: Answer
                if request.line == "GET /version HTTP/1.1" {
                    seen.timesAskedForVersion.withLock { $0 += 1 }
                    reply = seen.version.withLock { $0 }
                } else if let refusal = seen.refusal(request.line) {
                    reply = refusal
                } else {
                    seen.lines.withLock { $0.append(request.line) }
                    reply = answer(Self.short(request.line))
                }
                let body = reply.status == 204 ? "" : reply.body
                connection.write("HTTP/1.1 \(reply.status) X\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            }
        }
    }

    /// The request lines as they came.
    var lines: [String] { seen.lines.withLock { $0 } }
    var requests: [String] { lines.map(Self.short) }
    var timesAskedForVersion: Int { seen.timesAskedForVersion.withLock { $0 } }

    func setVersion(_ version: Answer) { seen.version.withLock { $0 = version } }

    func stop() {
        server.stop()
        unlink(path)
    }

    func lister() -> DockerLister { DockerLister(engine: engine, group: "g", fleet: "f") }

    func launcher(slots: Int = 8) -> DockerLauncher {
        let options = DockerOptions(Options(values: [.init(name: "image", value: .text("w"))]))
        return DockerLauncher(options, engine: engine, group: "g", fleet: "f", slots: Slots(slots))
    }

    private static func short(_ line: String) -> String {
        let words = line.split(separator: " ")
        let path = words.count > 1 ? words[1].prefix { $0 != "?" } : ""
        return "\(words.first ?? "") \(path.dropFirst().drop { $0 != "/" })"
    }
}

/// What the specs of an engine that answers as it is told to have in common: one instance, and its container.
protocol FakeEngineStaging {}

extension FakeEngineStaging {
    var id: InstanceID { InstanceID("i-1") }
    var ours: String { #""Config":{"Labels":{"weir.fleet":"f","weir.group":"g","weir.instance":"i-1"}}"# }
    var order: LaunchOrder { LaunchOrder(instance: id, group: "g") }

    func inspected(_ state: String) -> FakeEngine.Answer {
        .init(200, #"{"Id":"c1","State":{"Status":"\#(state)","ExitCode":3},\#(ours)}"#)
    }
}

import WeirCore
import WeirHTTP
import WeirRuntime

/// Asks an instance how it is over HTTP: any answer from 200 to 399 is healthy.
public struct HTTPHealthChecker: HealthChecker {
    public let interval: Duration
    private let scheme: String
    private let port: Int
    private let path: String
    private let timeLimit: Duration
    private let launcher: any Launcher
    private let http: HTTPClient

    public init(
        scheme: String, port: Int, path: String, every interval: Duration, timeLimit: Duration,
        launcher: any Launcher, http: HTTPClient
    ) {
        self.interval = interval
        self.scheme = scheme
        self.port = port
        self.path = path
        self.timeLimit = timeLimit
        self.launcher = launcher
        self.http = http
    }

    public func check(_ instance: InstanceID) async -> HealthCheckResult {
        let host: String
        do throws(LauncherFailure) {
            host = try await launcher.address(of: instance) ?? "127.0.0.1"
        } catch {
            // Whoever cannot find an instance knows nothing of its health.
            return .starting
        }
        let url = "\(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(port)\(path)"
        let request = HTTPRequest("GET", url, headers: [], body: [], timeLimit: timeLimit, connectLimit: timeLimit)
        do throws(HTTPFailure) {
            let response = try await http.send(request)
            return response.status < 400 ? .healthy : .failed("\(url) answered \(response.status)")
        } catch {
            return .failed("\(url): \(error)")
        }
    }
}

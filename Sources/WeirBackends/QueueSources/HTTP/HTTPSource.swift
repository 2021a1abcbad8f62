import WeirCore
import WeirHTTP
import WeirRuntime

/// Asks an HTTP endpoint for the backlog.
struct HTTPSource: QueueSource {
    private let options: HTTPSourceOptions
    private let http: HTTPClient

    init(_ options: HTTPSourceOptions, http: HTTPClient) {
        self.options = options
        self.http = http
    }

    func measure(at now: Instant) async -> Measurement {
        let request = HTTPRequest(
            options.method, options.url, shownAs: options.shownURL, headers: options.headers,
            timeLimit: options.timeout, maximumResponseBytes: HTTPSourceOptions.maximumAnswerBytes)
        do {
            return HTTPSourceWire.measurement(try await http.send(request), options)
        } catch {
            return .missing(HTTPSourceFailure.noAnswer(error).reason)
        }
    }
}

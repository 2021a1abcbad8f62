import Synchronization
import WeirCore
import WeirHTTP
import WeirRuntime

/// Asks an HTTP endpoint for the backlog.
final class HTTPSource: QueueSource {
    private let options: HTTPSourceOptions
    private let http: HTTPClient
    private let rates = Mutex(CounterRates())

    init(_ options: HTTPSourceOptions, http: HTTPClient) {
        self.options = options
        self.http = http
    }

    var patience: Duration { patience(beyond: options.timeout) }

    func measure(at now: Instant) async -> Measurement {
        let request = HTTPRequest(
            options.method, options.url, shownAs: options.shownURL, headers: options.headers,
            timeLimit: options.timeout, maximumResponseBytes: HTTPSourceOptions.maximumAnswerBytes)
        do {
            let told = HTTPSourceWire.read(try await http.send(request), options)
            return rates.withLock { told.measurement(&$0, at: now) }
        } catch {
            return .missing(HTTPSourceFailure.noAnswer(error).reason)
        }
    }
}

import Synchronization
import WeirCore
import WeirHTTP
import WeirRuntime
import WeirSignature

/// Asks SQS for the backlog. SQS does not tell the age of the oldest message.
final class SQSSource: QueueSource {
    private let options: SQSOptions
    private let environment: [String: String]
    private let http: HTTPClient
    private let profile: AWSProfile
    private let timeLimit: Duration
    /// The queue's URL, once its name was looked up.
    private let lookedUp = Mutex<String?>(nil)

    /// - Parameter timeLimit: for a whole measurement.
    init(
        _ options: SQSOptions, environment: [String: String], http: HTTPClient,
        timeLimit: Duration = SQSLimits.measureTime
    ) {
        self.options = options
        self.environment = environment
        self.http = http
        self.timeLimit = timeLimit
        profile = AWSProfile(named: options.profile, environment: environment)
    }

    func measure(at now: Instant) async -> Measurement {
        do throws(SQSFailure) {
            return try await ask(at: now)
        } catch {
            if error.forgetsQueue { lookedUp.withLock { $0 = nil } }
            return .missing(error.reason)
        }
    }

    private func ask(at now: Instant) async throws(SQSFailure) -> Measurement {
        let deadline = ContinuousClock.now + timeLimit
        let (place, credentials) = try await setting()
        let url = try await queueURL(place, credentials, now, deadline)
        return try SQSWire.measurement(try await send(SQSWire.attributes(url), place, credentials, now, deadline))
    }

    /// From the environment and from files, which may lie on a slow disk.
    private func setting() async throws(SQSFailure) -> (SQSPlace, Credentials) {
        try await offTask { [profile, options, environment] () throws(SQSFailure) in
            let credentials = try profile.credentials()
            return (try SQSPlace(options, environment: environment, region: profile.region()), credentials)
        }
    }

    private func queueURL(
        _ place: SQSPlace, _ credentials: Credentials, _ now: Instant, _ deadline: ContinuousClock.Instant
    ) async throws(SQSFailure) -> String {
        if let url = options.queueURL ?? lookedUp.withLock({ $0 }) { return url }
        let answer = try await send(SQSWire.queueURL(options.queue), place, credentials, now, deadline)
        let url = try SQSWire.queueURL(answer)
        lookedUp.withLock { $0 = url }
        return url
    }

    private func send(
        _ call: (action: String, body: [UInt8]), _ place: SQSPlace, _ credentials: Credentials, _ now: Instant,
        _ deadline: ContinuousClock.Instant
    ) async throws(SQSFailure) -> HTTPResponse {
        // At least a millisecond: a limit that has run out is told as one.
        let left = max(ContinuousClock.now.duration(to: deadline), .milliseconds(1))
        do {
            return try await http.send(SQSWire.request(call, to: place, credentials, at: now, timeLimit: left))
        } catch {
            throw .noAnswer(error)
        }
    }
}

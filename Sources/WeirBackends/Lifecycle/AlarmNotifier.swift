import FoundationEssentials
import WeirCore
import WeirHTTP
import WeirPolicy
import WeirRuntime

/// Runs the commands and sends the POSTs of alarm actions.
public struct AlarmNotifier: Notifier {
    private let http: HTTPClient
    private let environment: [String: String]

    public init(http: HTTPClient, environment: [String: String]) {
        self.http = http
        self.environment = environment
    }

    public func tell(_ notification: AlarmNotification, of group: String) async -> String? {
        switch notification.action {
        case .command(let program): await run(program, notification, group)
        case .post(let url): await post(notification, group, to: url)
        }
    }

    private func run(_ program: [String], _ notification: AlarmNotification, _ group: String) async -> String? {
        let own = [
            EnvironmentVariable("WEIR_GROUP", group), EnvironmentVariable("WEIR_ALARM", notification.alarm),
            EnvironmentVariable("WEIR_ALARM_OLD_STATE", notification.from.rawValue),
            EnvironmentVariable("WEIR_ALARM_STATE", notification.to.rawValue),
            EnvironmentVariable("WEIR_ALARM_REASON", notification.reason),
        ]
        return await OwnCommand(program, inherited: environment, own: own, timeLimit: Self.timeLimit).run()
    }

    private func post(_ notification: AlarmNotification, _ group: String, to written: String) async -> String? {
        let shown = ShownURL.text(written)
        let options = Options(values: [.init(name: "url", value: .text(written))], secretFields: ["url"])
        let url: String
        do throws(SecretFailure) {
            url =
                try options.resolvingSecrets(environment: environment, readFile: SecretFile.text).text("url") ?? written
        } catch {
            return error.sentence
        }
        let body = Body(
            alarm: notification.alarm, old: notification.from.rawValue, new: notification.to.rawValue,
            reason: notification.reason, at: notification.at.rfc3339, group: group)
        guard let json = try? JSONEncoder().encode(body) else { return "what should be sent cannot be written as JSON" }
        let request = HTTPRequest(
            "POST", url, shownAs: shown, headers: [HTTPHeader("Content-Type", "application/json")],
            body: Array(json), timeLimit: Self.timeLimit)
        do throws(HTTPFailure) {
            let answer = try await http.send(request)
            return answer.status < 400 ? nil : "\(shown) answered \(answer.status)"
        } catch {
            return "\(error)"
        }
    }

    private static let timeLimit = Duration.seconds(30)

    /// With the names that CloudWatch uses in its notifications.
    private struct Body: Encodable {
        var alarm: String
        var old: String
        var new: String
        var reason: String
        var at: String
        var group: String

        enum CodingKeys: String, CodingKey {
            case alarm = "AlarmName"
            case old = "OldStateValue"
            case new = "NewStateValue"
            case reason = "NewStateReason"
            case at = "StateChangeTime"
            case group = "AutoScalingGroupName"
        }
    }
}

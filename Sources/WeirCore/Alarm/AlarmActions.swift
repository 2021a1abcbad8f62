/// What is done when an alarm enters a state, beside the scaling policies that it invokes. Source: PutMetricAlarm.
public struct AlarmActions: Sendable, Equatable, Codable {
    /// Off: the alarm is judged, but neither are actions due nor scaling policies invoked. Default: on. Source:
    /// ActionsEnabled.
    public var enabled: Bool
    /// On entering OK. At most `Limits.mostAlarmActions`, like the other two.
    public var ok: [AlarmAction]
    /// On entering ALARM.
    public var alarm: [AlarmAction]
    /// On entering INSUFFICIENT_DATA.
    public var insufficientData: [AlarmAction]

    public init(
        enabled: Bool = true, ok: [AlarmAction] = [], alarm: [AlarmAction] = [], insufficientData: [AlarmAction] = []
    ) {
        self.enabled = enabled
        self.ok = ok
        self.alarm = alarm
        self.insufficientData = insufficientData
    }

    /// The actions on entering a state, in their order; also while they are off.
    public subscript(state: AlarmState) -> [AlarmAction] {
        switch state {
        case .ok: ok
        case .alarm: alarm
        case .insufficientData: insufficientData
        }
    }
}

/// One action, as the policy says it: references to secrets are not resolved.
public enum AlarmAction: Sendable, Equatable, Codable {
    /// A program with its arguments, run without a shell. Not empty.
    case command([String])
    /// An http or https address that is told of the change in a POST.
    case post(url: String)
}

/// An action that is due, with all that there is to say. Carrying it out is the shell's; whether that works changes no decision.
public struct AlarmNotification: Sendable, Equatable, Codable {
    public var alarm: String
    public var from: AlarmState
    public var to: AlarmState
    /// Why the alarm is in its new state, for people.
    public var reason: String
    public var action: AlarmAction
    public var at: Instant

    public init(alarm: String, from: AlarmState, to: AlarmState, reason: String, action: AlarmAction, at: Instant) {
        self.alarm = alarm
        self.from = from
        self.to = to
        self.reason = reason
        self.action = action
        self.at = at
    }
}

extension AlarmNotification {
    /// Who is told what: `hooks.example.com that thumbnails-up is in ALARM`. Of a command only the program and of an address
    /// only the host: what follows may be a secret.
    public var sentence: String { "\(action.addressee) that \(alarm) is in \(to.rawValue)" }
}

extension AlarmAction {
    fileprivate var addressee: String {
        switch self {
        case .command(let words): return words.first ?? ""
        case .post(let url):
            let parts = url.split(separator: "/", omittingEmptySubsequences: true)
            let authority = parts.count > 1 ? parts[1] : Substring(url)
            return String(authority.split(separator: "@").last ?? authority)
        }
    }
}

import WeirCore

/// Carries out the actions of alarms. That one fails changes no decision.
public protocol Notifier: Sendable {
    /// - Returns: what went wrong, without secrets; nil when it was told.
    func tell(_ notification: AlarmNotification, of group: String) async -> String?
}

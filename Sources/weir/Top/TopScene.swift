import WeirAPI
import WeirCore

/// What is known of the daemon, for one drawing.
struct TopScene {
    /// As the daemon gave them last.
    var groups: [GroupView] = []
    /// The chosen group with its last decisions; nil until it was asked for.
    var chosen: GroupView?
    var daemon: DaemonView?
    /// When the daemon answered last; nil: it never did.
    var answeredAt: Instant?
    /// Why it does not answer; nil while it does.
    var trouble: String?
}

import Synchronization
import WeirAPI
import WeirCore
import WeirRuntime

/// Time as a value.
final class Clock: Sendable {
    private let instant = Mutex(Instant(milliseconds: 1_772_366_400_000))

    var now: Instant {
        get { instant.withLock { $0 } }
        set { instant.withLock { $0 = newValue } }
    }
}

/// What a task leaves for the thread that waits for it.
final class Box: Sendable {
    private let kept = Mutex<APIResponse?>(nil)

    var answer: APIResponse? {
        get { kept.withLock { $0 } }
        set { kept.withLock { $0 = newValue } }
    }
}

/// A weir without groups.
struct NoGroups: ControlPlane {
    func groups() async -> [GroupSnapshot] { [] }
    func group(named name: String) async -> GroupSnapshot? { nil }
    func find(_ instance: InstanceID) async -> (group: String, instance: Instance)? { nil }
    func request(_ kind: Request.Kind, of group: String) async -> Answer.Result? { nil }
}

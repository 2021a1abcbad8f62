import WeirCore
import WeirRuntime

/// What can go wrong with instances that are processes, and the sentence for people.
enum ProcessFailure: Error {
    case strangeID(InstanceID)
    case nulByte(InstanceID, what: String)
    case noWorkingDirectory(InstanceID, String)
    case noProgram(InstanceID, String)
    case notStarted(InstanceID, SystemFailure)
    case doesNotEnd(InstanceID)
    case waitCancelled(InstanceID)
    case stillRunning(InstanceID)
    case system(InstanceID?, SystemFailure)

    /// Does it, and names the instance should the system refuse.
    static func naming<Value>(
        _ instance: InstanceID?, _ work: () throws(SystemFailure) -> Value
    ) throws(ProcessFailure) -> Value {
        do {
            return try work()
        } catch {
            throw .system(instance, error)
        }
    }

    var launcherFailure: LauncherFailure {
        switch self {
        case .strangeID(let id):
            LauncherFailure("'\(id)' is no instance id: expected 'i-' and letters, digits or '-'", retryHelps: false)
        case .nulByte(let id, let what):
            LauncherFailure(
                "\(id) was not started: \(what) holds a zero byte, which no program can be given", retryHelps: false)
        case .noWorkingDirectory(let id, let path):
            LauncherFailure("\(id) was not started: its working_directory \(path) is not a folder", retryHelps: false)
        case .noProgram(let id, let name):
            LauncherFailure(
                "\(id) was not started: there is no program '\(name)' that may be run"
                    + (name.contains("/") ? "" : " in any folder of PATH"), retryHelps: false)
        case .notStarted(let id, let failure):
            LauncherFailure("\(id) was not started: could not \(failure)", retryHelps: failure.isShortage)
        case .doesNotEnd(let id):
            LauncherFailure(
                "\(id) has not ended \(ProcessLimits.killTime) after SIGKILL; the kernel may be waiting for a device",
                retryHelps: true)
        case .waitCancelled(let id):
            LauncherFailure("\(id) was told to stop, but its end was not waited for", retryHelps: true)
        case .stillRunning(let id):
            LauncherFailure("\(id) is still running, so nothing of it was removed", retryHelps: true)
        case .system(let id, let failure):
            LauncherFailure((id.map { "\($0): " } ?? "") + "could not \(failure)", retryHelps: true)
        }
    }
}

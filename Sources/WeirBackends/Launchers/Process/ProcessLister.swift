import WeirCore
import WeirRuntime

/// Lists the instances of one group that are processes, and can do nothing to them: it only ever reads.
struct ProcessLister: InstanceLister {
    /// `STATE/instances/GROUP`.
    let folder: String
    let watcher: FolderWatcher

    func list() async throws(LauncherFailure) -> [ListedInstance] {
        do {
            return try await offTask { () throws(ProcessFailure) in try instances() }
        } catch {
            throw error.launcherFailure
        }
    }

    /// Yields within a moment of a start or a death, without looking in between.
    func changes() -> AsyncStream<Void> {
        watcher.changes(below: folder)
    }

    /// Sorted by instance.
    private func instances() throws(ProcessFailure) -> [ListedInstance] {
        let names = try ProcessFailure.naming(nil) { () throws(SystemFailure) in try Files.names(in: folder) }
        var instances: [ListedInstance] = []
        for name in names where InstanceFolder.isInstance(name) {
            let id = InstanceID(name)
            let instance = InstanceFolder(id, in: folder)
            if let phase = try ProcessFailure.naming(id, instance.phase) {
                instances.append(ListedInstance(id: id, phase: phase))
            }
        }
        return instances
    }
}

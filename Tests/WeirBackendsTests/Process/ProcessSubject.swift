import Foundation
import Glibc
import Logging
import Testing
import WeirCore
import WeirPolicy
import WeirRuntime

@testable import WeirBackends

/// Real processes in a folder of their own.
struct ProcessSubject: LauncherSubject {
    let folder: TemporaryFolder
    var options: ProcessOptions
    var inherited = ProcessInfo.processInfo.environment
    let children = ChildList()

    /// - Parameter script: for `sh -c`; by default a worker that notes its start and goes on until it is told to stop.
    init(_ script: String = #"echo x >>"$STARTS/$WEIR_INSTANCE_ID.starts"; exec sleep 600"#) throws {
        try self.init(command: ["sh", "-c", script])
    }

    init(command: [String]) throws {
        folder = try TemporaryFolder()
        options = ProcessOptions(
            Options(values: [
                .init(name: "command", value: .list(command.map { .text($0) })),
                .init(name: "environment", value: .map([.init(name: "STARTS", value: .text(folder.path))])),
            ]))
    }

    /// The same with one more option.
    func with(_ change: (inout ProcessOptions) -> Void) -> ProcessSubject {
        var subject = self
        change(&subject.options)
        return subject
    }

    /// Launches one instance and waits for it to run, or to have ended already.
    func launched(environment: [EnvironmentVariable] = []) async throws -> (launcher: ProcessLauncher, id: InstanceID) {
        let launcher = try launcher(options)
        let id = InstanceID.fresh()
        try await launcher.launch(LaunchOrder(instance: id, group: "contract", environment: environment))
        let begun = try await eventually {
            switch try await phase(of: id) {
            case .running, .paused, .exited: true
            case .starting, nil: false
            }
        }
        #expect(begun)
        return (launcher, id)
    }

    func phase(of id: InstanceID) async throws -> ListedInstance.Phase? {
        try await ProcessLister(folder: instances, watcher: FolderWatcher()).list().first { $0.id == id }?.phase
    }

    /// Waits for the end of an instance and says how it ended.
    func exit(of id: InstanceID) async throws -> Exit? {
        try await eventually {
            guard case .exited(let exit)? = try await phase(of: id) else { return nil }
            return exit
        }
    }

    var instances: String { "\(folder.path)/instances/contract" }
    var logs: String { "\(folder.path)/logs/contract" }

    func instanceFolder(_ id: InstanceID) -> InstanceFolder { InstanceFolder(id, in: instances) }

    func launcher() async throws -> any Launcher { try launcher(options) }

    func refusingLauncher() async throws -> any Launcher {
        var options = options
        options.workingDirectory = "\(folder.path)/nowhere"
        return try launcher(options)
    }

    func launcher(_ options: ProcessOptions) throws -> ProcessLauncher {
        try ProcessLauncher(
            options: options, instances: instances, logs: logs, inherited: inherited, watcher: FolderWatcher(),
            children: children, logger: Logger(label: "test"))
    }

    func starts(of instance: InstanceID) async throws -> Int { folder.lines("\(instance).starts").count }

    /// As the kernel sees the processes of its group: all of them stopped.
    func standsStill(_ instance: InstanceID) async throws -> Bool {
        guard let group = instanceFolder(instance).processGroup?.id else { return false }
        let states = try WeirBackendsTests.states(ofProcessGroup: group)
        let isPaused = try await phase(of: instance) == .paused
        return isPaused && !states.isEmpty && states.allSatisfy { $0 == "T" }
    }

    var preparesWithoutStarting: Bool { false }

    /// A process that nobody launched, in a group that a forged folder of an instance names.
    func bystander() async throws -> any Bystander {
        let bystander = try ProcessBystander(InstanceID.fresh())
        let folder = instanceFolder(bystander.id)
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        try "\(bystander.pid)\n".write(toFile: folder.group, atomically: true, encoding: .utf8)
        return bystander
    }
}

struct ProcessBystander: Bystander {
    let id: InstanceID
    let pid: pid_t

    init(_ id: InstanceID) throws {
        self.id = id
        pid = try Program(
            name: "sleep", arguments: ["sleep", "600"], environment: ["PATH=/usr/bin:/bin"], descriptors: []
        ).start()
    }

    func isUntouched() async throws -> Bool { Children.state(of: pid) == .running }

    func end() async throws {
        kill(pid, SIGKILL)
        Children.reap(pid)
    }
}

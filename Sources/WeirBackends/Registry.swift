import WeirCore
import WeirPolicy
import WeirRuntime

/// Which backends there are. Each is one line here and one folder.
public enum Registry {
    static let sources: [SourceBackend] = [
        SourceBackend(EmbeddedOptions.section) { EmbeddedBackend.source(EmbeddedOptions($0.resolved), $1) },
        SourceBackend(SQSOptions.section) {
            SQSSource(SQSOptions($0.resolved), environment: $1.environment, http: $1.http)
        },
        SourceBackend(HTTPSourceOptions.section) {
            HTTPSource(HTTPSourceOptions($0.resolved, asWritten: $0.written), http: $1.http)
        },
        SourceBackend(CommandOptions.section) {
            CommandSource(options: CommandOptions($0.resolved), environment: $1.environment)
        },
    ]

    static let launchers: [LauncherBackend] = [
        LauncherBackend(
            DockerOptions.section, launcher: DockerBackend.launcher, lister: DockerBackend.lister,
            place: DockerBackend.place),
        LauncherBackend(ProcessOptions.section, launcher: ProcessBackend.launcher, lister: ProcessBackend.lister),
    ]

    /// The words and keys that a policy file may hold.
    public static let catalogue = Catalogue(sources: sources.map(\.section), launchers: launchers.map(\.section))

    /// What a source never tells; empty where nobody knows before it is asked.
    public static func untold(by source: BackendChoice) -> Set<BuiltInMetric> {
        sources.first { $0.section.word == source.word }?.section.untold(source.options) ?? []
    }

    /// Makes the source of a group. It is a `WorkHolders` when it can tell who holds what, and a `WorkGate` when it can
    /// hold messages back, which none is in a dry run.
    /// - Throws: a secret that cannot be resolved, or what the backend lacks.
    public static func makeSource(
        _ choice: BackendChoice, group: GroupPolicy, context: BackendContext
    ) throws(BackendFailure) -> any QueueSource {
        let backend = try find(choice.word, in: sources, kind: "queue source")
        return try backend.make((try resolve(choice.options, context), choice.options), context)
    }

    /// Makes the launcher of a group.
    /// - Throws: a secret that cannot be resolved, or what the backend lacks.
    public static func makeLauncher(
        _ choice: BackendChoice, group: GroupPolicy, context: BackendContext
    ) throws(BackendFailure) -> any Launcher {
        let backend = try find(choice.word, in: launchers, kind: "launcher")
        return try backend.makeLauncher(try resolve(choice.options, context), group.name, context)
    }

    /// Makes what lists the instances of a group and can do nothing to them; its type is never a `Launcher`.
    /// - Throws: what the backend lacks. Secrets are left unresolved: listing needs none.
    public static func makeLister(
        _ choice: BackendChoice, group: GroupPolicy, context: BackendContext
    ) throws(BackendFailure) -> any InstanceLister {
        let backend = try find(choice.word, in: launchers, kind: "launcher")
        return try backend.makeLister(choice.options, group.name, context)
    }

    /// Where a launcher starts its instances: `process`, `docker at unix:///var/run/docker.sock`. Launchers of different
    /// places cannot see each other's instances.
    /// - Throws: when there is no such launcher.
    public static func place(
        of choice: BackendChoice, context: BackendContext
    ) throws(BackendFailure) -> String {
        let backend = try find(choice.word, in: launchers, kind: "launcher")
        guard let place = backend.place?(choice.options, context) else { return choice.word }
        return "\(choice.word) at \(place)"
    }

    /// Makes what asks the instances of a group how they are; nil when its policy file asks nothing.
    public static func makeHealthChecker(
        _ file: PolicyFile, launcher: any Launcher, context: BackendContext
    ) -> (any HealthChecker)? {
        guard let probe = file.healthProbe else { return nil }
        switch probe.kind {
        case .http(let port, let path, let scheme):
            return HTTPHealthChecker(
                scheme: scheme.rawValue, port: port, path: path, every: probe.interval, timeLimit: probe.timeout,
                launcher: launcher, http: context.http)
        case .command(let program):
            return CommandHealthChecker(
                program, every: probe.interval, timeLimit: probe.timeout, group: file.group.name, launcher: launcher,
                environment: context.environment)
        }
    }

    /// Makes what runs the commands of a group's lifecycle hooks; nil when none has one.
    public static func makeHookRunner(_ file: PolicyFile, context: BackendContext) -> (any HookRunner)? {
        let hooks = file.group.lifecycleHooks.compactMap { hook in
            file.hookCommands.first { $0.hook == hook.name }.map { (hook: hook, program: [$0.program] + $0.arguments) }
        }
        return hooks.isEmpty ? nil : CommandHooks(hooks, environment: context.environment)
    }

    private static func find<Backend: RegisteredBackend>(
        _ word: String, in backends: [Backend], kind: String
    ) throws(BackendFailure) -> Backend {
        guard let backend = backends.first(where: { $0.section.word == word }) else {
            throw BackendFailure("there is no \(kind) '\(word)'", retryHelps: false)
        }
        return backend
    }

    private static func resolve(_ options: Options, _ context: BackendContext) throws(BackendFailure) -> Options {
        do {
            return try options.resolvingSecrets(environment: context.environment, readFile: SecretFile.text)
        } catch {
            throw BackendFailure(error.sentence, retryHelps: false)
        }
    }
}

protocol RegisteredBackend: Sendable {
    var section: BackendSection { get }
}

/// A kind of place where work waits.
struct SourceBackend: RegisteredBackend {
    /// What the policy file says, once with the values of its secrets, to be used, and once as it is written, to be shown.
    typealias Settings = (resolved: Options, written: Options)
    typealias Make = @Sendable (Settings, BackendContext) throws(BackendFailure) -> any QueueSource

    let section: BackendSection
    let make: Make

    init(_ section: BackendSection, _ make: @escaping Make) {
        self.section = section
        self.make = make
    }
}

/// A kind of thing that can be launched.
struct LauncherBackend: RegisteredBackend {
    typealias MakeLauncher = @Sendable (Options, _ group: String, BackendContext) throws(BackendFailure) -> any Launcher
    typealias MakeLister =
        @Sendable (Options, _ group: String, BackendContext) throws(BackendFailure) -> any InstanceLister

    let section: BackendSection
    let makeLauncher: MakeLauncher
    let makeLister: MakeLister
    /// Where it launches, when that can differ.
    let place: (@Sendable (Options, BackendContext) -> String)?

    init(
        _ section: BackendSection, launcher: @escaping MakeLauncher, lister: @escaping MakeLister,
        place: (@Sendable (Options, BackendContext) -> String)? = nil
    ) {
        self.place = place
        self.section = section
        makeLauncher = launcher
        makeLister = lister
    }
}

/// A file that holds one secret.
enum SecretFile {
    /// Unit: bytes. A secret is a line or a key, not a book.
    static let limitBytes = 64 << 10

    /// Nil when it cannot be read, is not text, or is too long.
    static func text(_ path: String) -> String? {
        guard let bytes = Files.start(of: path, limit: limitBytes + 1), bytes.count <= limitBytes else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}

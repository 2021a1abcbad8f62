import Foundation
import Logging
import Testing
import WeirCore
import WeirHTTP
import WeirPolicy
import WeirQueue
import WeirRuntime

@testable import WeirBackends

@Suite("The registry")
struct RegistrySpecs {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func context(dryRun: Bool = false, environment: [String: String] = [:]) throws -> BackendContext {
        BackendContext(
            queues: dryRun ? nil : try QueueService(folder: nil) { Instant(milliseconds: 0) },
            queueFolder: "\(folder.path)/queues", stateFolder: folder.path, fleetID: "0123456789abcdef",
            http: HTTPClient(), environment: environment, logger: Logger(label: "test"))
    }

    private let group = GroupPolicy(name: "emails", minSize: 0, maxSize: 1)

    private func policy(queue: String, workers: String) -> String {
        """
        group: emails
        queue:
          \(queue)
        workers:
          \(workers)
        min_size: 0
        max_size: 1
        """
    }

    private func read(queue: String = "embedded: emails", workers: String = #"process: { command: ["true"] }"#) throws
        -> PolicyFile
    {
        let result = PolicyReader(catalogue: Registry.catalogue).read(
            text: policy(queue: queue, workers: workers), path: "emails.yaml")
        #expect(result.text == "")
        return try #require(result.files.first)
    }

    @Test("knows these words")
    func words() {
        #expect(Registry.catalogue.sources.map(\.word) == ["embedded", "sqs", "http", "command"])
        #expect(Registry.catalogue.launchers.map(\.word) == ["docker", "process"])
    }

    @Test("every word, key and shorthand is declared once")
    func declarations() {
        for section in Registry.catalogue.sources + Registry.catalogue.launchers {
            let names = section.fields.map(\.name)
            #expect(Set(names).count == names.count, "\(section.word) declares a key twice")
            if let shorthand = section.shorthand { #expect(names.contains(shorthand)) }
            for field in section.fields { #expect(field.summary.last == ".", "\(section.word).\(field.name)") }
        }
    }

    @Test("a live embedded source is a gate; in a dry run it can only tell who holds what")
    func embedded() throws {
        let choice = try read().source
        let live = try Registry.makeSource(choice, group: group, context: context())
        #expect(live is any WorkGate)
        let dry = try Registry.makeSource(choice, group: group, context: context(dryRun: true))
        #expect(dry is any WorkHolders)
        #expect(!(dry is any WorkGate))
    }

    @Test("containers of one engine are not at the place of another's; processes are where weir is")
    func places() throws {
        func place(_ word: String, host: String? = nil, environment: [String: String] = [:]) throws -> String {
            let context = try context(environment: environment)
            let values = host.map { [Options.Entry(name: "host", value: .text($0))] } ?? []
            return try Registry.place(of: BackendChoice(word: word, options: Options(values: values)), context: context)
        }
        #expect(try place("docker") == "docker at unix:///var/run/docker.sock")
        #expect(try place("docker", environment: ["DOCKER_HOST": "tcp://b:1"]) == "docker at tcp://b:1")
        let named = try place("docker", host: "unix:///a.sock", environment: ["DOCKER_HOST": "tcp://b:1"])
        #expect(named == "docker at unix:///a.sock")
        #expect(try place("process") == "process")
    }

    @Test("a dry run of a queue that was never there measures missing")
    func noQueueYet() async throws {
        let dry = try Registry.makeSource(read().source, group: group, context: context(dryRun: true))
        guard case .missing(.sourceFailed) = await dry.measure(at: Instant(milliseconds: 0)).visible else {
            Issue.record("it measured something")
            return
        }
    }

    @Test(
        "what lists for a dry run is no launcher, and makes nothing",
        arguments: [#"process: { command: ["true"] }"#, "docker: { image: worker }"])
    func listers(_ workers: String) async throws {
        let choice = try read(workers: workers).launcher
        let lister = try Registry.makeLister(choice, group: group, context: context(dryRun: true))
        #expect(!(lister is any Launcher))
        #expect(try Files.names(in: folder.path).isEmpty)
        let launcher = try Registry.makeLauncher(choice, group: group, context: context())
        #expect(type(of: launcher) != type(of: lister))
    }

    @Test("a process group has a folder of its own, and the launcher and the lister share it")
    func sharedFolder() async throws {
        let choice = try read(workers: #"process: { command: ["sleep", "600"] }"#).launcher
        let context = try context(environment: ["PATH": "/usr/bin:/bin"])
        let launcher = try Registry.makeLauncher(choice, group: group, context: context)
        let lister = try Registry.makeLister(choice, group: group, context: context)
        let id = InstanceID.fresh()
        try await launcher.launch(LaunchOrder(instance: id, group: "emails"))
        #expect(try await eventually { try await lister.list() == [ListedInstance(id: id, phase: .running)] })
        #expect(Files.isFolder("\(folder.path)/instances/emails/\(id)"))
        try await launcher.terminate(id, stopTimeout: .seconds(10))
    }

    @Test("what a launcher started leaves no zombie, also when a change of the policy has put another in its place")
    func reaped() async throws {
        let choice = try read(workers: #"process: { command: ["true"] }"#).launcher
        let context = try context(environment: ["PATH": "/usr/bin:/bin"])
        let id = InstanceID.fresh()
        try await Registry.makeLauncher(choice, group: group, context: context)
            .launch(LaunchOrder(instance: id, group: "emails"))
        let folder = InstanceFolder(id, in: "\(folder.path)/instances/emails")
        let supervisor = try #require(try await eventually { folder.processGroup?.id })
        let next = try Registry.makeLauncher(choice, group: group, context: context)
        let isGone = try await eventually(within: .seconds(10)) {
            _ = try await next.list()
            return !Files.exists("/proc/\(supervisor)")
        }
        #expect(isGone)
    }

    @Test("secrets are resolved when the group starts")
    func secrets() async throws {
        try "from-a-file\n".write(toFile: "\(folder.path)/secret", atomically: true, encoding: .utf8)
        let choice = try read(
            workers:
                "process: { command: [sh, -c, 'echo $TOKEN $OTHER'], environment: { TOKEN: '${API_TOKEN}', OTHER: 'file:\(folder.path)/secret' } }"
        ).launcher
        let context = try context(environment: ["API_TOKEN": "from-weir", "PATH": "/usr/bin:/bin"])
        let launcher = try Registry.makeLauncher(choice, group: group, context: context)
        let id = InstanceID.fresh()
        try await launcher.launch(LaunchOrder(instance: id, group: "emails"))
        let expected = ListedInstance(id: id, phase: .exited(Exit(code: 0, logTail: ["from-weir from-a-file"])))
        #expect(try await eventually { try await launcher.list() == [expected] })
    }

    @Test("a secret that is not there is a failure that names it")
    func missingSecret() throws {
        let choice = try read(
            workers: "process: { command: ['true'], environment: { TOKEN: '${API_TOKEN}' } }"
        ).launcher
        let failure = #expect(throws: BackendFailure.self) {
            try Registry.makeLauncher(choice, group: group, context: context())
        }
        #expect(failure?.message.contains("API_TOKEN") == true)
        #expect(failure?.retryHelps == false)
        #expect(throws: Never.self) {
            try Registry.makeLister(choice, group: group, context: context(dryRun: true))
        }
    }

    @Test("an address that no engine can have is a failure")
    func engineAddress() throws {
        let choice = try read(workers: "docker: { image: worker }").launcher
        let failure = #expect(throws: BackendFailure.self) {
            try Registry.makeLauncher(
                choice, group: group, context: context(environment: ["DOCKER_HOST": "ssh://there"]))
        }
        #expect(failure?.message.contains("'ssh://there'") == true)
    }
}

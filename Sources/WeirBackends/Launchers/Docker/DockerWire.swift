import FoundationEssentials
import WeirCore
import WeirRuntime

/// Bytes of the Engine API ↔ values. Pure.
enum DockerWire {
    // MARK: What is sent

    /// The body of a create: the container of one instance.
    static func create(_ order: LaunchOrder, _ options: DockerOptions, fleet: String) throws(DockerFailure) -> [UInt8] {
        var labels = options.labels.reduce(into: [String: String]()) { $0[$1.name] = $1.value }
        labels[DockerLabel.group] = order.group
        labels[DockerLabel.instance] = order.instance.text
        labels[DockerLabel.fleet] = fleet
        labels[DockerLabel.template] = order.templateVersion.map { "\($0)" }
        let hostConfig = CreateBody.HostConfig(
            networkMode: options.network, nanoCPUs: options.cpus.map { Int64(($0 * 1e9).rounded()) },
            memory: options.memoryBytes, pidsLimit: options.processes, usesInit: options.usesInit,
            binds: options.mounts.map(\.text), extraHosts: hosts(options))
        return try encode(
            CreateBody(
                image: options.image, command: options.command.isEmpty ? nil : options.command,
                entrypoint: options.entrypoint.isEmpty ? nil : options.entrypoint,
                environment: environment(options.environment, order.variables), labels: labels, user: options.user,
                workingDirectory: options.workingDirectory, healthCheck: healthCheck(options), hostConfig: hostConfig))
    }

    /// What the engine runs in the container to see how it is; nil leaves it to the image.
    private static func healthCheck(_ options: DockerOptions) -> CreateBody.HealthCheck? {
        guard !options.healthCommand.isEmpty else { return nil }
        return CreateBody.HealthCheck(
            test: ["CMD"] + options.healthCommand, interval: options.healthInterval.wholeMilliseconds * 1_000_000)
    }

    /// `NAME=value`, each name once: first those of the file, in its order, then weir's, which win.
    private static func environment(
        _ file: [DockerOptions.Pair], _ own: [EnvironmentVariable]
    ) -> [String] {
        let names = Set(own.map(\.name))
        return file.filter { !names.contains($0.name) }.map { "\($0.name)=\($0.value)" }
            + own.map { "\($0.name)=\($0.value)" }
    }

    /// weir's machine gets the name that Docker Desktop gives it, so that a worker finds the queue from its own network.
    private static func hosts(_ options: DockerOptions) -> [String] {
        let machine = "host.docker.internal:"
        var hosts = options.extraHosts
        let isNamed = hosts.contains { $0.hasPrefix(machine) }
        if options.isOnOwnNetwork, !isNamed { hosts.append(machine + "host-gateway") }
        return hosts
    }

    /// The `filters` of a list or of events: all of these labels.
    static func filters(labels: [(String, String)], type: String? = nil) throws(DockerFailure) -> String {
        var filters = ["label": labels.map { "\($0)=\($1)" }]
        if let type { filters["type"] = [type] }
        return String(decoding: try encode(filters), as: UTF8.self)
    }

    /// The parameters of a pull. Without a tag the engine would pull every tag there is.
    static func pull(_ image: String) -> [(String, String)] {
        let name = image.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        let isExact = name.contains(":") || image.contains("@")
        return [("fromImage", image)] + (isExact ? [] : [("tag", "latest")])
    }

    // MARK: What comes back

    /// The sentence in an engine's refusal.
    static func message(_ body: [UInt8]) -> String {
        let text = (try? decode(RefusalAnswer.self, body).message) ?? String(decoding: body, as: UTF8.self)
        return quoted(text)
    }

    /// The oldest version that an engine still accepts; nil when it does not tell.
    static func oldestVersion(_ body: [UInt8]) -> DockerVersion? {
        (try? decode(VersionAnswer.self, body).oldest).flatMap { DockerVersion($0) }
    }

    static func containers(_ body: [UInt8]) throws(DockerFailure) -> [DockerContainer] {
        try decode([SummaryAnswer].self, body).map {
            DockerContainer(
                id: $0.id, state: .init(word: $0.state), labels: $0.labels ?? [:], health: health($0.status ?? ""))
        }
    }

    /// The end of a list's status: `Up 2 minutes (healthy)`, `(unhealthy)`, `(health: starting)`. Nil: nobody checks.
    static func health(_ status: String) -> HealthCheckResult? {
        if status.hasSuffix("(healthy)") { return .healthy }
        if status.hasSuffix("(unhealthy)") { return .failed("its container's health check fails") }
        return status.hasSuffix("(health: starting)") ? .starting : nil
    }

    static func inspection(_ body: [UInt8]) throws(DockerFailure) -> DockerInspection {
        let answer = try decode(InspectionAnswer.self, body)
        return DockerInspection(
            container: DockerContainer(
                id: answer.id, state: .init(word: answer.state.status), labels: answer.config.labels ?? [:]),
            exitCode: answer.state.exitCode,
            address: answer.networkSettings?.address,
            // The engine says so as well when memory ended only a child, and the container then ended in good order.
            outOfMemory: answer.state.outOfMemory == true && answer.state.exitCode != 0,
            // The engine's way to say never.
            neverStarted: answer.state.startedAt?.hasPrefix("0001-01-01T") == true)
    }

    static func created(_ body: [UInt8]) throws(DockerFailure) -> String {
        try decode(CreatedAnswer.self, body).id
    }

    /// The error that a line of a pull's progress reports; nil when it reports progress.
    static func pullError(_ line: [UInt8]) -> String? {
        guard let progress = try? decode(ProgressLine.self, line) else { return nil }
        return (progress.error ?? progress.errorDetail?.message).map(quoted)
    }

    /// The last lines that a container printed, oldest first.
    static func logTail(frames: [UInt8]) -> [String] {
        PlainText.lines(output(frames: frames)).suffix(DockerLimits.logLines).map {
            $0.cut(after: DockerLimits.logLineCharacters)
        }
    }

    /// Whether an event can change the list: the programs of health checks come and go every few seconds and change
    /// nothing; that a container's health has changed is an event of its own.
    static func mattersToList(_ line: [UInt8]) -> Bool {
        guard let action = try? decode(EventLine.self, line).action else { return false }
        return !action.hasPrefix("exec_")
    }

    /// The bytes that a container wrote, from the frames that carry them: a stream's number, three zero bytes, the length
    /// in four bytes, big-endian, and the bytes. What follows a broken frame is left out.
    static func output(frames: [UInt8]) -> [UInt8] {
        let headBytes = 8
        var output: [UInt8] = []
        var start = 0
        while start + headBytes <= frames.count {
            guard frames[start] <= 2, frames[(start + 1)..<(start + 4)].allSatisfy({ $0 == 0 }) else { break }
            let length = frames[(start + 4)..<(start + headBytes)].reduce(0) { $0 << 8 | Int($1) }
            let end = min(start + headBytes + length, frames.count)
            output += frames[(start + headBytes)..<end]
            start = end
        }
        return output
    }

    private static func quoted(_ text: String) -> String {
        PlainText.lines(Array(text.utf8)).joined(separator: " ").cut(after: DockerLimits.quotedCharacters)
    }

    // MARK: JSON

    private static func encode(_ value: some Encodable) throws(DockerFailure) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(value))
        } catch {
            throw .unreadable("what should be sent cannot be written as JSON")
        }
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, _ body: [UInt8]) throws(DockerFailure) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch let DecodingError.keyNotFound(key, _) {
            throw .unreadable("'\(key.stringValue)' is not in it")
        } catch {
            throw .unreadable("it is not the JSON that was expected")
        }
    }
}

/// A container as a list shows it.
struct DockerContainer: Sendable, Equatable {
    var id: String
    var state: State
    var labels: [String: String]
    /// What the engine's own checks found; nil when there are none.
    var health: HealthCheckResult? = nil

    enum State: Sendable, Equatable {
        case created, running, paused, exited, removing

        /// - Parameter word: Docker's, or podman's. A word that is not known counts as running: nothing is declared dead
        ///   on a guess.
        init(word: String) {
            switch word {
            case "created", "configured", "initialized": self = .created
            case "exited", "dead", "stopped": self = .exited
            case "removing": self = .removing
            case "paused": self = .paused
            default: self = .running
            }
        }
    }

    /// Launched by the weir with this fleet id.
    func belongs(to fleet: String, group: String) -> Bool {
        labels[DockerLabel.fleet] == fleet && labels[DockerLabel.group] == group
    }

    /// The version of the launch template that it was made from.
    var templateVersion: Int? { labels[DockerLabel.template].flatMap { Int($0) } }

    var instance: InstanceID? { labels[DockerLabel.instance].map { InstanceID($0) } }
}

/// A container looked at closely.
struct DockerInspection: Sendable, Equatable {
    var container: DockerContainer
    var exitCode: Int?
    /// Where other machines of its network reach it; nil on the network of its host.
    var address: String?
    var outOfMemory: Bool
    /// It was made, and that is all; false when the engine does not tell.
    var neverStarted: Bool
}

import WeirCore
import WeirPolicy

/// What a policy file says about instances that are containers.
struct DockerOptions: Sendable, Equatable {
    var image: String
    var command: [String]
    var entrypoint: [String]
    /// In the order of the file.
    var environment: [Pair]
    var cpus: Double?
    var memoryBytes: Int?
    var network: String
    var mounts: [Mount]
    var user: String?
    var usesInit: Bool
    var processes: Int?
    var extraHosts: [String]
    var labels: [Pair]
    var workingDirectory: String?
    /// Run in the container by the engine, to see how it is; empty: what the image says.
    var healthCommand: [String]
    var healthInterval: Duration
    var pull: Pull
    /// Nil: what `DOCKER_HOST` says.
    var host: String?

    struct Pair: Sendable, Equatable {
        var name: String
        var value: String
    }

    /// When an image is pulled. Raw values are the words of the policy file.
    enum Pull: String, Sendable, CaseIterable {
        case missing, never, always
    }

    /// `source:target[:ro]`
    struct Mount: Sendable, Equatable {
        /// An absolute path, or the name of a volume.
        var source: String
        var target: String
        var readOnly: Bool

        init?(_ text: String) {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 || (parts.count == 3 && ["ro", "rw"].contains(parts[2])) else { return nil }
            guard !parts[0].isEmpty, parts[1].hasPrefix("/") else { return nil }
            // A relative path would be read as the name of a volume; that there is a slash in it says what was meant.
            guard parts[0].hasPrefix("/") || !parts[0].contains("/") else { return nil }
            source = parts[0]
            target = parts[1]
            readOnly = parts.count == 3 && parts[2] == "ro"
        }

        var text: String { "\(source):\(target)\(readOnly ? ":ro" : "")" }
    }

    init(_ options: Options) {
        image = options.text("image") ?? ""
        command = options.texts("command")
        entrypoint = options.texts("entrypoint")
        environment = options.textMap("environment").map { Pair(name: $0.name, value: $0.value) }
        cpus = options.number("cpus")
        memoryBytes = options.sizeBytes("memory")
        network = options.text("network") ?? "bridge"
        mounts = options.texts("mounts").compactMap(Mount.init)
        user = options.text("user")
        usesInit = options.boolean("init") ?? true
        processes = options.integer("pids_limit")
        extraHosts = options.texts("extra_hosts")
        labels = options.textMap("labels").map { Pair(name: $0.name, value: $0.value) }
        workingDirectory = options.text("working_directory")
        healthCommand = options.texts("health_command")
        healthInterval = options.duration("health_interval") ?? .seconds(30)
        pull = options.text("pull").flatMap(Pull.init) ?? .missing
        host = options.text("host")
    }

    /// With a network of its own, a container has another 127.0.0.1 than weir's machine.
    var isOnOwnNetwork: Bool { network != "host" && network != "none" }
}

extension DockerOptions {
    static let section = BackendSection(
        word: "docker",
        summary: "Each instance is a container of a Docker engine, which is asked through its API.",
        fields: [
            Field(
                "image",
                .checkedText(expected: "an image such as 'name', 'name:tag' or 'host/name@sha256:…'", isImage),
                required: true, "The image, as `docker run` takes it."),
            Field("command", .list(of: .text()), "What runs in it; by default what the image says."),
            Field("entrypoint", .list(of: .text()), "Replaces the image's entrypoint."),
            Field(
                "environment", .textMap(names: .variable, secrets: true),
                "Variables for it. Those that weir gives to an instance win."),
            Field("cpus", .number(DockerLimits.cpus), "Most processor time at once, in CPUs; by default no limit."),
            Field(
                "memory", .size(DockerLimits.memoryBytes), "Most memory; by default no limit. Who needs more is killed."
            ),
            Field(
                "network", .text(), default: "bridge",
                "bridge, host, none, or a network that exists. Unless it is host or none, weir's machine has the name host.docker.internal."
            ),
            Field(
                "mounts", .list(of: .checkedText(expected: "'source:target' or 'source:target:ro'", isMount)),
                "Folders, files (by absolute path) and volumes (by name) to mount, with :ro to read only."),
            Field("user", .text(), "User, or user:group, by name or number; by default what the image says."),
            Field(
                "init", .boolean, default: "true",
                "A small init process in front, so that SIGTERM also ends programs that do not handle it."),
            Field("pids_limit", .integer(DockerLimits.processes), "Most processes and threads; by default no limit."),
            Field(
                "extra_hosts", .list(of: .checkedText(expected: "'name:address'", isHost)),
                "More host names that it knows: name:address."),
            Field("labels", .textMap(), "Labels of the container, besides weir's own."),
            Field("working_directory", .text(), "Where the command starts; by default what the image says."),
            Field(
                "health_command", .list(of: .text()),
                "Run in the container by the engine to see how it is, in place of the image's HEALTHCHECK; exit code 0 is healthy."
            ),
            Field(
                "health_interval", .duration(DockerLimits.healthInterval), default: "30s",
                "From one run of the health command to the next; after three failures in a row the container is unhealthy."
            ),
            Field(
                "pull", .oneOf(Pull.allCases.map(\.rawValue)), default: "missing",
                "When to pull the image: if it is missing, never, or always before a launch."),
            Field(
                "host", .checkedText(expected: "'unix:///path/of.sock' or 'tcp://host:port'", isEngine),
                "Where the engine's API is; by default what DOCKER_HOST says, or unix:///var/run/docker.sock."),
        ],
        shorthand: "image",
        check: ownLabels, abilities: [.stoppedPool, .pausing, .address],
        unavailable: { DockerOptions($0).isOnOwnNetwork ? [] : [.address] })

    @Sendable private static func isImage(_ text: String) -> Bool { ImageReference.isRight(text) }

    @Sendable private static func isMount(_ text: String) -> Bool { Mount(text) != nil }

    @Sendable private static func isHost(_ text: String) -> Bool {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty && !$0.contains(" ") }
    }

    @Sendable private static func isEngine(_ text: String) -> Bool { DockerEngine.Address(text) != nil }

    /// weir finds its containers by labels of its own; nobody else may write them.
    @Sendable private static func ownLabels(_ options: Options) -> [OptionMistake] {
        options.textMap("labels").filter { $0.name.hasPrefix(DockerLabel.prefix) }.map { label in
            OptionMistake(
                field: "labels", message: "'\(label.name)' is one of weir's own labels",
                expected: "names that do not begin with '\(DockerLabel.prefix)'")
        }
    }
}

/// The name of an image: `[HOST[:PORT]/]PATH[:TAG][@DIGEST]`, or the id of one.
///
/// Source: the grammar of github.com/distribution/reference, by which the engine reads it.
enum ImageReference {
    static func isRight(_ text: String) -> Bool {
        var name = Substring(text)
        if let at = name.firstIndex(of: "@") {
            guard isDigest(name[at...].dropFirst()) else { return false }
            name = name[..<at]
        }
        // A colon before the last slash belongs to the host.
        let path = name.lastIndex(of: "/") ?? name.startIndex
        if let colon = name[path...].lastIndex(of: ":") {
            guard name[colon...].dropFirst().wholeMatch(of: #/[A-Za-z0-9_][A-Za-z0-9_.\-]{0,127}/#) != nil else {
                return false
            }
            name = name[..<colon]
        }
        return isName(name)
    }

    /// The first part is a host when something in it can be in no path; then more has to follow.
    private static func isName(_ name: Substring) -> Bool {
        guard name.utf8.count <= longestName else { return false }
        var parts = name.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count > 1, let first = parts.first, isHostLike(first) {
            guard isHost(first) else { return false }
            parts.removeFirst()
        }
        return parts.allSatisfy { $0.wholeMatch(of: #/[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*/#) != nil }
    }

    private static func isHostLike(_ part: Substring) -> Bool {
        part == "localhost" || part.contains { $0 == "." || $0 == ":" || $0.isUppercase }
    }

    private static func isHost(_ part: Substring) -> Bool {
        let address = #/\[[0-9A-Fa-f:.]+\](?::[0-9]+)?/#
        let label = #/[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?/#
        if part.wholeMatch(of: address) != nil { return true }
        let pieces = part.split(separator: ":", omittingEmptySubsequences: false)
        guard let host = pieces.first, pieces.count <= 2 else { return false }
        return host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
            $0.wholeMatch(of: label) != nil
        }
            && pieces.dropFirst().allSatisfy { $0.wholeMatch(of: #/[0-9]+/#) != nil }
    }

    private static func isDigest(_ text: Substring) -> Bool {
        if text.hasPrefix("sha256:") { return text.wholeMatch(of: #/sha256:[a-f0-9]{64}/#) != nil }
        return text.wholeMatch(of: #/[A-Za-z][A-Za-z0-9]*(?:[\-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9A-Fa-f]{32,}/#) != nil
    }

    /// Host and path together. Unit: bytes.
    private static let longestName = 255
}

/// The labels by which weir knows its containers.
enum DockerLabel {
    static let prefix = "weir."
    static let group = "weir.group"
    static let instance = "weir.instance"
    /// The state folder that the container belongs to: two weirs on one engine keep apart.
    static let fleet = "weir.fleet"
    /// The version of the group's launch template.
    static let template = "weir.template"
}

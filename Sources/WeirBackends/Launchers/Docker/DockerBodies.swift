// The JSON of the Engine API, with the API's own names (1.41 and later). Only `DockerWire` reads and writes these.

struct CreateBody: Encodable {
    var image: String
    var command: [String]?
    var entrypoint: [String]?
    var environment: [String]
    var labels: [String: String]
    var user: String?
    var workingDirectory: String?
    var healthCheck: HealthCheck?
    var hostConfig: HostConfig

    enum CodingKeys: String, CodingKey {
        case image = "Image"
        case command = "Cmd"
        case entrypoint = "Entrypoint"
        case environment = "Env"
        case labels = "Labels"
        case user = "User"
        case workingDirectory = "WorkingDir"
        case healthCheck = "Healthcheck"
        case hostConfig = "HostConfig"
    }

    struct HealthCheck: Encodable {
        var test: [String]
        /// Unit: billionths of a second.
        var interval: Int64

        enum CodingKeys: String, CodingKey {
            case test = "Test"
            case interval = "Interval"
        }
    }

    struct HostConfig: Encodable {
        var networkMode: String
        /// Unit: billionths of a CPU.
        var nanoCPUs: Int64?
        /// Unit: bytes.
        var memory: Int?
        var pidsLimit: Int?
        var usesInit: Bool
        var binds: [String]
        var extraHosts: [String]

        enum CodingKeys: String, CodingKey {
            case networkMode = "NetworkMode"
            case nanoCPUs = "NanoCpus"
            case memory = "Memory"
            case pidsLimit = "PidsLimit"
            case usesInit = "Init"
            case binds = "Binds"
            case extraHosts = "ExtraHosts"
        }
    }
}

struct CreatedAnswer: Decodable {
    var id: String

    enum CodingKeys: String, CodingKey {
        case id = "Id"
    }
}

struct VersionAnswer: Decodable {
    /// Podman and engines before 1.12 need not have it.
    var oldest: String?

    enum CodingKeys: String, CodingKey {
        case oldest = "MinAPIVersion"
    }
}

struct RefusalAnswer: Decodable {
    var message: String
}

struct SummaryAnswer: Decodable {
    var id: String
    var state: String
    /// For people: `Up 2 minutes (healthy)`.
    var status: String?
    var labels: [String: String]?

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case state = "State"
        case status = "Status"
        case labels = "Labels"
    }
}

struct InspectionAnswer: Decodable {
    var id: String
    var state: State
    var config: Config
    var networkSettings: NetworkSettings?

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case state = "State"
        case config = "Config"
        case networkSettings = "NetworkSettings"
    }

    struct NetworkSettings: Decodable {
        var networks: [String: Network]?

        enum CodingKeys: String, CodingKey {
            case networks = "Networks"
        }

        struct Network: Decodable {
            var ipAddress: String?

            enum CodingKeys: String, CodingKey {
                case ipAddress = "IPAddress"
            }
        }

        /// Of the first network, by name, on which it has one.
        var address: String? {
            let known = networks ?? [:]
            return known.keys.sorted().compactMap { known[$0]?.ipAddress }.first { !$0.isEmpty }
        }
    }

    struct State: Decodable {
        var status: String
        var exitCode: Int?
        var outOfMemory: Bool?
        var startedAt: String?

        enum CodingKeys: String, CodingKey {
            case startedAt = "StartedAt"
            case status = "Status"
            case exitCode = "ExitCode"
            case outOfMemory = "OOMKilled"
        }
    }

    struct Config: Decodable {
        var labels: [String: String]?

        enum CodingKeys: String, CodingKey {
            case labels = "Labels"
        }
    }
}

struct EventLine: Decodable {
    /// `start`, `die`, `health_status: healthy`, …
    var action: String

    enum CodingKeys: String, CodingKey {
        case action = "Action"
    }
}

/// A line of a pull's progress.
struct ProgressLine: Decodable {
    /// To be dropped in a later version, for `errorDetail`, which is as old. Source: version history, 1.48.
    var error: String?
    var errorDetail: Detail?

    struct Detail: Decodable {
        var message: String?
    }
}

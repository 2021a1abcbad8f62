import WeirPolicy

/// What version 2 says of a container as ECS does, and the docker launcher does alike. Source: Amazon ECS, "Task definition parameters".
extension DockerrunImport {
    static func launcherFields(_ container: Item) -> [PolicyDraft.Entry] {
        extraHosts(container) + labels(container) + initProcess(container) + healthCheck(container)
    }

    /// Keys beside the launcher.
    static func workerFields(_ container: Item) -> [PolicyDraft.Entry] {
        guard let item = container["stopTimeout"], let seconds = item.integer(as: "workers.stop_timeout") else {
            return []
        }
        return [.init("stop_timeout", time: .seconds(seconds), from: item)]
    }

    private static func extraHosts(_ container: Item) -> [PolicyDraft.Entry] {
        let key = "workers.docker.extra_hosts"
        let hosts = (container["extraHosts"]?.items ?? []).compactMap { item -> String? in
            guard let name = item["hostname"]?.text(as: key), let address = item["ipAddress"]?.text(as: key) else {
                return nil
            }
            return "\(name):\(address)"
        }
        return hosts.isEmpty ? [] : [.init("extra_hosts", texts: hosts, from: container["extraHosts"])]
    }

    private static func labels(_ container: Item) -> [PolicyDraft.Entry] {
        let labels = (container["dockerLabels"]?.entries ?? []).compactMap { name, item -> PolicyDraft.Entry? in
            item.text(as: "workers.docker.labels").map { .init(name, text: $0, from: item) }
        }
        return labels.isEmpty ? [] : [.init("labels", section: labels)]
    }

    private static func initProcess(_ container: Item) -> [PolicyDraft.Entry] {
        guard let parameters = container["linuxParameters"] else { return [] }
        defer { parameters.settleParts("the docker launcher has no such key") }
        guard let item = parameters["initProcessEnabled"], let isUsed = item.boolean(as: "workers.docker.init") else {
            return []
        }
        return [.init("init", isUsed, from: item)]
    }

    private static func healthCheck(_ container: Item) -> [PolicyDraft.Entry] {
        guard let check = container["healthCheck"] else { return [] }
        defer {
            check.settle(
                notNeeded: check["retries"]?.plain == "3" ? ["retries": "weir waits for three failures, too"] : [:],
                lost: [
                    "retries": "after three failures in a row the container is unhealthy",
                    "timeout": "the engine's own is in force",
                    "startPeriod": "'health_check_grace_period' of the group says it",
                ])
        }
        guard let command = check["command"], let words = healthCommand(command) else { return [] }
        var entries: [PolicyDraft.Entry] = [.init("health_command", texts: words, from: command)]
        if let item = check["interval"], let seconds = item.integer(as: "workers.docker.health_interval") {
            entries.append(.init("health_interval", time: .seconds(seconds), from: item))
        }
        return entries
    }

    /// The first word says how the others are read.
    private static func healthCommand(_ item: Item) -> [String]? {
        let words = ContainerFields.list(item, as: "workers.docker.health_command")
        switch words.first {
        case "CMD" where words.count > 1: return Array(words.dropFirst())
        case "CMD-SHELL" where words.count == 2: return ["/bin/sh", "-c", words[1]]
        default:
            item.lostWhole("it is neither CMD with words nor CMD-SHELL with a line")
            return nil
        }
    }
}

extension Item {
    /// Accounts for each part that nobody has accounted for yet.
    func settleParts(_ why: String) {
        for (_, part) in entries { part.settle(.told(.notCarried, why)) }
    }
}

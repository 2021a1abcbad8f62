import WeirPolicy

/// A `Dockerrun.aws.json` of an Elastic Beanstalk worker. Source: "Docker configuration", "Multicontainer Docker configuration".
enum DockerrunImport {
    static func isDockerrun(_ document: Document) -> Bool { document.root["AWSEBDockerrunVersion"] != nil }

    /// The range and the cooldown of a worker environment where nothing else is chosen. Source: "General options for all
    /// environments", aws:autoscaling:asg.
    static var usualSizes: [PolicyDraft.Entry] {
        [
            .init("min_size", 1, remark: "what Elastic Beanstalk has when nothing is chosen"),
            .init("max_size", 4, remark: "likewise"),
            .init("default_cooldown", time: .seconds(360), remark: "likewise"),
        ]
    }

    static func workers(_ root: Item) throws(ImportMistake) -> ImportedWorkers {
        root["AWSEBDockerrunVersion"]?.notNeeded("the form of the file")
        for key in ["Authentication", "authentication"] {
            root[key]?.lostWhole("weir logs in nowhere: docker pull the image, and write 'pull: never'")
        }
        switch root["AWSEBDockerrunVersion"]?.plain {
        case "1": return version1(root)
        case "2": return try version2(root)
        default:
            throw ImportMistake(
                "\(root.document.file):\(root["AWSEBDockerrunVersion"]?.node.line ?? 1) has a version that weir does not "
                    + "read: expected 1 or 2")
        }
    }

    // MARK: Version 1

    private static func version1(_ root: Item) -> ImportedWorkers {
        var docker: [PolicyDraft.Entry] = []
        if let name = root["Image"]?["Name"], let image = name.text(as: "workers.docker.image") {
            docker.append(.init("image", text: image, from: name))
            let update = root["Image"]?["Update"]
            // Update is true when it is left out.
            let isPulled = update?.boolean(as: "workers.docker.pull") ?? true
            docker.append(
                .init("pull", isPulled ? "always" : "missing", from: update, remark: isPulled ? "Image.Update" : nil))
        } else {
            docker.append(
                .init("image", "fill-in/worker:latest", remark: "FILL IN: the image that the Dockerfile makes"))
        }
        for (key, word) in [("Entrypoint", "entrypoint"), ("Command", "command")] {
            guard let item = root[key] else { continue }
            let words = ContainerFields.words(
                item, as: "workers.docker.\(word)", isCommandLine: isCommandLine(key, beside: root["Entrypoint"]))
            if !words.isEmpty { docker.append(.init(word, texts: words, from: item)) }
        }
        var mounts: [String] = []
        for volume in root["Volumes"]?.items ?? [] {
            guard let target = volume["ContainerDirectory"], let path = target.plain else { continue }
            guard let source = volume["HostDirectory"], let folder = source.plain else {
                volume.lostWhole("it does not say which folder of the machine is mounted")
                continue
            }
            source.carried("workers.docker.mounts")
            target.carried("workers.docker.mounts")
            mounts.append("\(folder):\(path)")
        }
        if !mounts.isEmpty { docker.append(.init("mounts", texts: mounts, from: root["Volumes"])) }
        root["Ports"]?.lostWhole(ContainerFields.ports)
        root["Logging"]?.lost(ContainerFields.logging)
        return ImportedWorkers(docker: docker)
    }

    /// With an entrypoint, a command is arguments for it.
    private static func isCommandLine(_ key: String, beside entrypoint: Item?) -> Bool {
        entrypoint == nil || key.lowercased() == "entrypoint"
    }

    // MARK: Version 2

    private static func version2(_ root: Item) throws(ImportMistake) -> ImportedWorkers {
        let containers = root["containerDefinitions"]?.items ?? []
        // When an essential container stops, all of them do.
        let isEssential = { (item: Item) in item["essential"]?.plain != "false" }
        guard let chosen = containers.first(where: isEssential) ?? containers.first else {
            throw ImportMistake("\(root.document.file) has no containerDefinitions")
        }
        for other in containers where other.node.path != chosen.node.path {
            other.lostWhole(ContainerFields.several)
        }
        var docker: [PolicyDraft.Entry] = []
        if let image = chosen["image"], let name = image.text(as: "workers.docker.image") {
            docker.append(.init("image", text: name, from: image))
        } else {
            docker.append(.init("image", "fill-in/worker:latest", remark: "FILL IN: what a worker runs"))
        }
        for (key, word) in [("entryPoint", "entrypoint"), ("command", "command")] {
            guard let item = chosen[key] else { continue }
            let words = ContainerFields.words(
                item, as: "workers.docker.\(word)", isCommandLine: isCommandLine(key, beside: chosen["entryPoint"]))
            if !words.isEmpty { docker.append(.init(word, texts: words, from: item)) }
        }
        docker += environment(chosen) + limits(chosen) + mounts(chosen, volumes: root["volumes"]?.items ?? [])
        docker += launcherFields(chosen)
        for (key, word) in [("user", "user"), ("workingDirectory", "working_directory")] {
            guard let item = chosen[key], let text = item.text(as: "workers.docker.\(word)") else { continue }
            docker.append(.init(word, text: text, from: item))
        }
        let together = "what containers do together is one container's here"
        chosen.settle(
            notNeeded: ["name": "weir names containers itself", "essential": "an instance is its container"],
            lost: [
                "portMappings": ContainerFields.ports, "links": together, "volumesFrom": together,
                "dependsOn": together, "logConfiguration": ContainerFields.logging,
                "privileged": "the docker launcher gives no such rights",
            ])
        return ImportedWorkers(docker: docker, workers: workerFields(chosen))
    }

    private static func environment(_ container: Item) -> [PolicyDraft.Entry] {
        var variables: [(name: String, value: Item?)] = []
        for item in container["environment"]?.items ?? [] {
            guard let name = item["name"], let text = name.plain else { continue }
            name.carried("workers.docker.environment")
            variables.append((text, item.written("value")))
        }
        return ContainerFields.environment(variables).map { [$0] } ?? []
    }

    private static func limits(_ container: Item) -> [PolicyDraft.Entry] {
        var entries: [PolicyDraft.Entry] = []
        if let item = container["cpu"], let units = item.integer(as: "workers.docker.cpus"), units > 0 {
            item.changed("1024 units are one CPU; there it is a share beside others, here the most that it gets")
            entries.append(.init("cpus", number: Double(units) / 1024, from: item))
        }
        if let item = container["memory"], let mebibytes = item.integer(as: "workers.docker.memory") {
            entries.append(.init("memory", "\(mebibytes)MiB", from: item))
        }
        container["memoryReservation"]?.lost("nothing is reserved here; 'memory' is the most that a container gets")
        return entries
    }

    private static func mounts(_ container: Item, volumes: [Item]) -> [PolicyDraft.Entry] {
        var mounts: [String] = []
        var mountedVolumes: Set<String?> = []
        for point in container["mountPoints"]?.items ?? [] {
            guard let source = point["sourceVolume"], let name = source.plain, let target = point["containerPath"],
                let path = target.plain
            else { continue }
            let volume = volumes.first { $0["name"]?.plain == name }
            guard volume != nil || !name.hasPrefix("awseb-logs-") else {
                point.lostWhole("a folder for logs that Elastic Beanstalk makes")
                continue
            }
            let folder = volume?["host"]?["sourcePath"]?.plain
            let isReadOnly = point["readOnly"]?.boolean(as: "workers.docker.mounts") ?? false
            for item in [source, target] { item.carried("workers.docker.mounts") }
            mounts.append("\(folder ?? name):\(path)\(isReadOnly ? ":ro" : "")")
            volume?["name"]?.carried("workers.docker.mounts")
            mountedVolumes.insert(name)
            guard let host = volume?["host"] else { continue }
            host["sourcePath"]?.carried("workers.docker.mounts")
            host.settleParts("a mount says a folder or the name of a volume, and no more")
            // What is said of its parts holds.
            host.settle(.carried("workers.docker.mounts"))
        }
        for volume in volumes {
            let isMounted = mountedVolumes.contains(volume["name"]?.plain)
            volume.settleParts(
                isMounted
                    ? "a mount says a folder or the name of a volume, and no more"
                    : "the container that is carried over does not mount it")
        }
        return mounts.isEmpty ? [] : [.init("mounts", texts: mounts, from: container["mountPoints"])]
    }
}

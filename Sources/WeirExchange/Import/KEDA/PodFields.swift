import WeirPolicy

/// The container of a pod as what a worker runs.
enum PodFields {
    /// A Deployment, or what else KEDA may scale.
    static func isWorkload(_ document: Document) -> Bool {
        ["Deployment", "StatefulSet", "ReplicaSet"].contains(document.root["kind"]?.scalarText)
    }

    /// - Parameter template: a PodTemplateSpec.
    static func workers(_ template: Item) -> ImportedWorkers? {
        guard let spec = template["spec"], let container = spec["containers"]?.items.first else { return nil }
        for other in spec["containers"]?.items.dropFirst() ?? [] { other.lostWhole(ContainerFields.several) }
        var found = ImportedWorkers()
        guard let image = container["image"], let name = image.text(as: "workers.docker.image") else { return nil }
        found.docker.append(.init("image", text: name, from: image))
        // A pod's command is a container's entrypoint, and its args are the command.
        for (key, word) in [("command", "entrypoint"), ("args", "command")] {
            guard let item = container[key] else { continue }
            let words = ContainerFields.list(item, as: "workers.docker.\(word)")
            for word in item.items { ContainerFields.tellReferences(in: word) }
            if !words.isEmpty { found.docker.append(.init(word, texts: words, from: item)) }
        }
        if let entry = environment(container) { found.docker.append(entry) }
        found.docker += limits(container)
        if let item = container["workingDir"], let folder = item.text(as: "workers.docker.working_directory") {
            found.docker.append(.init("working_directory", text: folder, from: item))
        }
        if let item = container["imagePullPolicy"] {
            let words = ["Always": "always", "Never": "never", "IfNotPresent": "missing"]
            if let word = item.text(as: "workers.docker.pull").flatMap({ words[$0] }) {
                found.docker.append(.init("pull", word, from: item))
            }
        }
        if let item = spec["terminationGracePeriodSeconds"], let seconds = item.integer(as: "workers.stop_timeout") {
            found.workers.append(.init("stop_timeout", time: .seconds(seconds), from: item))
        }
        settle(template, spec, container)
        return found
    }

    private static func environment(_ container: Item) -> PolicyDraft.Entry? {
        var variables: [(name: String, value: Item?)] = []
        for item in container["env"]?.items ?? [] {
            guard let name = item["name"], let text = name.plain else { continue }
            name.carried("workers.docker.environment")
            guard let source = item["valueFrom"] else {
                variables.append((text, item.written("value")))
                continue
            }
            source.lostWhole("weir knows no ConfigMap and no Secret: write \(text): ${\(text)}, a variable of weir's")
        }
        container["envFrom"]?.lostWhole("weir knows no ConfigMap and no Secret")
        return ContainerFields.environment(variables, expandsReferences: true)
    }

    private static func limits(_ container: Item) -> [PolicyDraft.Entry] {
        var entries: [PolicyDraft.Entry] = []
        let limits = container["resources"]?["limits"]
        if let item = limits?["cpu"], let text = item.text(as: "workers.docker.cpus") {
            let cpus = text.hasSuffix("m") ? Double(text.dropLast()).map { $0 / 1000 } : Double(text)
            if let cpus, cpus.isFinite {
                entries.append(.init("cpus", number: cpus, from: item))
            } else {
                item.lost("it is no number of CPUs")
            }
        }
        if let item = limits?["memory"], let text = item.text(as: "workers.docker.memory") {
            // Kubernetes writes Mi for MiB, and M for MB.
            let size = text.last?.isNumber == true ? text : "\(text)B"
            if let bytes = Quantity.bytes(of: size) ?? Int(text) {
                entries.append(.init("memory", Quantity.text(sizeBytes: bytes), from: item))
            } else {
                item.lost("it is no size such as 256Mi")
            }
        }
        container["resources"]?["requests"]?.lostWhole(
            "nothing is reserved here; limits are the most that a container gets")
        return entries
    }

    private static func settle(_ template: Item, _ spec: Item, _ container: Item) {
        let checks = "write 'health_command', or 'workers.health_check'"
        container.settle(
            notNeeded: ["name": "weir names containers itself"],
            lost: [
                "ports": ContainerFields.ports, "livenessProbe": checks, "readinessProbe": checks,
                "startupProbe": checks, "lifecycle": "write 'lifecycle_hooks'",
                "volumeMounts": "folders of the machine are mounted with 'mounts'",
                "securityContext": "'user' is what there is of it",
            ])
        let cluster = "about the cluster: weir has one machine"
        spec.settle(
            notNeeded: ["restartPolicy": "weir launches another where one is wanted"],
            lost: [
                "volumes": "folders of the machine are mounted with 'mounts'",
                "initContainers": ContainerFields.several,
                "serviceAccountName": cluster, "nodeSelector": cluster, "tolerations": cluster, "affinity": cluster,
                "imagePullSecrets": "weir logs in nowhere: docker pull the image, and write 'pull: never'",
                "securityContext": "'user' is what there is of it", "topologySpreadConstraints": cluster,
            ])
        template["metadata"]?.settle(.notNeeded("about the pod, and not about the worker"))
    }
}

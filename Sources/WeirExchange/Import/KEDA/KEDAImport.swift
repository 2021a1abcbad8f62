import WeirCore
import WeirPolicy

/// A ScaledObject or a ScaledJob of KEDA as a policy file. Source: KEDA, "ScaledObject specification", "ScaledJob specification";
/// Kubernetes, "Horizontal Pod Autoscaling", algorithm details.
struct KEDAImport {
    let root: Item
    var draft: PolicyDraft
    var notes: [Note] = []
    /// In seconds; KEDA's own default is 30.
    private(set) var pollingInterval = 30
    private(set) var minimum = 0

    static func isScaled(_ document: Document) -> Bool {
        document.root["apiVersion"]?.scalarText?.hasPrefix("keda.sh/") == true
            && ["ScaledObject", "ScaledJob"].contains(document.root["kind"]?.scalarText)
    }

    /// What KEDA needs besides, and weir does not.
    static func isBeside(_ document: Document) -> Bool {
        ["TriggerAuthentication", "ClusterTriggerAuthentication"].contains(document.root["kind"]?.scalarText)
    }

    static func name(of document: Document) -> String {
        document.root["metadata"]?["name"]?.scalarText ?? "workers"
    }

    private var isJob: Bool { root.node["kind"]?.scalarText == "ScaledJob" }

    init(_ root: Item) {
        self.root = root
        let name = root["metadata"]?["name"]
        draft = PolicyDraft(group: .init("group", text: GroupName.text(name?.plain ?? "workers"), from: name))
        name?.carried("group")
    }

    mutating func run() throws(ImportMistake) {
        guard let spec = root["spec"] else {
            throw ImportMistake("\(root.document.file):\(root.node.line) has no spec")
        }
        readSizes(spec)
        readTriggers(spec)
        settle(spec)
    }

    // MARK: Sizes and times

    private mutating func readSizes(_ spec: Item) {
        if let item = spec["pollingInterval"], let seconds = item.integer(as: "queue.poll_interval") {
            pollingInterval = max(seconds, 1)
        }
        minimum = spec["minReplicaCount"]?.integer(as: "min_size") ?? 0
        let most = spec["maxReplicaCount"]?.integer(as: "max_size") ?? 100
        draft.sizes = [
            .init("min_size", minimum, from: spec["minReplicaCount"], remark: usual(spec["minReplicaCount"])),
            .init("max_size", most, from: spec["maxReplicaCount"], remark: usual(spec["maxReplicaCount"])),
        ]
    }

    private func usual(_ item: Item?) -> String? { item == nil ? "what KEDA has when nothing is said" : nil }

    private func settle(_ spec: Item) {
        root.settle(
            notNeeded: [
                "apiVersion": "the form of the file", "kind": "the form of the file", "status": AWSStock.presentState,
            ],
            lost: [:])
        root["metadata"]?["annotations"]?.settle(
            .told(.notCarried, "weir knows no annotations: a pause, for instance, is weir suspend"))
        root["metadata"]?.settle(.notNeeded("about the object, and not about the scaling"))
        let history = "weir keeps its records by age and size"
        spec.settle(
            notNeeded: ["successfulJobsHistoryLimit": history, "failedJobsHistoryLimit": history],
            lost: [
                "idleReplicaCount": "there is one minimum: 'min_size'",
                "initialCooldownPeriod": "at the start the same times hold as ever after",
                "envSourceContainerName": "an instance of weir is one container",
                "rollout": "'instance_refresh' says how instances are replaced",
                "rolloutStrategy": "'instance_refresh' says how instances are replaced",
                "scalingStrategy":
                    "weir counts instances that are on their way as capacity, and launches for no message twice",
            ])
        let advanced = spec["advanced"]
        advanced?.settle(
            notNeeded: ["restoreToOriginalReplicaCount": "without its policy file a group ends its instances"],
            lost: ["scalingModifiers": "write the formula under 'metrics'"])
        advanced?["horizontalPodAutoscalerConfig"]?["name"]?.notNeeded("weir makes no such object")
    }

    // MARK: Triggers

    private mutating func readTriggers(_ spec: Item) {
        var trigger: QueueTrigger?
        for item in spec["triggers"]?.items ?? [] {
            let type = item["type"]?.plain ?? ""
            item["type"]?.notNeeded("the source's key says it")
            item["name"]?.notNeeded("a name for people")
            item["authenticationRef"]?.lost("weir has credentials of its own: see the page of the source")
            item["useCachedMetrics"]?.notNeeded("each measurement is taken once")
            if type == "cron" {
                readCron(item)
            } else if trigger != nil, QueueTrigger.types.contains(type) {
                item.lostWhole("a group measures one queue; what several say can be put together by the command source")
            } else {
                do throws(NotCarried) {
                    trigger = try QueueTrigger(type, item, notes: &notes)
                } catch {
                    item.lostWhole(error.why)
                }
            }
        }
        guard let trigger else {
            notes.append(Note(.fillIn, path: "queue", why: "no trigger says where the work of the group waits"))
            draft.queue = [.init("embedded", text: draft.groupName, remark: "FILL IN: where work waits")]
            for key in ["advanced", "cooldownPeriod", "fallback"] {
                spec[key]?.lost("without a queue there is nothing that it speaks of")
            }
            return
        }
        draft.queue =
            trigger.source + [
                .init(
                    "poll_interval", time: .seconds(pollingInterval), from: spec["pollingInterval"],
                    remark: usual(spec["pollingInterval"]))
            ]
        readFallback(spec)
        writeScaling(trigger, spec)
    }

    private mutating func readCron(_ item: Item) {
        guard let metadata = item["metadata"], let start = metadata["start"]?.text(as: "recurrence"),
            let end = metadata["end"]?.text(as: "recurrence"),
            let count = metadata["desiredReplicas"]?.integer(as: "scheduled_actions.min_size")
        else {
            item.lostWhole("it does not say when it starts and ends, and how many it wants")
            return
        }
        let zone = metadata["timezone"]?.text(as: "time_zone")
        let number = draft.scheduledActions.count / 2
        let suffix = number == 0 ? "" : "-\(number + 1)"
        for (name, recurrence, size, key) in [
            ("start\(suffix)", start, count, "start"), ("end\(suffix)", end, minimum, "end"),
        ] {
            var entries: [PolicyDraft.Entry] = [.init("recurrence", text: recurrence, from: metadata[key])]
            if let zone { entries.append(.init("time_zone", text: zone, from: metadata["timezone"])) }
            entries.append(.init("min_size", size, from: key == "start" ? metadata["desiredReplicas"] : nil))
            draft.scheduledActions.append(.init(name, section: entries))
        }
        item["type"]?.changed("between its start and its end the minimum is higher; other triggers count as before")
    }

    private mutating func readFallback(_ spec: Item) {
        guard let fallback = spec["fallback"], let item = fallback["replicas"],
            let count = item.integer(as: "queue.fallback")
        else { return }
        let failures = fallback["failureThreshold"]?.integer(as: "queue.fallback_after") ?? 1
        draft.queue += [
            .init("fallback", section: [.init("capacity", count, from: item)]),
            .init("fallback_after", time: .seconds(failures * pollingInterval), from: fallback["failureThreshold"]),
        ]
        item.changed("as many as there were stay, if that is more")
        fallback["behavior"]?.settle(.told(.notCarried, "weir falls back to a number, or holds what there is"))
    }
}

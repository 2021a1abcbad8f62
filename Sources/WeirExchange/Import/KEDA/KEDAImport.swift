import WeirCore
import WeirPolicy

/// A ScaledObject or a ScaledJob of KEDA as a policy file. Source: KEDA, "ScaledObject specification", "ScaledJob specification";
/// Kubernetes, "Horizontal Pod Autoscaling", algorithm details.
struct KEDAImport {
    let root: Item
    var draft: PolicyDraft
    var notes: [Note] = []
    /// How often the work is counted. Unit: seconds.
    private(set) var pace = KEDAImport.usualPollingInterval
    private(set) var minimum = 0

    private static let usualPollingInterval = 30
    /// Source: kube-controller-manager, --horizontal-pod-autoscaler-sync-period.
    private static let autoscalerInterval = 15

    static func isScaled(_ document: Document) -> Bool {
        document.root["apiVersion"]?.scalarText?.hasPrefix("keda.sh/") == true
            && ["ScaledObject", "ScaledJob"].contains(document.root["kind"]?.scalarText)
    }

    /// Any object of Kubernetes.
    static func isManifest(_ document: Document) -> Bool {
        document.root["apiVersion"]?.scalarText != nil && document.root["kind"]?.scalarText != nil
    }

    /// What KEDA needs besides, and weir does not.
    static func isBeside(_ document: Document) -> Bool {
        ["TriggerAuthentication", "ClusterTriggerAuthentication"].contains(document.root["kind"]?.scalarText)
    }

    static func name(of document: Document) -> String {
        document.root["metadata"]?["name"]?.scalarText ?? "workers"
    }

    var isJob: Bool { root.node["kind"]?.scalarText == "ScaledJob" }

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
        minimum = spec["minReplicaCount"]?.integer(as: "min_size") ?? 0
        let most = spec["maxReplicaCount"]?.integer(as: "max_size") ?? 100
        draft.sizes = [
            .init("min_size", minimum, from: spec["minReplicaCount"], remark: usual(spec["minReplicaCount"])),
            .init("max_size", most, from: spec["maxReplicaCount"], remark: usual(spec["maxReplicaCount"])),
        ]
        if isJob { protectJobs() }
    }

    /// KEDA starts jobs, and leaves it to them when they end.
    private mutating func protectJobs() {
        draft.sizes.append(.init("protect_from_scale_in", true, remark: "KEDA ends no job that runs"))
        root["kind"]?.changed(
            "KEDA ends no job that runs: instances are protected from scale-in, and end when their process does. While as many "
                + "are desired as before, weir replaces one that has ended, so that a worker that finds nothing has to end "
                + "by itself. When instances end within \(Quantity.text(Limits.idleDeath)), or within "
                + "\(Quantity.text(Limits.youngDeath)) with an error, weir waits before it launches more")
    }

    /// KEDA itself asks for jobs, and for the way from zero to one; else it is the HorizontalPodAutoscaler who asks, and is
    /// given a new figure each time unless the trigger keeps the last one.
    private mutating func readPace(_ spec: Item, _ trigger: Item) -> PolicyDraft.Entry {
        let item = spec["pollingInterval"]
        let written = item?.integer(as: "queue.poll_interval")
        let isKept = trigger["useCachedMetrics"]?.boolean(as: "queue.poll_interval") ?? false
        pace = max(written ?? Self.usualPollingInterval, 1)
        guard !isJob, !isKept, pace > Self.autoscalerInterval else {
            return .init("poll_interval", time: .seconds(pace), from: item, remark: usual(item))
        }
        pace = Self.autoscalerInterval
        if written != nil {
            item?.changed(
                "KEDA asks so seldom only for the way from zero to one; from there on a HorizontalPodAutoscaler asks every "
                    + "\(pace) s, and so does weir")
        }
        return .init("poll_interval", time: .seconds(pace), remark: "as often as a HorizontalPodAutoscaler asks")
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
                    "instances that run or are on their way count as capacity, as with KEDA's strategy 'default'",
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
        var crons: [Item] = []
        for item in spec["triggers"]?.items ?? [] {
            let type = item["type"]?.plain ?? ""
            item["type"]?.notNeeded("the source's key says it")
            item["name"]?.notNeeded("a name for people")
            item["authenticationRef"]?.lost("weir has credentials of its own: see the page of the source")
            item["useCachedMetrics"]?.notNeeded("each measurement is taken once")
            if type == "cron" {
                crons.append(item)
            } else if trigger != nil, QueueTrigger.types.contains(type) {
                item.lostWhole("a group measures one queue; what several say can be put together by the command source")
            } else {
                do throws(NotCarried) {
                    trigger = try QueueTrigger(type, item, notes: &notes)
                    draft.queue = (trigger?.source ?? []) + [readPace(spec, item)]
                } catch {
                    item.lostWhole(error.why)
                }
            }
        }
        readCrons(crons, areAlone: trigger == nil)
        guard let trigger else {
            notes.append(Note(.fillIn, path: "queue", why: "no trigger says where the work of the group waits"))
            draft.queue = [.init("embedded", text: draft.groupName, remark: "FILL IN: where work waits")]
            for key in ["advanced", "cooldownPeriod", "fallback", "pollingInterval"] {
                spec[key]?.lost("without a queue there is nothing that it speaks of")
            }
            return
        }
        readFallback(spec)
        writeScaling(trigger, spec)
    }

    private mutating func readFallback(_ spec: Item) {
        guard let fallback = spec["fallback"], let item = fallback["replicas"],
            let count = item.integer(as: "queue.fallback")
        else { return }
        let failures = fallback["failureThreshold"]?.integer(as: "queue.fallback_after") ?? 1
        draft.queue += [
            .init("fallback", section: [.init("capacity", count, from: item)]),
            .init(
                "fallback_after", time: .seconds(min(failures * pace, Item.largestInteger)),
                from: fallback["failureThreshold"]),
        ]
        item.changed("as many as there were stay, if that is more")
        fallback["behavior"]?.settle(.told(.notCarried, "weir falls back to a number, or holds what there is"))
    }
}

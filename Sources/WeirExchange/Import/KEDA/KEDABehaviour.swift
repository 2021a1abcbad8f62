/// How fast a group may follow: `behavior` of the HorizontalPodAutoscaler, and KEDA's `cooldownPeriod`.
struct KEDABehaviour {
    let up: Item?
    let down: Item?
    private let cooldown: Item?
    private let minimum: Int
    private let isJob: Bool

    /// How long a group waits in one direction.
    struct Window {
        var seconds: Int
        /// What says so; nil where nothing does.
        var item: Item?
        var remark: String?
    }

    /// What Kubernetes and KEDA have when nothing is said. Unit: seconds.
    private static let usualWindow = 300
    private static let usualCooldown = 300

    init(_ spec: Item, minimum: Int, isJob: Bool) {
        let behaviour = spec["advanced"]?["horizontalPodAutoscalerConfig"]?["behavior"]
        up = behaviour?["scaleUp"]
        down = behaviour?["scaleDown"]
        cooldown = spec["cooldownPeriod"]
        self.minimum = minimum
        self.isJob = isJob
    }

    /// What holds for any way to follow.
    func settle() {
        for side in [up, down] {
            side?["selectPolicy"]?.notNeeded("it chooses among policies, of which there is one at most here")
        }
        if let item = up?["selectPolicy"], item.plain == Self.disabled {
            item.lost("a policy that never adds: 'weir suspend GROUP Launch' holds launches back")
        }
    }

    func scaleOutWindow(as key: String) -> Window {
        let item = up?["stabilizationWindowSeconds"]
        return Window(seconds: item?.integer(as: key) ?? 0, item: item)
    }

    /// The longer of the window and of the time before the way to zero, as weir has one for both.
    func scaleInWindow(as key: String) -> Window {
        if isJob { return Window(seconds: 0, remark: "who ends, ends by itself") }
        let item = down?["stabilizationWindowSeconds"]
        let usual = "what Kubernetes and KEDA have when nothing is said"
        let window = Window(
            seconds: item?.integer(as: key) ?? Self.usualWindow, item: item, remark: item == nil ? usual : nil)
        if minimum > 0 {
            cooldown?.notNeeded("it is for the way to zero only, and there is a minimum")
            return window
        }
        let seconds = cooldown?.integer(as: key) ?? Self.usualCooldown
        guard seconds > window.seconds else {
            cooldown?.changed("weir goes to zero when it scales in: after the longer of the two times")
            return window
        }
        cooldown?.changed("KEDA waits so long before it goes to zero, weir before each scale-in")
        if cooldown == nil {
            item?.changed("weir has one time for both: KEDA waits \(seconds) s before it goes to zero, which is longer")
        }
        return Window(seconds: seconds, item: cooldown, remark: cooldown == nil ? usual : nil)
    }

    var disabledScaleIn: PolicyDraft.Entry? {
        guard let item = down?["selectPolicy"], item.plain == Self.disabled else { return nil }
        item.carried("disable_scale_in")
        return .init("disable_scale_in", true, from: item)
    }

    /// How fast to scale in says nothing where nothing is scaled in.
    func settleWithoutScaleIn() {
        for key in ["stabilizationWindowSeconds", "policies"] { down?[key]?.notNeededWhole("nothing is scaled in") }
        minimum > 0
            ? cooldown?.notNeeded("it is for the way to zero only, and there is a minimum")
            : cooldown?.lost("KEDA goes to zero all the same; weir scales in or does not")
    }

    /// `4/15s`, `50%/60s`: the one policy that a side has.
    func rate(_ side: Item?, _ key: String) -> PolicyDraft.Entry? {
        guard let policies = side?["policies"], let policy = policies.items.first else { return nil }
        guard policies.items.count == 1 else {
            policies.lostWhole("one rate in each direction is what there is")
            return nil
        }
        let units = ["Pods": "", "Percent": "%"]
        guard let unit = policy["type"]?.text(as: key).flatMap({ units[$0] }),
            let value = policy["value"]?.integer(as: key),
            let period = policy["periodSeconds"]?.integer(as: key), value > 0, period > 0
        else {
            policies.lostWhole("it is no number of Pods or Percent in so many seconds")
            return nil
        }
        return .init(key, text: "\(value)\(unit)/\(period)s", from: policy)
    }

    private static let disabled = "Disabled"
}

/// How fast a group may follow: `behavior` of the HorizontalPodAutoscaler, and KEDA's `cooldownPeriod`.
struct KEDABehaviour {
    let up: Item?
    let down: Item?
    private let cooldown: Item?
    private let minimum: Int

    static let usualWindow = "300 s, what Kubernetes and KEDA have when nothing is said"
    private static let usualWindowSeconds = 300

    init(_ spec: Item, minimum: Int) {
        let behaviour = spec["advanced"]?["horizontalPodAutoscalerConfig"]?["behavior"]
        up = behaviour?["scaleUp"]
        down = behaviour?["scaleDown"]
        cooldown = spec["cooldownPeriod"]
        self.minimum = minimum
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

    /// In seconds.
    func scaleOutWindow(as key: String) -> (seconds: Int, from: Item?) {
        let item = up?["stabilizationWindowSeconds"]
        return (item?.integer(as: key) ?? 0, item)
    }

    /// The longer of the window and of the time before the way to zero, as weir has one for both. In seconds.
    func scaleInWindow(as key: String) -> (seconds: Int, from: Item?) {
        let item = down?["stabilizationWindowSeconds"]
        let window = item?.integer(as: key) ?? Self.usualWindowSeconds
        guard let cooldown, let seconds = cooldown.integer(as: key) else { return (window, item) }
        if minimum > 0 {
            cooldown.notNeeded("it is for the way to zero only, and there is a minimum")
        } else if seconds > window {
            cooldown.changed("KEDA waits so long before it goes to zero, weir before each scale-in")
            return (seconds, cooldown)
        } else {
            cooldown.changed("weir goes to zero when it scales in: after the longer of the two times")
        }
        return (window, item)
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

import WeirAPI
import WeirCore

/// What a policy that decides beside a group would have done, beside what was done.
enum ShadowText {
    static func lines(_ shadow: ShadowView) -> [String] {
        var lines = [
            "\(shadow.policy) since \(StatusText.time(shadow.since)), \(span(shadow.seen)) seen",
            "desired \(shadow.desiredCapacity), in service \(shadow.inService); "
                + "launches \(shadow.shadow.launches) (live \(shadow.live.launches)), "
                + "terminations \(shadow.shadow.terminations) (live \(shadow.live.terminations))",
            "worker-hours \(hours(shadow.shadow)) (live \(hours(shadow.live))\(difference(shadow)))",
        ]
        if let waits = shadow.shadow.waits, let live = shadow.live.waits {
            let measured = shadow.measuredMeanWait.map { "; live as measured: mean \(span($0))" } ?? ""
            lines.append("waits by the model: \(text(waits)) (live: \(text(live))\(measured))")
        } else {
            lines.append("waits: not known yet, after \(numberText(shadow.completions.rounded())) jobs")
        }
        if let decision = shadow.lastChange ?? shadow.lastDecision { lines.append(DecisionLine.text(decision)) }
        return lines
    }

    private static func text(_ waits: ShadowView.WaitsView) -> String {
        "mean \(span(waits.mean)), p95 \(span(waits.p95)), longest \(span(waits.max))"
    }

    private static func hours(_ side: ShadowView.SideView) -> String { rounded(side.workerHours, 3) }

    private static func difference(_ shadow: ShadowView) -> String {
        guard shadow.live.workerHours > 0 else { return "" }
        let share = (shadow.shadow.workerHours / shadow.live.workerHours - 1) * 100
        return ", \(share < 0 ? "−" : "+")\(rounded(abs(share), 0)) %"
    }

    /// `2.5s`, `42s`, `12.3m`, `4.2h`.
    private static func span(_ seconds: Double) -> String {
        switch seconds {
        case ..<10: rounded(seconds, 1) + "s"
        case ..<120: rounded(seconds, 0) + "s"
        case ..<7200: rounded(seconds / 60, 1) + "m"
        default: rounded(seconds / 3600, 1) + "h"
        }
    }

    private static func rounded(_ value: Double, _ places: Int) -> String {
        let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
        return numberText((value * scale).rounded() / scale)
    }
}

import Glibc

/// The horizontal axis of a panel: places in pixels, and labels.
struct Across {
    let ticks: [Tick]
    private let frame: Box
    private let from: Double
    private let to: Double
    private let isLogarithmic: Bool
    /// What the place of 0 takes before all others. Unit: pixels.
    private var zeroWidth = 0.0

    init(_ axis: Panel.Horizontal, _ time: TimeAxis, _ frame: Box) {
        self.frame = frame
        switch axis {
        case .time, .ownTime:
            (from, to, isLogarithmic) = (0, time.span, false)
            ticks = TimeTicks.on(time, count: Int(frame.width / 70))
        case .numbers(let most):
            ticks = Ticks.numbers(to: most, count: max(Int(frame.width / 110), 2), isWhole: false)
            (from, to, isLogarithmic) = (0, ticks.last?.value ?? most, false)
        case .durations(let least, let most, let zero):
            (from, to, isLogarithmic) = (least, most, true)
            zeroWidth = zero ? min(62, frame.width / 4) : 0
            let named = Ticks.logarithmic(from: least, to: most, gap: min(62 / (frame.width - zeroWidth), 1))
            ticks = (zero ? [Tick(value: 0, label: NumberText.duration(0))] : []) + named
        }
    }

    func x(_ value: Double) -> Double {
        if zeroWidth > 0, value == 0 { return frame.x + zeroWidth / 4 }
        let share = isLogarithmic ? log(max(value, from) / from) / log(to / from) : (value - from) / (to - from)
        // An axis of no length has one place.
        return frame.x + zeroWidth + (share.isNaN ? 0 : min(max(share, 0), 1)) * (frame.width - zeroWidth)
    }
}

extension Panel.Horizontal {
    var isTime: Bool {
        switch self {
        case .time, .ownTime: true
        case .durations, .numbers: false
        }
    }
}

import WeirCore
import WeirPolicy

/// The figures of a policy file that may move, and between which bounds: those of its scaling policies and alarms, and its cooldowns.
public struct GivenFigures: Sendable {
    /// One figure, or several that are one: the end of a step is the beginning of the next.
    struct Movable: Sendable {
        var figures: [PolicyFigure]
        var parameter: Parameter
        /// What is below zero stays there.
        var isNegative: Bool
    }

    let movable: [Movable]
    public var parameters: [Parameter] { movable.map(\.parameter) }
    public var start: [Double] { movable.map { abs($0.figures[0].value) } }

    /// - Parameters:
    ///   - figures: all of the file.
    ///   - fixed: names, or beginnings of names, of those that stay.
    ///   - only: likewise of those that may move; empty: all that weir would choose.
    public init(_ figures: [PolicyFigure], _ setting: Setting, fixed: [String], only: [String]) {
        func isNamed(_ figure: PolicyFigure, by names: [String]) -> Bool {
            names.contains { Self.name($0, covers: figure.name) }
        }
        var movable: [Movable] = []
        for figure in figures {
            let isChosen = only.isEmpty ? Self.isChosen(figure) : isNamed(figure, by: only)
            guard isChosen, !isNamed(figure, by: fixed), Self.canMove(figure) else { continue }
            if Self.isBound(figure), let twin = movable.firstIndex(where: { Self.areOne($0.figures[0], figure) }) {
                movable[twin].figures.append(figure)
                continue
            }
            guard let domain = Self.domain(of: figure, setting) else { continue }
            movable.append(
                Movable(figures: [figure], parameter: Parameter(figure.name, domain), isNegative: figure.value < 0))
        }
        self.movable = movable
    }

    /// The name itself, or what stands below it.
    public static func name(_ name: String, covers other: String) -> Bool {
        other == name || other.hasPrefix(name + ".") || other.hasPrefix(name + "[")
    }

    /// Names that `--fix` and `--only` can name.
    public static func names(_ figures: [PolicyFigure]) -> [String] { figures.filter(canMove).map(\.name) }

    // MARK: Which

    /// What a kind of scaling is made of, and another one replaces.
    public static let ofKinds = ["alarms", "scaling_policies"]

    private static func isChosen(_ figure: PolicyFigure) -> Bool {
        ofKinds.contains(figure.keys[0]) || figure.name == "default_cooldown"
    }

    /// What the work and the workers are like is not for a policy to choose.
    private static func canMove(_ figure: PolicyFigure) -> Bool {
        let onRequest = ["min_size", "desired_capacity", "default_cooldown", "workers.warmup"]
        guard ofKinds.contains(figure.keys[0]) else { return onRequest.contains(figure.name) }
        return figure.keys.last != "seconds_per_message" && figure.keys.last != "evaluation_range"
    }

    private static func isBound(_ figure: PolicyFigure) -> Bool {
        figure.keys.count == 5 && ["lower", "upper"].contains(figure.keys[4])
    }

    /// Bounds of steps of one policy at the same place.
    private static func areOne(_ one: PolicyFigure, _ other: PolicyFigure) -> Bool {
        isBound(one) && one.keys[1] == other.keys[1] && one.value == other.value
    }

    // MARK: Between which bounds

    /// Nil: it stays as it is. Bounds follow from what the figure is now and from the load.
    private static func domain(of figure: PolicyFigure, _ setting: Setting) -> Parameter.Domain? {
        let size = abs(figure.value)
        switch figure.keys.last {
        case "period": return including(size, setting.periods)
        case "cooldown", "warmup", "default_cooldown": return including(size, setting.pauses)
        case "evaluation_periods", "datapoints_to_alarm", "scale_in_evaluation_periods", "scale_in_datapoints_to_alarm":
            return .counts(least: 1, most: max(20, Int(size) * 2))
        case "scale_in_below": return .share(least: 0.3, most: 1)
        case "adjustment", "min_adjustment_magnitude":
            guard size > 0 else { return nil }
            return .counts(least: 1, most: mostAdjustment(figure, setting))
        case "min_size", "desired_capacity":
            return .counts(least: 0, most: min(setting.mostInstances, setting.group.maxSize))
        case "threshold" where size == 0:
            return figure.kind == .number ? .counts(least: 0, most: setting.mostWaiting) : nil
        default:
            guard size > 0 else { return nil }
            let isWhole = size == size.rounded() && size >= 1
            return isWhole && figure.kind != .time
                ? .counts(least: 1, most: Int(min(max(size * 16, 16), 1e12)))
                : .scale(least: size / 16, most: size * 16)
        }
    }

    private static func including(_ value: Double, _ domain: Parameter.Domain) -> Parameter.Domain {
        guard case .choice(let values) = domain, !values.contains(value) else { return domain }
        return .choice((values + [value]).sorted())
    }

    private static func mostAdjustment(_ figure: PolicyFigure, _ setting: Setting) -> Int {
        let policy = setting.group.scalingPolicies.first { figure.keys.contains($0.name) }
        let type: AdjustmentType? =
            switch policy?.kind {
            case .step(let scaling): scaling.adjustmentType
            case .simple(let scaling): scaling.adjustmentType
            case .targetTracking, .backlogTracking, .waitTarget, nil: nil
            }
        let isPercent = type == .percentChangeInCapacity && figure.keys.last == "adjustment"
        if isPercent { return figure.value < 0 ? 100 : 400 }
        return max(setting.mostInstances, Int(abs(figure.value)))
    }

    // MARK: What a file says

    /// - Parameter values: of the parameters, in their order.
    func changes(_ values: [Double]) -> [(figure: PolicyFigure, value: Double)] {
        var sizes = values
        sortBounds(&sizes)
        boundDatapoints(&sizes)
        return zip(movable, sizes).flatMap { movable, size in
            movable.figures.map { ($0, movable.isNegative ? -size : size) }
        }
    }

    /// Steps follow each other however their ends were moved.
    private func sortBounds(_ sizes: inout [Double]) {
        let bounds = movable.indices.filter { Self.isBound(movable[$0].figures[0]) }
        for first in bounds {
            func isOfSame(_ place: Int) -> Bool {
                movable[place].figures[0].keys[1] == movable[first].figures[0].keys[1]
                    && movable[place].isNegative == movable[first].isNegative
            }
            let places = bounds.filter(isOfSame).sorted {
                abs(movable[$0].figures[0].value) < abs(movable[$1].figures[0].value)
            }
            let sorted = places.map { sizes[$0] }.sorted()
            for (place, size) in zip(places, sorted) { sizes[place] = size }
        }
    }

    /// M of N is at most N.
    private func boundDatapoints(_ sizes: inout [Double]) {
        for (place, item) in movable.enumerated() where item.parameter.name.hasSuffix("datapoints_to_alarm") {
            let name = item.parameter.name.dropLast("datapoints_to_alarm".count) + "evaluation_periods"
            guard let most = movable.firstIndex(where: { $0.parameter.name == name }) else { continue }
            sizes[place] = min(sizes[place], sizes[most])
        }
    }
}

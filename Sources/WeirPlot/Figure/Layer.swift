/// What is drawn in a panel, in one colour.
public struct Layer: Sendable, Equatable {
    /// In the legend; nil: it is not in it.
    public var name: String?
    public var tone: Tone
    public var content: Content

    public init(_ name: String?, _ tone: Tone, _ content: Content) {
        self.name = name
        self.tone = tone
        self.content = content
    }

    public enum Content: Sendable, Equatable {
        case steps(Series, Stroke = .solid)
        /// Filled down to zero.
        case area(Series)
        /// Filled between two series of the same places.
        case band(from: Series, to: Series)
        /// Straight lines between points, filled down to zero.
        case curve([Point])
        /// Straight lines between points.
        case line([Point], Stroke = .solid)
        /// Small ones, without labels.
        case dots([Point])
        /// Points with a label each.
        case points([LabelledPoint])
        /// Bars in lanes.
        case spans([Span], Stroke = .solid)
        /// Small triangles in lanes.
        case marks([Mark])
    }
}

/// How lines of one colour are told apart, and bars.
public enum Stroke: Sendable, Equatable, CaseIterable {
    case solid, dashed, dotted, dashDotted

    /// Strokes and gaps in turn; none: it is whole. Unit: pixels.
    var dash: [Double] {
        switch self {
        case .solid: []
        case .dashed: [5, 3]
        case .dotted: [2, 2]
        case .dashDotted: [8, 2, 2, 2]
        }
    }
}

/// Values that hold for equal spans of time, one after the other from the beginning of the axis. A value that is not a number is unknown: a gap.
public struct Series: Sendable, Equatable {
    /// For how long each holds. Unit: seconds.
    public var width: Double
    public var values: [Double]

    public init(width: Double, values: [Double]) {
        self.width = width
        self.values = values
    }
}

public struct Point: Sendable, Equatable {
    public var x: Double
    public var y: Double

    public init(_ x: Double, _ y: Double) {
        self.x = x
        self.y = y
    }
}

public struct LabelledPoint: Sendable, Equatable {
    public var point: Point
    /// Empty: the point alone is drawn.
    public var label: String

    public init(_ point: Point, _ label: String) {
        self.point = point
        self.label = label
    }
}

/// From one moment to another, in a lane.
public struct Span: Sendable, Equatable {
    /// From 0.
    public var lane: Int
    /// Unit: seconds.
    public var from: Double
    public var to: Double

    public init(lane: Int, from: Double, to: Double) {
        self.lane = lane
        self.from = from
        self.to = to
    }
}

/// A moment, in a lane.
public struct Mark: Sendable, Equatable {
    public var lane: Int
    /// Unit: seconds.
    public var at: Double
    public var pointsUp: Bool
    /// Shown when somebody points at it.
    public var text: String

    public init(lane: Int, at: Double, pointsUp: Bool, text: String) {
        self.lane = lane
        self.at = at
        self.pointsUp = pointsUp
        self.text = text
    }
}

/// Colours that people with any colour vision can tell apart.
///
/// Source: Okabe and Ito, "Color Universal Design"; lighter ones of the same hue on a dark ground.
public enum Tone: String, Sendable, CaseIterable {
    case blue
    case sky
    case orange
    case green
    case vermillion
    case purple
    case grey
}

/// What is to be drawn: panels under each other. Nothing in it knows of pixels.
public struct Figure: Sendable, Equatable {
    public var title: String
    /// Lines below the title: what was drawn, from what.
    public var subtitle: [String]
    public var time: TimeAxis
    public var panels: [Panel]
    /// Lines below the panels: what a reader has to know to read them right.
    public var notes: [String]

    public init(
        title: String, subtitle: [String] = [], time: TimeAxis, panels: [Panel], notes: [String] = []
    ) {
        self.title = title
        self.subtitle = subtitle
        self.time = time
        self.panels = panels
        self.notes = notes
    }
}

/// The axis that the panels share. Places on it are seconds since its beginning.
public struct TimeAxis: Sendable, Equatable {
    /// What the clock shows at its beginning, in milliseconds since 1970, UTC; nil where no calendar is known, and then time is counted
    /// from the beginning.
    public var beginsAt: Int64?
    /// Unit: seconds. Range: above 0.
    public var span: Double

    public init(beginsAt: Int64?, span: Double) {
        self.beginsAt = beginsAt
        self.span = span
    }
}

/// One panel: a heading, axes, and layers drawn over each other in their order.
public struct Panel: Sendable, Equatable {
    public var title: String
    public var horizontal: Horizontal
    public var vertical: Vertical
    public var layers: [Layer]
    /// Of the plot without heading and labels. Unit: pixels.
    public var height: Double

    /// - Parameter height: ignored where there are lanes; these know how high they are.
    public init(
        _ title: String, over horizontal: Horizontal = .time, _ vertical: Vertical, height: Double, _ layers: [Layer]
    ) {
        self.title = title
        self.horizontal = horizontal
        self.vertical = vertical
        self.layers = layers
        self.height = height
    }

    public enum Horizontal: Sendable, Equatable {
        /// The time axis of the figure.
        case time
        /// A time axis of its own.
        case ownTime(TimeAxis)
        /// Seconds, each octave as wide as any other. Range: from `least`, above 0, to `most`; with `zero`, 0 has a place of its own
        /// before them.
        case durations(least: Double, most: Double, zero: Bool = false)
        /// From 0 to `most`, above 0.
        case numbers(most: Double)
    }

    /// Axes begin at zero, unless it is said otherwise.
    public enum Vertical: Sendable, Equatable {
        case numbers
        /// From about `least`, for values that lie close together far from zero.
        case numbersFrom(least: Double)
        /// Whole ones: no label lies between them.
        case counts
        /// Seconds.
        case durations
        /// From 0 to 1, labelled in percent.
        case shares
        /// Rows with a name, the first above.
        case lanes([String])
    }
}

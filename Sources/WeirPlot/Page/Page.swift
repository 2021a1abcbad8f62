/// A page of its own: the figure for wide and for narrow windows, what holds at the moment under the pointer, and tables of figures
/// and events. It asks no network for anything.
public struct Page: Sendable, Equatable {
    public var figure: Figure
    /// Rows of a table: what, and how much.
    public var facts: [Fact]
    /// What is told about the moment under the pointer.
    public var readings: [Reading]
    public var events: Events

    public init(figure: Figure, facts: [Fact], readings: [Reading], events: Events) {
        self.figure = figure
        self.facts = facts
        self.readings = readings
        self.events = events
    }

    public struct Fact: Sendable, Equatable {
        public var name: String
        /// A cell each.
        public var values: [String]

        public init(_ name: String, _ value: String) {
            self.init(name, [value])
        }

        public init(_ name: String, _ values: [String]) {
            self.name = name
            self.values = values
        }
    }

    /// A line of what is told about a moment.
    public struct Reading: Sendable, Equatable {
        public var name: String
        public var content: Content

        public init(_ name: String, _ content: Content) {
            self.name = name
            self.content = content
        }

        public enum Content: Sendable, Equatable {
            /// The mean, and the most where that is told as well.
            case numbers(Series, most: Series? = nil)
            /// From the least to the most.
            case ranges(least: Series, most: Series)
            /// Seconds.
            case durations(Series, most: Series? = nil)
            /// Each from its moment until the next.
            case states([State])
        }

        public struct State: Sendable, Equatable {
            /// Unit: seconds.
            public var from: Double
            public var name: String

            public init(from: Double, name: String) {
                self.from = from
                self.name = name
            }
        }
    }

    /// What happened at moments, in their order.
    public struct Events: Sendable, Equatable {
        public var title: String
        public var all: [Event]
        /// How many there were, also those that are not here.
        public var total: Int

        /// - Parameter total: default: those that are here are all.
        public init(_ title: String, _ all: [Event], of total: Int? = nil) {
            self.title = title
            self.all = all
            self.total = total ?? all.count
        }
    }

    public struct Event: Sendable, Equatable {
        /// Unit: seconds since the beginning of the axis.
        public var at: Double
        /// As a clock or a calendar shows it.
        public var time: String
        public var change: String
        public var reason: String

        public init(at: Double, time: String, change: String, reason: String) {
            self.at = at
            self.time = time
            self.change = change
            self.reason = reason
        }
    }
}

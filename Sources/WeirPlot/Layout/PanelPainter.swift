/// Draws one panel into its frame: grid and labels first, then the layers.
struct PanelPainter {
    let panel: Panel
    let frame: Box
    let time: TimeAxis
    private let overhang: Double
    private(set) var shapes: [Shape] = []
    private let ticks: [Tick]
    /// The values at the lower and at the upper border.
    private let bottom: Double
    private let top: Double
    private let across: Across

    static let laneHeight = 30.0
    static let areaOpacity = 0.45
    static let bandOpacity = 0.45
    static let dotRadius = 2.0
    static let spikeWidth = 1.0
    /// Above the uppermost label, so that a line at its height is seen.
    private static let headroom = 4.0

    /// - Parameter overhang: what a label may stand out to the right of the frame.
    init(_ panel: Panel, _ frame: Box, _ time: TimeAxis, overhang: Double) {
        self.overhang = overhang
        self.panel = panel
        self.frame = frame
        if case .ownTime(let own) = panel.horizontal { self.time = own } else { self.time = time }
        let most = panel.layers.map(\.largest).max() ?? 0
        let count = min(max(Int(frame.height / 30), 2), 5)
        switch panel.vertical {
        case .numbers: ticks = Ticks.numbers(to: most, count: count, isWhole: false)
        case .numbersFrom(let least): ticks = Ticks.numbers(from: least, to: most, count: count)
        case .counts: ticks = Ticks.numbers(to: most, count: count, isWhole: true)
        case .durations: ticks = Ticks.durations(to: most, count: count)
        case .shares: ticks = Ticks.shares(to: most, count: count)
        case .lanes: ticks = []
        }
        bottom = ticks.first?.value ?? 0
        top = ticks.last?.value ?? 1
        across = Across(panel.horizontal, self.time, frame)
    }

    mutating func draw(labelsPlaces: Bool) {
        grid(labelsPlaces: labelsPlaces)
        for layer in panel.layers { draw(layer) }
        if case .lanes(let names) = panel.vertical { write(names) }
        let base = frame.bottom
        shapes.append(.lines([[Point(frame.x, base), Point(frame.right, base)]], .axis, width: 1))
    }

    // MARK: Axes

    private mutating func grid(labelsPlaces: Bool) {
        let columns = across.ticks
        shapes.append(
            .lines(
                columns.map { tick in
                    let x = crisp(across.x(tick.value))
                    return [Point(x, frame.y), Point(x, frame.bottom)]
                }, .grid, width: 1))
        shapes.append(
            .lines(
                ticks.filter { $0.value > bottom }.map { tick in
                    let y = crisp(self.y(tick.value))
                    return [Point(frame.x, y), Point(frame.right, y)]
                }, .grid, width: 1))
        for tick in ticks {
            let at = Point(frame.x - 7, y(tick.value) + 4)
            shapes.append(.text(Label(text: tick.label, at: at, size: 11, anchor: .end, ink: .quiet)))
        }
        if labelsPlaces { label(columns) }
    }

    /// Below the frame, none over another or beyond the border.
    private mutating func label(_ columns: [Tick]) {
        var free = frame.x - 40
        for tick in columns {
            let half = TextWidth.of(tick.label, size: 11) / 2
            let x = across.x(tick.value)
            shapes.append(
                .lines([[Point(crisp(x), frame.bottom), Point(crisp(x), frame.bottom + 4)]], .axis, width: 1))
            guard x - half >= free, x + half <= frame.right + overhang else { continue }
            free = x + half + 8
            let at = Point(x, frame.bottom + 17)
            shapes.append(.text(Label(text: tick.label, at: at, size: 11, anchor: .middle, ink: .quiet)))
        }
    }

    // MARK: Layers

    private mutating func draw(_ layer: Layer) {
        let ink = Ink.tone(layer.tone)
        switch layer.content {
        case .steps(let series, let isDashed):
            let parts = steps(series.coarser(for: frame, time, .mean))
            shapes.append(.lines(parts, ink, width: 1.6, dash: isDashed ? [5, 3] : []))
        case .area(let series):
            let parts = steps(series.coarser(for: frame, time, .mean)).map { down($0) }
            shapes.append(.surface(parts, ink, opacity: Self.areaOpacity))
        case .band(let low, let high):
            drawBand(low.coarser(for: frame, time, .least), high.coarser(for: frame, time, .most), ink)
        case .curve(let points):
            let line = points.map { Point(across.x($0.x), y($0.y)) }
            shapes.append(.surface([down(line)], ink, opacity: Self.bandOpacity))
            shapes.append(.lines([line], ink, width: 2))
        case .line(let points):
            shapes.append(.lines([points.map { Point(across.x($0.x), y($0.y)) }], ink, width: 2))
        case .dots(let points):
            for point in points {
                shapes.append(.disc(Point(across.x(point.x), y(point.y)), radius: Self.dotRadius, ink))
            }
        case .points(let points): draw(points, ink)
        case .spans(let spans):
            for span in spans { shapes.append(.box(bar(span), ink, opacity: 1)) }
        case .marks(let marks):
            for mark in marks {
                let at = Point(across.x(mark.at), lane(mark.lane) + 22)
                shapes.append(.told(Self.triangle(at, mark.pointsUp), ink, mark.text))
            }
        }
    }

    private mutating func drawBand(_ low: Series, _ high: Series, _ ink: Ink) {
        let surfaces = zip(steps(low), steps(high)).map { $0 + $1.reversed() }
        shapes.append(.surface(surfaces, ink, opacity: Self.bandOpacity))
        let spikes = Spikes(
            low: low.values.map { frame.bottom - y($0) }, high: high.values.map { frame.bottom - y($0) },
            width: high.width / time.span * frame.width)
        let lines = spikes.columns.map { column in
            let x = across.x(min((Double(column) + 0.5) * high.width, time.span))
            return [Point(x, y(low.values[column])), Point(x, y(high.values[column]))]
        }
        if !lines.isEmpty { shapes.append(.lines(lines, ink, width: Self.spikeWidth)) }
    }

    private mutating func write(_ names: [String]) {
        for (number, name) in names.enumerated() {
            let text = TextWidth.cut(name, size: 11, to: frame.width - 8)
            let at = Point(frame.x, lane(number) + 12)
            shapes.append(.text(Label(text: text, at: at, size: 11, ink: .quiet)))
        }
    }

    /// Labels stand above their points, begin at them where there is room for that to the right, and none is over another.
    private mutating func draw(_ points: [LabelledPoint], _ ink: Ink) {
        var highest = Double.infinity
        for point in points.sorted(by: { ($0.point.y, $0.point.x) < ($1.point.y, $1.point.x) }) {
            let at = Point(across.x(point.point.x), y(point.point.y))
            let isCloseToTheEdge = at.x + 8 + TextWidth.of(point.label, size: 11.5) > frame.right
            highest = min(at.y - 10, highest - 16)
            let place = Point(isCloseToTheEdge ? frame.right : at.x + 6, highest)
            shapes.append(.disc(at, radius: 3.5, ink))
            shapes.append(
                .text(Label(text: point.label, at: place, size: 11.5, anchor: isCloseToTheEdge ? .end : .start)))
        }
    }

    // MARK: Places

    private func y(_ value: Double) -> Double {
        frame.bottom - (value - bottom) / (top - bottom) * (frame.height - Self.headroom)
    }

    private func lane(_ number: Int) -> Double { frame.y + Double(number) * Self.laneHeight }

    private func bar(_ span: Span) -> Box {
        let x = across.x(span.from)
        // However short it was, it is seen.
        let wide = max(across.x(span.to) - x, 1)
        return Box(x: x, y: lane(span.lane) + 17, width: wide, height: 10)
    }

    /// Horizontal strokes, joined where values follow each other; a gap begins a new part.
    private func steps(_ series: Series) -> [[Point]] {
        var parts: [[Point]] = []
        var part: [Point] = []
        for (number, value) in series.values.enumerated() {
            let from = Double(number) * series.width
            guard value.isFinite, from < time.span else {
                if !part.isEmpty { parts.append(part) }
                part = []
                continue
            }
            let height = y(value)
            if part.last?.y != height { part.append(Point(across.x(from), height)) } else { part.removeLast() }
            part.append(Point(across.x(min(from + series.width, time.span)), height))
        }
        if !part.isEmpty { parts.append(part) }
        return parts
    }

    /// With the way along the base.
    private func down(_ line: [Point]) -> [Point] {
        guard let first = line.first, let last = line.last else { return [] }
        return line + [Point(last.x, frame.bottom), Point(first.x, frame.bottom)]
    }

    /// Thin lines lie between two pixels, or they are blurred.
    private func crisp(_ place: Double) -> Double { place.rounded(.down) + 0.5 }

    static func triangle(_ at: Point, _ pointsUp: Bool) -> [Point] {
        let tip = pointsUp ? -4.5 : 4.5
        return [Point(at.x - 4, at.y - tip), Point(at.x + 4, at.y - tip), Point(at.x, at.y + tip)]
    }
}

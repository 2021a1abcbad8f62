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
    private var labels = LabelPlaces()

    static let laneHeight = 30.0
    static let areaOpacity = 0.45
    static let bandOpacity = 0.45
    static let dotRadius = 2.0
    static let loneRadius = 2.6
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
        labels = obstacles
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
        case .steps(let series, let stroke):
            let parts = steps(series.coarser(for: frame, time, .mean))
            shapes.append(.lines(parts, ink, width: 1.6, dash: stroke.dash))
            shapes += parts.compactMap(Self.lone).map { .disc($0, radius: Self.loneRadius, ink) }
        case .area(let series):
            let coarse = series.coarser(for: frame, time, .mean)
            shapes.append(.surface(steps(coarse).map { down($0) }, ink, opacity: Self.areaOpacity))
            drawLone(coarse, ink)
        case .band(let low, let high):
            drawBand(low.coarser(for: frame, time, .least), high.coarser(for: frame, time, .most), ink)
        case .curve(let points):
            let line = points.map { Point(across.x($0.x), y($0.y)) }
            shapes.append(.surface([down(line)], ink, opacity: Self.bandOpacity))
            shapes.append(.lines([line], ink, width: 2))
        case .line(let points, let stroke):
            shapes.append(.lines([points.map { Point(across.x($0.x), y($0.y)) }], ink, width: 2, dash: stroke.dash))
        case .dots(let points):
            for point in points {
                shapes.append(.disc(Point(across.x(point.x), y(point.y)), radius: Self.dotRadius, ink))
            }
        case .points(let points): draw(points, ink)
        case .spans(let spans, let stroke):
            for span in spans { shapes += Self.bar(bar(span), ink, stroke) }
        case .marks(let marks):
            for mark in marks {
                let at = Point(across.x(mark.at), lane(mark.lane) + 22)
                shapes.append(.told(Self.triangle(at, mark.pointsUp), ink, mark.text))
            }
        }
    }

    /// Of a surface, what is so narrow and so alone that it would hardly be seen.
    private mutating func drawLone(_ series: Series, _ ink: Ink) {
        let wide = series.width / time.span * frame.width
        guard wide > 0, wide <= Spikes.widest else { return }
        let heights = series.values.map { $0.isFinite ? frame.bottom - y($0) : 0 }
        let reach = Int(Spikes.widest / wide) + 1
        let columns = heights.indices.filter { column in
            let around = heights[max(column - reach, 0)...min(column + reach, heights.count - 1)]
            return heights[column] >= 2 && around.count { $0 >= 1 } == 1
        }
        let lines = columns.map { column in
            let x = across.x(min((Double(column) + 0.5) * series.width, time.span))
            return [Point(x, y(series.values[column])), Point(x, frame.bottom)]
        }
        if !lines.isEmpty { shapes.append(.lines(lines, ink, width: Self.spikeWidth)) }
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

    /// Labels stand beside their points, clear of lines, other labels and other points where there is such a place; from one that is
    /// farther away a thin line leads to its point.
    private mutating func draw(_ points: [LabelledPoint], _ ink: Ink) {
        for point in points.sorted(by: { ($0.point.y, $0.point.x) < ($1.point.y, $1.point.x) }) {
            let at = place(of: point.point)
            guard !point.label.isEmpty else {
                shapes.append(.disc(at, radius: 3.5, ink))
                continue
            }
            let box = labels.place(at, width: TextWidth.of(point.label, size: labelSize), in: frame)
            if let end = LabelPlaces.lead(from: box, to: at) { shapes.append(.lines([[end, at]], .quiet, width: 0.8)) }
            shapes.append(.disc(at, radius: 3.5, ink))
            let baseline = Point(box.x, box.bottom - 3)
            shapes.append(.text(Label(text: point.label, at: baseline, size: labelSize)))
        }
    }

    private var labelSize: Double { 11.5 }

    private func place(of point: Point) -> Point { Point(across.x(point.x), y(point.y)) }

    /// What labels of points keep clear of.
    private var obstacles: LabelPlaces {
        var places = LabelPlaces()
        for layer in panel.layers {
            switch layer.content {
            case .curve(let points), .line(let points, _):
                let line = points.map(place)
                places.strokes += zip(line, line.dropFirst()).map { ($0, $1) }
            case .points(let points): places.points += points.map { place(of: $0.point) }
            case .dots(let points): places.points += points.map(place)
            case .steps, .area, .band, .spans, .marks: break
            }
        }
        return places
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

    /// A bar of strokes, on a pale one as long.
    static func bar(_ bar: Box, _ ink: Ink, _ stroke: Stroke) -> [Shape] {
        guard let period = stroke.dash.isEmpty ? nil : stroke.dash.reduce(0, +) else {
            return [.box(bar, ink, opacity: 1)]
        }
        var shapes: [Shape] = [.box(bar, ink, opacity: bandOpacity)]
        for start in stride(from: bar.x, to: bar.right, by: period) {
            var x = start
            for (place, length) in stroke.dash.enumerated() {
                let wide = min(length, bar.right - x)
                if place % 2 == 0, wide > 0 {
                    shapes.append(.box(Box(x: x, y: bar.y, width: wide, height: bar.height), ink, opacity: 1))
                }
                x += length
            }
        }
        return shapes
    }

    /// Where a stroke is that is so short that it would hardly be seen; nil for any other.
    private static func lone(_ part: [Point]) -> Point? {
        guard let first = part.first, let last = part.last, last.x - first.x < dotRadius * 2 else { return nil }
        let heights = part.map(\.y)
        guard let least = heights.min(), let most = heights.max(), most - least < dotRadius * 2 else { return nil }
        return Point((first.x + last.x) / 2, (least + most) / 2)
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

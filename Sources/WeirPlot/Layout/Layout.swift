/// Turns a figure into shapes: places, axes, legends. Whatever is drawn is decided here, so that all renderers draw the same.
struct Layout {
    let figure: Figure
    let width: Double
    var drawing: Drawing
    /// Where the next thing goes.
    private var y = 0.0

    /// - Parameter width: unit: pixels. Below `Self.narrow` labels are fewer.
    static func draw(_ figure: Figure, width: Double) -> Drawing {
        var layout = Layout(figure, width)
        layout.drawAll()
        return layout.drawing
    }

    private init(_ figure: Figure, _ width: Double) {
        self.figure = figure
        self.width = width
        drawing = Drawing(width: width, height: 0)
    }

    static let narrow = 640.0

    private var isNarrow: Bool { width < Self.narrow }
    private var left: Double { isNarrow ? 52 : 66 }
    private var right: Double { isNarrow ? 10 : 20 }
    private var margin: Double { isNarrow ? 10 : 20 }

    private mutating func drawAll() {
        y = margin
        heading()
        for (number, panel) in figure.panels.enumerated() {
            let next = number + 1 < figure.panels.count ? figure.panels[number + 1] : nil
            draw(panel, labelsPlaces: !panel.horizontal.isTime || next?.horizontal != panel.horizontal)
        }
        footing()
        drawing.height = (y + margin).rounded(.up)
        drawing.shapes.insert(
            .box(Box(x: 0, y: 0, width: width, height: drawing.height), .ground, opacity: 1), at: 0)
    }

    private mutating func heading() {
        guard !figure.title.isEmpty else { return }
        let room = width - margin * 2
        y += 18
        write(TextWidth.cut(figure.title, size: 19, isBold: true, to: room), x: margin, size: 19, isBold: true)
        y += 4
        for line in figure.subtitle {
            for part in TextWidth.wrapped(line, size: 12.5, to: room) {
                y += 17
                write(part, x: margin, size: 12.5, ink: .quiet)
            }
        }
        y += 10
    }

    private mutating func footing() {
        for note in figure.notes {
            for part in TextWidth.wrapped(note, size: 11, to: width - margin * 2) {
                y += 15
                write(part, x: margin, size: 11, ink: .quiet)
            }
        }
    }

    private mutating func write(
        _ text: String, x: Double, size: Double, isBold: Bool = false, ink: Ink = .text, anchor: Label.Anchor = .start
    ) {
        drawing.shapes.append(
            .text(Label(text: text, at: Point(x, y), size: size, anchor: anchor, isBold: isBold, ink: ink)))
    }

    // MARK: Panels

    private mutating func draw(_ panel: Panel, labelsPlaces: Bool) {
        y += 24
        title(panel)
        y += 9
        var height = panel.height
        if case .lanes(let names) = panel.vertical { height = Double(names.count) * PanelPainter.laneHeight + 4 }
        let frame = Box(x: left, y: y, width: width - left - right, height: height)
        if panel.horizontal == .time { drawing.plots.append(frame) }
        var painter = PanelPainter(panel, frame, figure.time, overhang: right - 2)
        painter.draw(labelsPlaces: labelsPlaces)
        drawing.shapes += painter.shapes
        y = frame.bottom + (labelsPlaces ? 24 : 4)
    }

    /// The title, and the legend behind it or, where there is no room, below.
    private mutating func title(_ panel: Panel) {
        let room = width - margin * 2
        let text = TextWidth.cut(panel.title, size: 13, isBold: true, to: room)
        write(text, x: margin, size: 13, isBold: true)
        let named = panel.layers.filter { $0.name != nil }
        guard !named.isEmpty else { return }
        let widths = named.map { 22 + TextWidth.of($0.name ?? "", size: 11.5) + 14 }
        let all = widths.reduce(0, +) - 14
        var x = width - right - all
        if x < margin + TextWidth.of(text, size: 13, isBold: true) + 20 {
            y += 18
            x = margin
        }
        for (layer, wide) in zip(named, widths) {
            if x > margin, x + wide - 14 > width - margin + 1 {
                y += 17
                x = margin
            }
            drawing.shapes += LegendKey.shapes(layer, x: x, y: y - 4)
            write(layer.name ?? "", x: x + 22, size: 11.5, ink: .quiet)
            x += wide
        }
    }
}

/// The small sample of a layer in a legend.
enum LegendKey {
    static func shapes(_ layer: Layer, x: Double, y: Double) -> [Shape] {
        let ink = Ink.tone(layer.tone)
        let line = [Point(x, y), Point(x + 16, y)]
        switch layer.content {
        case .steps(_, let stroke), .line(_, let stroke): return [.lines([line], ink, width: 2, dash: stroke.dash)]
        case .area: return [.box(Box(x: x, y: y - 5, width: 16, height: 10), ink, opacity: PanelPainter.areaOpacity)]
        case .band: return [.box(Box(x: x, y: y - 5, width: 16, height: 10), ink, opacity: PanelPainter.bandOpacity)]
        case .curve: return [.lines([line], ink, width: 2)]
        case .dots: return [.disc(Point(x + 8, y), radius: PanelPainter.dotRadius, ink)]
        case .points: return [.disc(Point(x + 8, y), radius: 3.5, ink)]
        case .spans(_, let stroke): return PanelPainter.bar(Box(x: x, y: y - 4, width: 16, height: 8), ink, stroke)
        case .marks(let marks):
            let up = marks.first?.pointsUp ?? true
            return [.surface([PanelPainter.triangle(Point(x + 9, y), up)], ink, opacity: 1)]
        }
    }
}

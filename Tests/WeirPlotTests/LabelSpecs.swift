import Testing

@testable import WeirPlot

@Suite("Points, their labels, and broken lines")
struct LabelSpecs {
    private static let frame = Box(x: 60, y: 20, width: 600, height: 150)

    private static func shapes(
        _ layers: [Layer], _ horizontal: Panel.Horizontal, _ vertical: Panel.Vertical
    ) -> [Shape] {
        var painter = PanelPainter(
            Panel("p", over: horizontal, vertical, height: frame.height, layers), frame,
            TimeAxis(beginsAt: nil, span: 600), overhang: 18)
        painter.draw(labelsPlaces: false)
        return painter.shapes
    }

    private static func boxes(_ shapes: [Shape], _ texts: [String]) -> [Box] {
        shapes.compactMap { shape in
            guard case .text(let label) = shape, texts.contains(label.text) else { return nil }
            return Box(x: label.at.x, y: label.at.y - 9, width: TextWidth.of(label.text, size: label.size), height: 10)
        }
    }

    private static func areApart(_ one: Box, _ other: Box) -> Bool {
        one.bottom <= other.y || other.bottom <= one.y || one.right <= other.x || other.right <= one.x
    }

    @Test("labels are clear of the curve, of each other and of the border, also where everything falls at once")
    func clear() {
        let curve = [Point(1, 0.3), Point(5, 0.3), Point(5, 0.2), Point(50, 0.2), Point(50, 0.05), Point(50, 0)]
        let points = [
            LabelledPoint(Point(50, 0.05), "95 and 99 % at most 50.0 s"), LabelledPoint(Point(50, 0.01), ""),
            LabelledPoint(Point(5, 0.25), "75 % at most 5.00 s"),
        ]
        let shapes = Self.shapes(
            [Layer(nil, .purple, .curve(curve)), Layer(nil, .purple, .points(points))],
            .durations(least: 1, most: 50), .shares)
        let lines = shapes.flatMap { shape -> [[Point]] in
            if case .lines(let parts, .tone(.purple), _, _) = shape { parts } else { [] }
        }
        let boxes = Self.boxes(shapes, points.map(\.label))
        #expect(boxes.count == 2 && shapes.count { if case .disc = $0 { true } else { false } } == 3)
        for box in boxes {
            #expect(box.x >= Self.frame.x && box.right <= Self.frame.right && box.bottom <= Self.frame.bottom)
            for line in lines {
                for (from, to) in zip(line, line.dropFirst()) { #expect(!LabelPlaces.crosses(from, to, box)) }
            }
        }
        #expect(Self.areApart(boxes[0], boxes[1]))
    }

    @Test("labels of points that lie close together in different layers are not over each other")
    func layers() {
        let shapes = Self.shapes(
            [
                Layer(nil, .vermillion, .points([LabelledPoint(Point(10, 4), "as given")])),
                Layer(nil, .green, .points([LabelledPoint(Point(10.1, 4), "found")])),
            ], .durations(least: 1, most: 50), .numbers)
        let boxes = Self.boxes(shapes, ["as given", "found"])
        #expect(boxes.count == 2 && Self.areApart(boxes[0], boxes[1]))
    }

    @Test("a value that is alone is a dot, and one among others is not")
    func lone() {
        var values = [Double](repeating: .nan, count: 600)
        values[300] = 7
        func discs(_ values: [Double]) -> [Point] {
            Self.shapes([Layer(nil, .purple, .steps(Series(width: 1, values: values)))], .time, .durations)
                .compactMap { if case .disc(let at, PanelPainter.loneRadius, _) = $0 { at } else { nil } }
        }
        #expect(discs(values).map(\.x) == [360.5])
        #expect(discs(values.map { $0.isNaN ? 1 : $0 }).isEmpty)
    }

    @Test("of a surface, too, what is alone is seen: a line in its full colour")
    func loneInASurface() {
        var values = [Double](repeating: 0, count: 600)
        values[300] = 5000
        (values[10], values[11], values[12]) = (4000, 5000, 3000)
        let lines = Self.shapes([Layer(nil, .grey, .area(Series(width: 1, values: values)))], .time, .numbers)
            .compactMap {
                if case .lines(let parts, .tone(.grey), PanelPainter.spikeWidth, _) = $0 { parts } else { nil }
            }
        #expect(lines.map { $0.map { $0.map(\.x) } } == [[[360.5, 360.5]]])
    }

    @Test("lines, bars and their legends are broken alike, and a broken bar is as long as a whole one")
    func broken() {
        let line = Layer("a", .blue, .line([Point(1, 1), Point(50, 0)], .dashed))
        func dashes(_ shapes: [Shape]) -> [[Double]] {
            shapes.compactMap { if case .lines(_, .tone(.blue), _, let dash) = $0 { dash } else { nil } }
        }
        #expect(dashes(Self.shapes([line], .durations(least: 1, most: 50), .shares)) == [[5, 3]])
        #expect(dashes(LegendKey.shapes(line, x: 0, y: 0)) == [[5, 3]])
        let bar = Box(x: 10, y: 0, width: 101, height: 10)
        for stroke in Stroke.allCases {
            let boxes = PanelPainter.bar(bar, .tone(.blue), stroke).compactMap { shape -> Box? in
                if case .box(let box, _, _) = shape { box } else { nil }
            }
            #expect(boxes.first == bar && boxes.allSatisfy { $0.right <= bar.right && $0.width > 0 })
            #expect((boxes.count == 1) == (stroke == .solid))
        }
    }
}

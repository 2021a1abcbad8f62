import Testing

@testable import WeirPlot

@Suite("Narrow peaks of bands")
struct SpikeSpecs {
    private static func columns(_ high: [Double], low: Double = 0, width: Double = 1) -> [Int] {
        Spikes(low: high.map { _ in low }, high: high, width: width).columns
    }

    @Test("a peak of up to three pixels is a spike, at its tip")
    func narrow() {
        #expect(Self.columns([1, 1, 1, 60, 1, 1, 1]) == [3])
        #expect(Self.columns([1, 1, 1, 40, 60, 50, 1, 1, 1]) == [4])
        #expect(Self.columns([1, 1, 1, 60, 60, 1, 1, 1]) == [3], "of two that are one there is one tip")
        #expect(Self.columns([60, 1, 1, 1, 60]) == [0, 4], "beyond the borders there is nothing")
        #expect(Self.columns([.nan, .nan, .nan, 60, .nan, .nan, .nan]) == [3], "nor where nothing is known")
    }

    @Test("what is wide, low, thin or a step is none")
    func none() {
        #expect(Self.columns([1, 1, 60, 60, 60, 60, 60, 60, 60, 1, 1]) == [])
        #expect(Self.columns([1, 1, 1, 8, 1, 1, 1]) == [])
        #expect(Self.columns([1, 1, 1, 60, 1, 1, 1], low: 55) == [])
        #expect(Self.columns([1, 1, 1, 60, 60, 60, 60]) == [])
        #expect(Self.columns([1, 1, 1, 60, 1, 1, 1], width: 4) == [])
    }

    @Test("they are drawn as lines, beside the surface")
    func drawn() {
        let frame = Box(x: 0, y: 0, width: 100, height: 104)
        var values = [Double](repeating: 0, count: 100)
        values[40] = 50
        values[99] = 100
        let band = Layer(
            nil, .sky,
            .band(from: Series(width: 1, values: values.map { _ in 0 }), to: Series(width: 1, values: values)))
        let panel = Panel("p", .numbers, height: 104, [band])
        var painter = PanelPainter(panel, frame, TimeAxis(beginsAt: nil, span: 100), overhang: 0)
        painter.draw(labelsPlaces: false)
        let lines = painter.shapes.compactMap { shape -> [[Point]]? in
            if case .lines(let parts, .tone(.sky), PanelPainter.spikeWidth, _) = shape { parts } else { nil }
        }
        #expect(lines == [[[Point(40.5, 104), Point(40.5, 54)], [Point(99.5, 104), Point(99.5, 4)]]])
    }
}

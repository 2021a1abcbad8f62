import Foundation
import Testing

@testable import WeirPlot

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite("Figures as SVG and as a page")
struct SVGSpecs {
    static let nasty = "<script>alert('a & b')</script>\u{1}\"]]>"

    static func figure(_ name: String, values: [Double] = [1, 3, .nan, 2]) -> Figure {
        let series = Series(width: 30, values: values)
        return Figure(
            title: name, subtitle: [name], time: TimeAxis(beginsAt: nil, span: 30 * Double(values.count)),
            panels: [
                Panel(
                    name, .counts, height: 90, [Layer(name, .blue, .steps(series)), Layer(name, .sky, .area(series))]),
                Panel(
                    name, .lanes([name]), height: 0,
                    [
                        Layer(name, .orange, .spans([Span(lane: 0, from: 0, to: 60)])),
                        Layer(name, .green, .marks([Mark(lane: 0, at: 45, pointsUp: true, text: name)])),
                    ]),
                Panel(
                    name, over: .durations(least: 1, most: 100), .shares, height: 90,
                    [
                        Layer(nil, .purple, .curve([Point(1, 1), Point(100, 0)])),
                        Layer(nil, .purple, .points([LabelledPoint(Point(10, 0.5), name)])),
                    ]),
            ], notes: [name])
    }

    static func page(_ name: String, values: [Double] = [1, 3, .nan, 2]) -> Page {
        let series = Series(width: 30, values: values)
        return Page(
            figure: figure(name, values: values), facts: [Page.Fact(name, name)],
            readings: [
                Page.Reading(name, .numbers(series, most: series)),
                Page.Reading(name, .states([Page.Reading.State(from: 0, name: name)])),
            ],
            events: Page.Events(name, [Page.Event(at: 45, time: name, change: name, reason: name)]))
    }

    private final class Elements: NSObject, XMLParserDelegate {
        var names: [String] = []
        var text = ""
        func parser(
            _: XMLParser, didStartElement name: String, namespaceURI _: String?, qualifiedName _: String?,
            attributes _: [String: String]
        ) { names.append(name) }
        func parser(_: XMLParser, foundCharacters characters: String) { text += characters }
    }

    private func parse(_ text: String) throws -> Elements {
        let elements = Elements()
        let parser = XMLParser(data: Data(text.utf8))
        parser.delegate = elements
        try #require(parser.parse(), "\(parser.parserError.map(String.init(describing:)) ?? "not well-formed")")
        return elements
    }

    @Test("a picture is well-formed XML, whatever names contain, and shows them as they are", arguments: [460.0, 1180])
    func wellFormed(_ width: Double) throws {
        let elements = try parse(SVG.document(Self.figure(Self.nasty), width: width))
        #expect(!elements.names.contains("script"))
        #expect(elements.text.contains("<script>alert('a & b')"))
    }

    @Test("a page has one script, its own, and nothing that a name brought along")
    func escaping() {
        let html = Self.page(Self.nasty).html
        #expect(html.components(separatedBy: "<script").count == 2)
        #expect(html.components(separatedBy: "</script").count == 2)
        #expect(html.contains("&lt;script&gt;alert(&#39;a &amp; b&#39;)"))
    }

    @Test("a list of changes says how many it has, and of how many where it has not all")
    func counts() {
        var page = Self.page("g")
        #expect(page.html.contains("<summary>g (1)</summary>"))
        page.events.total = 9000
        #expect(page.html.contains("<summary>g (1 of 9000)</summary>"))
    }

    @Test("a page asks nobody for anything")
    func selfContained() {
        let html = Self.page("g").html
        for word in ["http:", "https:", "src=", "@import", "url(", "href="] { #expect(!html.contains(word), "\(word)") }
    }

    @Test("a page of two thousand values stays small, and a value that is unknown is told as such")
    func size() {
        let html = Self.page("g", values: (0..<2048).map { Double($0 * 7919 % 1000) / 7 }).html
        #expect(html.utf8.count < 300_000, "\(html.utf8.count)")
        #expect(Self.page("g").html.contains("\"values\":[1,3,null,2]"))
    }

    @Test("what is unknown is a gap, and what holds on is one stroke")
    func gaps() throws {
        let svg = SVG.document(Self.figure("g", values: [2, 2, 2, .nan, 1]))
        let line = try #require(svg.split(separator: "\n").first { $0.contains("s-blue") && $0.contains("d=\"M66 ") })
        let path = try #require(line.split(separator: "d=\"").last)
        #expect(path.filter { $0 == "M" }.count == 2, "\(path)")
        #expect(path.filter { $0 == "H" }.count == 2, "\(path)")
    }

    @Test("a place that is none, or far beyond every border, is still a number")
    func places() {
        #expect(SVG.coordinate(.nan) == "0" && SVG.coordinate(12.34) == "12.3" && SVG.coordinate(-3) == "-3")
        #expect(SVG.coordinate(.infinity) == "1000000000" && SVG.coordinate(-1e300) == "-1000000000")
    }

    @Test("an axis of durations that begins where it ends has one place")
    func pointless() {
        let across = Across(
            .durations(least: 1e-3, most: 1e-3), TimeAxis(beginsAt: nil, span: 1), Box(x: 5, y: 0, width: 90, height: 9)
        )
        #expect(across.x(1e-3) == 5 && across.x(1) == 95)
    }

    @Test("where it is asked for, 0 has a place of its own before all other durations")
    func zero() {
        let across = Across(
            .durations(least: 5, most: 500, zero: true), TimeAxis(beginsAt: nil, span: 1),
            Box(x: 5, y: 0, width: 600, height: 9))
        #expect(across.x(0) > 5 && across.x(0) < across.x(1) && across.x(1) == across.x(5) && across.x(500) == 605)
        #expect(across.ticks.first == Tick(value: 0, label: "0") && across.ticks.count > 2)
        let gaps = zip(across.ticks, across.ticks.dropFirst()).map { across.x($1.value) - across.x($0.value) }
        #expect(gaps.allSatisfy { $0 > 45 })
    }

    @Test("what is grey can be seen on a dark ground, too")
    func contrast() {
        func luminance(_ ink: Ink) -> Double {
            let colour = Palette.dark.colour(ink)
            func part(_ shift: UInt32) -> Double {
                let share = Double((colour >> shift) & 255) / 255
                return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
            }
            let (red, green, blue) = (part(16), part(8), part(0))
            return 0.2126 * red + 0.7152 * green + 0.0722 * blue
        }
        #expect((luminance(.tone(.grey)) + 0.05) / (luminance(.ground) + 0.05) >= 4.5)
    }

    @Test("a number that has more digits than fit is told as it is")
    func largeNumbers() {
        #expect(NumberText.short(1e300).hasSuffix("G") && NumberText.short(1.5e9) == "1.5G")
    }

    @Test("values too many for the pixels are joined: the mean of lines, the extremes of bands")
    func joining() {
        let series = Series(width: 1, values: [0, 8, 4, .nan, 2, 2, .nan, .nan])
        let frame = Box(x: 0, y: 0, width: 1, height: 1)
        let time = TimeAxis(beginsAt: nil, span: 8)
        func joined(_ joining: Joining) -> [Double] { series.coarser(for: frame, time, joining).values }
        #expect(joined(.mean) == [4, 2] && joined(.least) == [0, 2] && joined(.most) == [8, 2])
    }
}

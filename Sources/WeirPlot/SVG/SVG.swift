/// A figure as SVG text.
public enum SVG {
    /// A picture of its own, in light colours or, where its viewer wants that, dark ones.
    /// - Parameter width: unit: pixels.
    public static func document(_ figure: Figure, width: Double = 1180) -> String {
        let drawing = Layout.draw(figure, width: width)
        let size = "width=\"\(coordinate(drawing.width))\" height=\"\(coordinate(drawing.height))\""
        let style =
            colours(.light) + "\n@media (prefers-color-scheme: dark) {\n\(colours(.dark))\n}"
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <svg xmlns="http://www.w3.org/2000/svg" \(size) \(viewBox(drawing)) font-family="\(fonts)">
            <title>\(escaped(figure.title))</title>
            <style>\(style)</style>
            \(body(drawing, tells: true))
            </svg>

            """
    }

    static let fonts = "DejaVu Sans, Verdana, sans-serif"

    static func viewBox(_ drawing: Drawing) -> String {
        "viewBox=\"0 0 \(coordinate(drawing.width)) \(coordinate(drawing.height))\""
    }

    /// Classes that fill (`f-blue`) and stroke (`s-blue`).
    static func colours(_ palette: Palette, within place: String = "") -> String {
        Ink.all.map { ink in
            let colour = palette.text(ink)
            return "\(place).f-\(ink.name){fill:\(colour)}\(place).s-\(ink.name){stroke:\(colour)}"
        }.joined(separator: "\n")
    }

    /// - Parameter tells: marks carry what they say.
    static func body(_ drawing: Drawing, tells: Bool) -> String {
        drawing.shapes.map { element($0, tells) }.joined(separator: "\n")
    }

    private static func element(_ shape: Shape, _ tells: Bool) -> String {
        switch shape {
        case .lines(let parts, let ink, let width, let dash):
            let dashes = dash.isEmpty ? "" : " stroke-dasharray=\"\(dash.map(coordinate).joined(separator: " "))\""
            return "<path class=\"s-\(ink.name)\" fill=\"none\" stroke-width=\"\(coordinate(width))\"\(dashes) "
                + "stroke-linejoin=\"round\" d=\"\(parts.map { path($0) }.joined())\"/>"
        case .surface(let parts, let ink, let opacity):
            return "<path class=\"f-\(ink.name)\" fill-opacity=\"\(opacity)\" "
                + "d=\"\(parts.map { path($0) + "Z" }.joined())\"/>"
        case .box(let box, let ink, let opacity):
            let clear = opacity == 1 ? "" : " fill-opacity=\"\(opacity)\""
            return "<rect class=\"f-\(ink.name)\"\(clear) x=\"\(coordinate(box.x))\" y=\"\(coordinate(box.y))\" "
                + "width=\"\(coordinate(box.width))\" height=\"\(coordinate(box.height))\"/>"
        case .disc(let at, let radius, let ink):
            return "<circle class=\"f-\(ink.name)\" cx=\"\(coordinate(at.x))\" cy=\"\(coordinate(at.y))\" "
                + "r=\"\(coordinate(radius))\"/>"
        case .text(let label):
            let anchor = label.anchor == .start ? "" : " text-anchor=\"\(label.anchor.rawValue)\""
            let weight = label.isBold ? " font-weight=\"bold\"" : ""
            return
                "<text class=\"f-\(label.ink.name)\" x=\"\(coordinate(label.at.x))\" y=\"\(coordinate(label.at.y))\" "
                + "font-size=\"\(coordinate(label.size))\"\(anchor)\(weight)>\(escaped(label.text))</text>"
        case .told(let corners, let ink, let text):
            let title = tells ? "<title>\(escaped(text))</title>" : ""
            return "<path class=\"f-\(ink.name)\" d=\"\(path(corners))Z\">\(title)</path>"
        }
    }

    /// The shortest words for a line: many of its strokes are level or upright.
    private static func path(_ points: [Point]) -> String {
        guard let first = points.first else { return "" }
        var text = "M\(coordinate(first.x)) \(coordinate(first.y))"
        var (x, y) = (coordinate(first.x), coordinate(first.y))
        for point in points.dropFirst() {
            let (nextX, nextY) = (coordinate(point.x), coordinate(point.y))
            if nextY == y {
                if nextX != x { text += "H\(nextX)" }
            } else if nextX == x {
                text += "V\(nextY)"
            } else {
                text += "L\(nextX) \(nextY)"
            }
            (x, y) = (nextX, nextY)
        }
        return text
    }

    /// In tenths of a pixel. No picture is as large as `furthest`, and what has no place is at 0.
    static func coordinate(_ value: Double) -> String {
        let tenths = value.isNaN ? 0 : Int((min(max(value, -furthest), furthest) * 10).rounded())
        let (whole, rest) = (abs(tenths) / 10, abs(tenths) % 10)
        return (tenths < 0 ? "-" : "") + (rest == 0 ? "\(whole)" : "\(whole).\(rest)")
    }

    private static let furthest = 1e9

    /// For text and for values in quotes, of SVG and HTML alike.
    static func escaped(_ text: String) -> String {
        var safe = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": safe += "&amp;"
            case "<": safe += "&lt;"
            case ">": safe += "&gt;"
            case "\"": safe += "&quot;"
            case "'": safe += "&#39;"
            case "\t", "\n", "\r": safe += " "
            // XML has no place for other control characters.
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": safe += "\u{FFFD}"
            default: safe.unicodeScalars.append(character)
            }
        }
        return safe
    }
}

extension Page {
    /// Widths of the two pictures. Unit: pixels.
    static let wide = 1180.0
    static let narrow = 460.0

    /// The page as HTML.
    public var html: String {
        let pictures = [Self.wide, Self.narrow].map { Layout.draw(bare, width: $0) }
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(SVG.escaped(figure.title))</title>
            <style>
            \(PageStyle.text)
            </style>
            </head>
            <body>
            <header>
            <h1>\(SVG.escaped(figure.title))</h1>
            <button id="ground" type="button">light / dark</button>
            \(figure.subtitle.map { "<p>\(SVG.escaped($0))</p>" }.joined(separator: "\n"))
            </header>
            <main>
            <div id="pictures">
            \(svg(pictures[0], "wide"))
            \(svg(pictures[1], "narrow"))
            <div id="told" role="status" hidden></div>
            </div>
            \(hint)
            <section>
            <h2>In figures</h2>
            <table class="facts">
            \(factRows)
            </table>
            </section>
            \(eventTable)
            </main>
            <script>
            const page = \(PageData(self, pictures).json);
            \(PageScript.text)
            </script>
            </body>
            </html>

            """
    }

    /// What a reader can do; where nothing goes on in the page's own time there is nothing to point at.
    private var hint: String {
        guard figure.panels.contains(where: { $0.horizontal == .time }) else { return "" }
        let point = "Point at the picture, or focus it and use the arrow keys, to read what held at a moment"
        let changes = " and why capacity changed; Page Up and Page Down go from change to change"
        return "<p class=\"hint\">\(point)\(events.all.isEmpty ? "" : changes).</p>"
    }

    /// The page itself has the title.
    private var bare: Figure {
        var figure = figure
        figure.title = ""
        return figure
    }

    private func svg(_ drawing: Drawing, _ name: String) -> String {
        """
        <svg class="\(name)" \(SVG.viewBox(drawing)) font-family="\(SVG.fonts)" tabindex="0" role="img" \
        aria-label="\(SVG.escaped(figure.title)): \(SVG.escaped(figure.panels.map(\.title).joined(separator: "; ")))">
        \(SVG.body(drawing, tells: false))
        <path class="cross s-text" fill="none" stroke-width="1" d=""/>
        </svg>
        """
    }

    private var factRows: String {
        facts.map { fact in
            let cells = fact.values.map { "<td>\(SVG.escaped($0))</td>" }.joined()
            return "<tr><th scope=\"row\">\(SVG.escaped(fact.name))</th>\(cells)</tr>"
        }.joined(separator: "\n")
    }

    private var eventTable: String {
        guard !events.all.isEmpty else { return "" }
        let shown = events.all.count
        let count = events.total > shown ? "\(shown) of \(events.total)" : "\(shown)"
        let rows = events.all.map { event in
            "<tr><td>\(SVG.escaped(event.time))</td><td>\(SVG.escaped(event.change))</td>"
                + "<td>\(SVG.escaped(event.reason))</td></tr>"
        }
        return """
            <section>
            <details>
            <summary>\(SVG.escaped(events.title)) (\(count))</summary>
            <table class="events">
            <tr><th>time</th><th>change</th><th>why</th></tr>
            \(rows.joined(separator: "\n"))
            </table>
            </details>
            </section>
            """
    }
}

/// How the page looks, on a light and on a dark ground.
enum PageStyle {
    static var text: String {
        """
        \(ground(.light, ":root"))
        @media (prefers-color-scheme: dark) {
        \(ground(.dark, ":root"))
        }
        \(ground(.light, ":root[data-ground=light]"))
        \(ground(.dark, ":root[data-ground=dark]"))
        \(classes)
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 20px; max-width: 1240px; background: var(--ground); color: var(--text);
          font: 14px/1.5 "DejaVu Sans", Verdana, sans-serif; }
        header { position: relative; }
        h1 { margin: 0 110px 4px 0; font-size: 24px; overflow-wrap: anywhere; }
        h2, summary { font-size: 16px; font-weight: 600; }
        header p, .hint { margin: 0; color: var(--quiet); overflow-wrap: anywhere; }
        .hint { font-size: 12.5px; }
        button { position: absolute; top: 4px; right: 0; padding: 5px 10px; font: inherit; font-size: 12px;
          cursor: pointer; color: var(--quiet); background: none; border: 1px solid var(--axis); border-radius: 4px; }
        #pictures { position: relative; margin: 0 -20px 8px; }
        svg { display: block; width: 100%; height: auto; }
        svg:focus { outline: none; }
        svg:focus-visible { outline: 2px solid var(--blue); outline-offset: -2px; }
        svg.narrow { display: none; }
        #told { position: absolute; z-index: 1; width: max-content; max-width: min(400px, 86vw); padding: 8px 10px;
          pointer-events: none; font-size: 12.5px; line-height: 1.4; background: var(--ground);
          border: 1px solid var(--axis); border-radius: 5px; box-shadow: 0 3px 14px rgb(0 0 0 / 25%);
          overflow-wrap: anywhere; }
        #told[hidden] { display: none; }
        #told table { width: 100%; }
        #told p { margin: 6px 0 0; padding-top: 6px; border-top: 1px solid var(--grid); }
        section { margin-top: 24px; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
        th, td { padding: 3px 14px 3px 0; text-align: left; vertical-align: top; font-weight: normal; }
        #told td { padding-right: 0; text-align: right; white-space: nowrap; }
        #told td, #told th { padding-top: 1px; padding-bottom: 1px; }
        .facts th, .events th, #told th { color: var(--quiet); }
        .facts tr, .events tr { border-bottom: 1px solid var(--grid); }
        .events td:nth-child(-n+2) { white-space: nowrap; }
        summary { cursor: pointer; }
        @media (max-width: 700px) {
          body { padding: 12px; }
          #pictures { margin: 0 -12px 8px; }
          svg.wide { display: none; }
          svg.narrow { display: block; }
          .events, .events tbody, .events tr, .events td { display: block; }
          .events tr { padding: 6px 0; }
          .events th { display: none; }
        }
        @media print { button, .hint { display: none; } }
        """
    }

    private static func ground(_ palette: Palette, _ place: String) -> String {
        let colours = Ink.all.map { "--\($0.name):\(palette.text($0))" }.joined(separator: ";")
        return "\(place){color-scheme:\(palette.rawValue);\(colours)}"
    }

    private static var classes: String {
        Ink.all.map { ".f-\($0.name){fill:var(--\($0.name))}.s-\($0.name){stroke:var(--\($0.name))}" }
            .joined(separator: "\n")
    }
}

import ArgumentParser
import WeirPlot

/// Where pictures of what was simulated go.
struct PlotOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Writes a page with plots that explain themselves under the pointer.", valueName: "FILE"))
    var html: String?

    @Option(help: ArgumentHelp("Writes the plots as a picture for browsers and documents.", valueName: "FILE"))
    var svg: String?

    @Option(help: ArgumentHelp("Writes the plots as pixels; this needs libcairo.", valueName: "FILE"))
    var png: String?

    /// Somebody wants a picture.
    var isWanted: Bool { html != nil || svg != nil || png != nil }

    var named: [(option: String, path: String?)] { [("--html", html), ("--svg", svg), ("--png", png)] }

    /// Opens what will be written and looks for what draws, so that a mistake costs no simulation.
    /// - Parameter group: whose pictures these are, where there are several: `plot.svg` is `plot-urgent.svg` then.
    func open(for group: String?) throws -> PlotFiles {
        func file(_ path: String?) throws -> OutputFile? {
            try path.map { try OutputFile(Self.path($0, for: group)) }
        }
        do {
            return try PlotFiles(
                html: file(html), svg: file(svg), png: file(png), painter: png == nil ? nil : PNG())
        } catch let failure as PNGFailure {
            throw Failure.world("\(failure)")
        }
    }
}

extension PlotOptions {
    /// The files that are written where these groups are simulated together.
    func named(of groups: [String]) -> [(option: String, path: String?)] {
        guard groups.count > 1 else { return named }
        return groups.flatMap { group in
            named.map { (option: $0.option, path: $0.path.map { Self.path($0, for: group) }) }
        }
    }

    private static func path(_ path: String, for group: String?) -> String {
        guard let group else { return path }
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return "\(path)-\(group)" }
        return "\(path[..<dot])-\(group)\(path[dot...])"
    }
}

/// The files that were asked for.
struct PlotFiles {
    let html: OutputFile?
    let svg: OutputFile?
    let png: OutputFile?
    let painter: PNG?

    func write(_ page: Page) throws {
        let figure = page.figure
        try html?.write(page.html)
        try svg?.write(SVG.document(figure))
        do {
            if let png, let painter { try png.write(painter.bytes(figure)) }
        } catch let failure as PNGFailure {
            throw Failure.world("\(failure)")
        }
    }
}

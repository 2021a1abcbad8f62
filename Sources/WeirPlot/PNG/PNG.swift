/// Draws figures as PNG, in light colours.
public struct PNG {
    private let cairo: Cairo

    /// - Throws: `PNGFailure`, when this machine lacks what draws.
    public init() throws(PNGFailure) {
        cairo = try Cairo()
    }

    /// Pixels for each of the figure's, so that text is sharp on fine screens and on paper.
    public static let scale = 2.0

    /// - Parameter width: of the figure; the picture is `Self.scale` times as wide.
    /// - Returns: the bytes of a file.
    public func bytes(_ figure: Figure, width: Double = 1180) throws(PNGFailure) -> [UInt8] {
        let drawing = Layout.draw(figure, width: width)
        let (across, down) = (Int32(drawing.width * Self.scale), Int32(drawing.height * Self.scale))
        guard let surface = cairo.makeSurface(Cairo.rgb24, across, down) else { throw .notDrawn }
        defer { cairo.destroySurface(surface) }
        guard cairo.surfaceStatus(surface) == 0, let context = cairo.make(surface) else { throw .notDrawn }
        cairo.scale(context, Self.scale, Self.scale)
        cairo.setLineJoin(context, Cairo.roundJoin)
        for shape in drawing.shapes { draw(shape, context) }
        cairo.destroy(context)
        let file = Bytes()
        let status = cairo.writePNG(
            surface,
            { file, bytes, count in
                guard let file, let bytes else { return 1 }
                Unmanaged<Bytes>.fromOpaque(file).takeUnretainedValue().all
                    .append(contentsOf: UnsafeBufferPointer(start: bytes, count: Int(count)))
                return 0
            }, Unmanaged.passUnretained(file).toOpaque())
        guard status == 0 else { throw .notDrawn }
        return file.all
    }

    private final class Bytes {
        var all: [UInt8] = []
    }

    // MARK: Shapes

    private func draw(_ shape: Shape, _ context: Cairo.Context) {
        switch shape {
        case .lines(let parts, let ink, let width, let dash):
            colour(ink, 1, context)
            cairo.setLineWidth(context, width)
            cairo.setDash(context, dash, Int32(dash.count), 0)
            for part in parts { trace(part, context) }
            cairo.stroke(context)
        case .surface(let parts, let ink, let opacity):
            colour(ink, opacity, context)
            for part in parts {
                trace(part, context)
                cairo.closePath(context)
            }
            cairo.fill(context)
        case .box(let box, let ink, let opacity):
            colour(ink, opacity, context)
            cairo.rectangle(context, box.x, box.y, box.width, box.height)
            cairo.fill(context)
        case .disc(let at, let radius, let ink):
            colour(ink, 1, context)
            cairo.arc(context, at.x, at.y, radius, 0, 2 * .pi)
            cairo.fill(context)
        case .text(let label): draw(label, context)
        case .told(let corners, let ink, _):
            colour(ink, 1, context)
            trace(corners, context)
            cairo.closePath(context)
            cairo.fill(context)
        }
    }

    private func trace(_ points: [Point], _ context: Cairo.Context) {
        guard let first = points.first else { return }
        cairo.moveTo(context, first.x, first.y)
        for point in points.dropFirst() { cairo.lineTo(context, point.x, point.y) }
    }

    private func draw(_ label: Label, _ context: Cairo.Context) {
        colour(label.ink, 1, context)
        cairo.selectFont(context, "DejaVu Sans", Cairo.upright, label.isBold ? 1 : 0)
        cairo.setFontSize(context, label.size)
        let shift =
            switch label.anchor {
            case .start: 0.0
            case .middle: width(label.text, context) / 2
            case .end: width(label.text, context)
            }
        cairo.moveTo(context, label.at.x - shift, label.at.y)
        cairo.showText(context, label.text)
    }

    /// How far the next text would begin behind this one: the fifth of the six numbers.
    private func width(_ text: String, _ context: Cairo.Context) -> Double {
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 6) { extents in
            extents.initialize(repeating: 0)
            guard let first = extents.baseAddress else { return 0 }
            cairo.textExtents(context, text, first)
            return extents[4]
        }
    }

    private func colour(_ ink: Ink, _ opacity: Double, _ context: Cairo.Context) {
        let colour = Palette.light.colour(ink)
        func part(_ shift: UInt32) -> Double { Double(colour >> shift & 255) / 255 }
        cairo.setColour(context, part(16), part(8), part(0), opacity)
    }
}

/// A figure in pixels: what both renderers draw, shape after shape.
struct Drawing: Equatable {
    var width: Double
    var height: Double
    var shapes: [Shape] = []
    /// Where time is drawn, for what follows a pointer over it.
    var plots: [Box] = []
}

enum Shape: Equatable {
    /// Lines that begin anew with each part.
    case lines([[Point]], Ink, width: Double, dash: [Double] = [])
    /// A surface with a border of each part.
    case surface([[Point]], Ink, opacity: Double)
    case box(Box, Ink, opacity: Double)
    case disc(Point, radius: Double, Ink)
    case text(Label)
    /// A surface that says something when it is pointed at.
    case told([Point], Ink, String)
}

struct Box: Equatable {
    var x: Double
    var y: Double
    var width: Double
    var height: Double

    var right: Double { x + width }
    var bottom: Double { y + height }
}

struct Label: Equatable {
    enum Anchor: String {
        case start, middle, end
    }

    var text: String
    /// Of its baseline.
    var at: Point
    var size: Double
    var anchor = Anchor.start
    var isBold = false
    var ink = Ink.text
}

/// What a colour is for; which one it is depends on the ground.
enum Ink: Equatable, Hashable {
    case ground
    case text
    case quiet
    case grid
    case axis
    case tone(Tone)

    static let all: [Ink] = [.ground, .text, .quiet, .grid, .axis] + Tone.allCases.map(Ink.tone)

    /// In SVG, `f-` and `s-` before it.
    var name: String {
        switch self {
        case .ground: "ground"
        case .text: "text"
        case .quiet: "quiet"
        case .grid: "grid"
        case .axis: "axis"
        case .tone(let tone): tone.rawValue
        }
    }
}

/// The colours on a ground: red, green and blue, each 0 to 255.
enum Palette: String {
    case light
    case dark

    func colour(_ ink: Ink) -> UInt32 {
        let (light, dark): (UInt32, UInt32) =
            switch ink {
            case .ground: (0xFFFFFF, 0x14181D)
            case .text: (0x1B2127, 0xE8ECF0)
            case .quiet: (0x59636E, 0x9DA8B3)
            case .grid: (0xE4E8EC, 0x29313A)
            case .axis: (0x98A2AC, 0x56616C)
            case .tone(.blue): (0x0072B2, 0x4AA8E8)
            case .tone(.sky): (0x56B4E9, 0x2F7FB5)
            case .tone(.orange): (0xE69F00, 0xF0B030)
            case .tone(.green): (0x009E73, 0x2CC296)
            case .tone(.vermillion): (0xD55E00, 0xFF8342)
            case .tone(.purple): (0xB35C93, 0xDF8FC0)
            case .tone(.grey): (0xB4BCC4, 0x7C8894)
            }
        return self == .light ? light : dark
    }

    /// `#0072b2`.
    func text(_ ink: Ink) -> String {
        let digits = String(colour(ink), radix: 16)
        return "#" + String(repeating: "0", count: 6 - digits.utf8.count) + digits
    }
}

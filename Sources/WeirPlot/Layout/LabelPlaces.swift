/// Finds places for labels of points, clear of what else is drawn. Unit: pixels.
struct LabelPlaces {
    var strokes: [(Point, Point)] = []
    var points: [Point] = []
    /// Of labels that have their places.
    private var taken: [Box] = []

    private static let height = 14.0

    /// The nearest place within the frame that is clear; where there is none, the one with least in it.
    mutating func place(_ at: Point, width: Double, in frame: Box) -> Box {
        var best = Box(x: at.x + 6, y: at.y - 10 - Self.height, width: width, height: Self.height)
        var least = Double.infinity
        for box in Self.candidates(at, width, frame) {
            let cost = cost(of: box, at)
            if cost < least { (best, least) = (box, cost) }
        }
        taken.append(best)
        return best
    }

    /// Where the line from a label to its point begins; nil where the two are side by side.
    static func lead(from box: Box, to at: Point) -> Point? {
        let near = nearest(of: box, to: at)
        let (across, down) = (near.x - at.x, near.y - at.y)
        return across * across + down * down > 16 * 16 ? near : nil
    }

    private static func nearest(of box: Box, to at: Point) -> Point {
        Point(min(max(at.x, box.x), box.right), min(max(at.y, box.y), box.bottom))
    }

    /// To the right and to the left, higher and lower.
    private static func candidates(_ at: Point, _ width: Double, _ frame: Box) -> [Box] {
        var boxes: [Box] = []
        for step in -16...16 {
            let y = at.y + Double(step) * 6 - height / 2
            guard y >= frame.y - 8, y + height <= frame.bottom - 1 else { continue }
            for away in [6.0, 24, 60, 120] {
                for x in [at.x + away, at.x - away - width] where x >= frame.x + 2 && x + width <= frame.right {
                    boxes.append(Box(x: x, y: y, width: width, height: height))
                }
            }
        }
        return boxes
    }

    /// What is over it counts by far the most, then how far away it is.
    private func cost(of box: Box, _ at: Point) -> Double {
        let wide = Box(x: box.x - 2, y: box.y - 1, width: box.width + 4, height: box.height + 2)
        let over = taken.count { $0.x < wide.right && wide.x < $0.right && $0.y < wide.bottom && wide.y < $0.bottom }
        let crossing = min(strokes.count { Self.crosses($0.0, $0.1, wide) }, 8)
        let around = Box(x: wide.x - 3, y: wide.y - 3, width: wide.width + 6, height: wide.height + 6)
        let covered = min(points.count { Self.crosses($0, $0, around) }, 8)
        let near = Self.nearest(of: box, to: at)
        let away = ((near.x - at.x) * (near.x - at.x) + (near.y - at.y) * (near.y - at.y)).squareRoot()
        // Above is where people look first.
        let below: Double = box.y + box.height / 2 > at.y ? 4 : 0
        return Double(over * 10_000 + crossing * 1000 + covered * 500) + away + below
    }

    /// A part of the stroke is within the box: Liang and Barsky's clipping.
    static func crosses(_ from: Point, _ to: Point, _ box: Box) -> Bool {
        let (across, down) = (to.x - from.x, to.y - from.y)
        var (enters, leaves) = (0.0, 1.0)
        let sides = [
            (-across, from.x - box.x), (across, box.right - from.x), (-down, from.y - box.y),
            (down, box.bottom - from.y),
        ]
        for (step, room) in sides {
            if step == 0 {
                if room < 0 { return false }
            } else if step < 0 {
                enters = max(enters, room / step)
            } else {
                leaves = min(leaves, room / step)
            }
        }
        return enters <= leaves
    }
}

/// How values become one where a picture has no room for all of them.
enum Joining {
    case mean, least, most
}

extension Series {
    /// The same with values joined until each is at least half a pixel wide.
    func coarser(for frame: Box, _ time: TimeAxis, _ joining: Joining) -> Series {
        let wide = width / time.span * frame.width
        let count = Int((0.5 / wide - 1e-9).rounded(.up))
        guard count > 1 else { return self }
        var joined = Series(width: width * Double(count), values: [])
        for start in stride(from: 0, to: values.count, by: count) {
            let known = values[start..<min(start + count, values.count)].filter(\.isFinite)
            joined.values.append(known.isEmpty ? .nan : joining.of(known))
        }
        return joined
    }
}

extension Joining {
    func of(_ values: [Double]) -> Double {
        switch self {
        case .mean: values.reduce(0, +) / Double(values.count)
        case .least: values.reduce(.infinity, min)
        case .most: values.reduce(-.infinity, max)
        }
    }
}

extension Layer {
    /// Of what is drawn, so that the axis has room for it.
    var largest: Double {
        func most(_ series: Series) -> Double { series.values.reduce(0) { $1 > $0 ? $1 : $0 } }
        return switch content {
        case .steps(let series, _): most(series)
        case .area(let series): most(series)
        case .band(_, let high): most(high)
        case .curve(let points), .line(let points, _), .dots(let points): points.reduce(0) { max($0, $1.y) }
        case .points(let points): points.reduce(0) { max($0, $1.point.y) }
        case .spans, .marks: 0
        }
    }
}

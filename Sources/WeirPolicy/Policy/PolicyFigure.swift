import WeirCore

/// A number or a time that is written in a policy file, and where.
public struct PolicyFigure: Sendable, Equatable {
    /// The keys that lead to it, as in `scaling_policies.up-policy.steps[0].adjustment`.
    public var name: String
    /// The keys, from the file's own; a name that the author chose is one of them, and so is the place in a list.
    public var keys: [String]
    public var kind: Kind
    /// Times are in seconds.
    public var value: Double
    let span: SourceSpan

    public enum Kind: Sendable, Equatable {
        case whole
        case number
        case time
    }

    /// The value as it is written in a file.
    public func text(_ value: Double) -> String {
        switch kind {
        case .whole: String(Int(value.rounded()))
        case .number: value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : Field.Kind.text(value)
        case .time: Quantity.text(.milliseconds(Int64((value * 1000).rounded())))
        }
    }
}

extension ReadResult {
    /// Every number and time that the file says, in the order of the declarations. Those that an alias repeats are there once.
    public func figures(of file: PolicyFile) -> [PolicyFigure] {
        guard let document = document(of: file) else { return [] }
        var walk = FigureWalk(source: SourceText(path: document.path, text: document.text))
        walk.collect(document.root, [])
        return walk.figures
    }
}

/// Goes through all that was read of a file.
private struct FigureWalk {
    let source: SourceText
    var figures: [PolicyFigure] = []

    mutating func collect(_ section: SectionValues, _ keys: [String]) {
        for value in section.values {
            let keys = keys + [value.key.name]
            switch value.content {
            case .value(let content): collect(content, at: value.valueSpan, keys)
            case .section(let child): collect(child, keys)
            case .named(let items):
                for item in items {
                    if let child = item.section { collect(child, keys + [item.name]) }
                }
            case .sequence(let items):
                for (place, item) in items.enumerated() { collect(item, keys + ["[\(place)]"]) }
            case .absent, .mistaken: break
            }
        }
    }

    private mutating func collect(_ content: Options.Value, at span: SourceSpan?, _ keys: [String]) {
        guard let span, !figures.contains(where: { $0.span == span }) else { return }
        let written = source.text(of: span)
        switch content {
        case .integer(let value) where Int(written) == value: add(.whole, Double(value), span, keys)
        case .number(let value) where Double(written) == value: add(.number, value, span, keys)
        case .duration(let value) where Quantity.time(written) == value: add(.time, value.inSeconds, span, keys)
        case .integer, .number, .duration, .text, .boolean, .size, .list, .map: break
        }
    }

    private mutating func add(_ kind: PolicyFigure.Kind, _ value: Double, _ span: SourceSpan, _ keys: [String]) {
        let name = keys.reduce("") { name, key in name.isEmpty || key.hasPrefix("[") ? name + key : "\(name).\(key)" }
        figures.append(PolicyFigure(name: name, keys: keys, kind: kind, value: value, span: span))
    }
}

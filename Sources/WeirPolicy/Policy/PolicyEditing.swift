import WeirCore

/// The text of a policy file, of which parts are written anew. All else, comments included, stays as it is.
public struct PolicyEditing: Sendable {
    /// Lines, without their ends.
    private let lines: [String]
    /// Of each line.
    private let ends: [String]
    /// Of lines that are new.
    private let usualEnd: String
    /// Where a key of the file itself is written: its lines, up to the next key or the comment above that.
    private let blocks: [String: Range<Int>]
    private let alarms: [(name: String, lines: Range<Int>)]
    /// Those that stand under `alarms:`; rules that are written in a scaling policy are none of them.
    public var alarmNames: [String] { alarms.map(\.name) }

    /// - Returns: nil when keys do not stand on lines of their own, as in `{ … }`.
    init?(_ document: PolicyDocument) {
        let source = SourceLines.of(document.text)
        lines = source.map(\.text)
        ends = source.map(\.end)
        usualEnd = SourceLines.usualEnd(source)
        let written = document.root.values.compactMap { value in value.keySpan.map { (value.key.name, $0) } }
            .sorted { $0.1.line < $1.1.line }
        guard written.allSatisfy({ $0.1.column == 1 }), Set(written.map(\.1.line)).count == written.count else {
            return nil
        }
        blocks = Dictionary(
            Self.ranges(written.map { ($0.0, $0.1.line) }, until: lines.count, lines).map { ($0.name, $0.lines) },
            uniquingKeysWith: { $1 })
        let items = document.root.named("alarms").map { ($0.name, $0.nameSpan) }.sorted { $0.1.line < $1.1.line }
        if let block = blocks["alarms"] {
            let isPlain = items.allSatisfy { block.dropFirst().contains($0.1.line - 1) && $0.1.column > 1 }
            guard isPlain, Set(items.map(\.1.line)).count == items.count else { return nil }
            alarms = Self.ranges(items.map { ($0.0, $0.1.line) }, until: block.upperBound, lines)
        } else {
            alarms = []
        }
    }

    /// Each from its line (from 1) to the next one's, or to the comment above that.
    private static func ranges(
        _ starts: [(name: String, line: Int)], until end: Int, _ lines: [String]
    ) -> [(name: String, lines: Range<Int>)] {
        starts.enumerated().map { number, start in
            guard number + 1 < starts.count else { return (start.name, (start.line - 1)..<end) }
            var next = starts[number + 1].line - 1
            while next > start.line, isRemark(lines[next - 1]) { next -= 1 }
            return (start.name, (start.line - 1)..<next)
        }
    }

    private static func isRemark(_ line: String) -> Bool {
        let rest = line.drop { $0 == " " }
        return rest.isEmpty || rest.first == "#"
    }

    /// The same text with other figures in it.
    public static func text(_ text: String, with values: [(figure: PolicyFigure, value: Double)]) -> String {
        var lines = SourceLines.of(text)
        // From the end of a line to its beginning, so that places before stay right.
        for (figure, value) in values.sorted(by: { $0.figure.span.column > $1.figure.span.column }) {
            let span = figure.span
            let place = (span.column - 1)..<(span.column - 1 + span.length)
            guard lines.indices.contains(span.line - 1), place.upperBound <= lines[span.line - 1].scalars.count
            else { continue }
            lines[span.line - 1].scalars.replaceSubrange(place, with: figure.text(value).unicodeScalars)
        }
        return lines.map { $0.text + $0.end }.joined()
    }

    /// What lines of a policy file end with.
    public static func lineEnd(of text: String) -> String { SourceLines.usualEnd(SourceLines.of(text)) }

    /// What takes the place of a group's scaling.
    public struct Scaling: Sendable, Equatable {
        /// Names and expressions that are needed besides those that there are.
        public var metrics: [(name: String, expression: String)]
        /// Lines of `alarms:` and of `scaling_policies:`, as deep as if they stood at the beginning of a line.
        public var alarms: [String]
        public var policies: [String]

        public init(metrics: [(name: String, expression: String)], alarms: [String], policies: [String]) {
            self.metrics = metrics
            self.alarms = alarms
            self.policies = policies
        }

        public static func == (left: Scaling, right: Scaling) -> Bool {
            left.metrics.map(\.name) == right.metrics.map(\.name)
                && left.metrics.map(\.expression) == right.metrics.map(\.expression) && left.alarms == right.alarms
                && left.policies == right.policies
        }
    }

    /// The same file with other scaling policies.
    /// - Parameters:
    ///   - removed: alarms that nobody needs any more.
    ///   - remark: stands above what is new, a line each.
    public func text(with scaling: Scaling, without removed: [String], remark: [String]) -> String {
        var edits: [(lines: Range<Int>, new: [String])] = []
        let alarms = Self.indented(scaling.alarms, by: indent)
        let staying = self.alarms.filter { !removed.contains($0.name) }
        if let block = blocks["alarms"] {
            if staying.isEmpty {
                edits.append((block, alarms.isEmpty ? [] : ["alarms:"] + alarms + [""]))
            } else {
                for item in self.alarms where removed.contains(item.name) { edits.append((item.lines, [])) }
                let end = staying.last.map { trimmed($0.lines).upperBound } ?? block.upperBound
                edits.append((end..<end, alarms))
            }
        }
        if let block = blocks["metrics"], !scaling.metrics.isEmpty {
            let end = trimmed(block).upperBound
            edits.append((end..<end, Self.indented(metricLines(scaling), by: indent)))
        }
        var new = remark.map { "# \($0)" }
        if blocks["metrics"] == nil, !scaling.metrics.isEmpty {
            new += ["metrics:"] + Self.indented(metricLines(scaling), by: indent) + [""]
        }
        if blocks["alarms"] == nil, !alarms.isEmpty { new += ["alarms:"] + alarms + [""] }
        new += ["scaling_policies:"] + Self.indented(scaling.policies, by: indent)
        let place = blocks["scaling_policies"] ?? (lines.count..<lines.count)
        edits.append((place, new + [""]))
        return applied(edits)
    }

    private func metricLines(_ scaling: Scaling) -> [String] {
        scaling.metrics.map { "\($0.name): \(YAMLText.text($0.expression))" }
    }

    /// Blanks before a name in a block; two where nobody says otherwise.
    private var indent: Int {
        guard let item = alarms.first else { return 2 }
        return lines[item.lines.lowerBound].prefix { $0 == " " }.count
    }

    private static func indented(_ lines: [String], by indent: Int) -> [String] {
        lines.map { $0.isEmpty ? "" : String(repeating: " ", count: indent) + $0 }
    }

    /// Without blank lines and comments at its end.
    private func trimmed(_ range: Range<Int>) -> Range<Int> {
        var end = range.upperBound
        while end > range.lowerBound + 1, Self.isRemark(lines[end - 1]) { end -= 1 }
        return range.lowerBound..<end
    }

    private func applied(_ edits: [(lines: Range<Int>, new: [String])]) -> String {
        var result = zip(lines, ends).map { (text: $0, end: $1) }
        // What stands further below first, so that places above stay right.
        for edit in edits.sorted(by: { ($0.lines.lowerBound, $0.lines.count) > ($1.lines.lowerBound, $1.lines.count) })
        {
            result.replaceSubrange(edit.lines, with: edit.new.map { (text: $0, end: usualEnd) })
            let seam = edit.lines.lowerBound + edit.new.count
            if result.indices.contains(seam), seam > 0, result[seam].text.isEmpty, result[seam - 1].text.isEmpty {
                result.remove(at: seam)
            }
        }
        while result.count > 1, result[result.count - 1].text.isEmpty, result[result.count - 2].text.isEmpty {
            result.removeLast()
        }
        // What was the last line has no end, and may be the last no more.
        return result.dropLast().map { $0.text + ($0.end.isEmpty ? usualEnd : $0.end) }.joined()
            + (result.last?.text ?? "")
    }
}

extension ReadResult {
    /// - Returns: nil when the file is written in a way that cannot be edited by lines.
    public func editing(_ file: PolicyFile) -> PolicyEditing? { document(of: file).flatMap(PolicyEditing.init) }
}

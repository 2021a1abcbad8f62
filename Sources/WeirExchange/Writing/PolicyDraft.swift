import WeirPolicy

/// A policy file that is being written, section by section, each value with a remark on where it came from.
struct PolicyDraft {
    var group: Entry
    var queue: [Entry] = []
    /// The launcher first.
    var workers: [Entry] = []
    var sizes: [Entry] = []
    var lifecycleHooks: [Entry] = []
    var warmPool: [Entry] = []
    var metrics: [Entry] = []
    var alarms: [Entry] = []
    var scalingPolicies: [Entry] = []
    var scheduledActions: [Entry] = []

    struct Entry {
        var key: String
        var value: Value
        /// Where it came from.
        var remark: String?
        /// Lines above it, without the mark of a comment.
        var above: [String] = []

        enum Value {
            /// As it stands in the file: quoted where it has to be.
            case plain(String)
            case section([Entry])
            /// Items on a line each, as they stand in the file.
            case list([String])
        }
    }

    /// - Parameter head: what stands above everything, without the marks of a comment.
    func text(head: [String]) -> String {
        var lines = head.flatMap { Self.comment($0, margin: "") }
        if !head.isEmpty { lines.append("") }
        append([group], indent: 0, to: &lines)
        let sections: [(String, [Entry])] = [("queue", queue), ("workers", workers)]
        for (name, entries) in sections { append(section: name, entries, to: &lines) }
        lines.append("")
        append(sizes, indent: 0, to: &lines)
        for (name, entries) in [
            ("lifecycle_hooks", lifecycleHooks), ("warm_pool", warmPool), ("metrics", metrics), ("alarms", alarms),
            ("scaling_policies", scalingPolicies), ("scheduled_actions", scheduledActions),
        ] where !entries.isEmpty {
            append(section: name, entries, to: &lines)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func append(section name: String, _ entries: [Entry], to lines: inout [String]) {
        lines.append("")
        append([Entry(key: name, value: .section(entries))], indent: 0, to: &lines)
    }

    private func append(_ entries: [Entry], indent: Int, to lines: inout [String]) {
        let margin = String(repeating: "  ", count: indent)
        for entry in entries {
            lines += entry.above.flatMap { Self.comment($0, margin: margin) }
            let remark = entry.remark.map { "  # \($0.onOneLine)" } ?? ""
            let key = "\(margin)\(YAMLText.text(entry.key)):"
            switch entry.value {
            case .plain(let text): lines.append("\(key) \(text)\(remark)")
            case .section(let children):
                lines.append(key + remark)
                append(children, indent: indent + 1, to: &lines)
            case .list(let items):
                lines.append(key + remark)
                lines += items.map { "\(margin)  - \($0)" }
            }
        }
    }

    /// At most 120 columns, lines after the first a little to the right.
    private static func comment(_ text: String, margin: String) -> [String] {
        var lines: [String] = []
        var line = "\(margin)#"
        let hanging = String(text.prefix { $0 == " " }) + (text.contains(": ") ? "  " : "")
        for word in text.onOneLine.split(separator: " ") {
            if line.count + word.count >= 118, line.count > margin.count + 1 + hanging.count {
                lines.append(line)
                line = "\(margin)# \(hanging)\(word)"
            } else {
                line += line == "\(margin)#" ? " \(text.prefix { $0 == " " })\(word)" : " \(word)"
            }
        }
        return lines + [line]
    }
}

extension String {
    /// For a comment, which ends with its line: also U+0085, U+2028 and U+2029 are line ends for YAML.
    var onOneLine: String {
        let scalars = unicodeScalars.map { scalar -> Unicode.Scalar in
            let isControl = scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
            return isControl || scalar == "\u{2028}" || scalar == "\u{2029}" ? " " : scalar
        }
        return String(String.UnicodeScalarView(scalars))
    }
}

extension PolicyDraft.Entry {
    init(_ key: String, _ value: some CustomStringConvertible, from item: Item? = nil, remark: String? = nil) {
        self.init(key: key, value: .plain(value.description), remark: remark ?? item?.origin)
    }

    init(_ key: String, text: String, from item: Item? = nil, remark: String? = nil) {
        self.init(key: key, value: .plain(YAMLText.text(text)), remark: remark ?? item?.origin)
    }

    init(_ key: String, time: Duration, from item: Item? = nil, remark: String? = nil) {
        self.init(key: key, value: .plain(Quantity.text(time)), remark: remark ?? item?.origin)
    }

    init(_ key: String, texts: [String], from item: Item? = nil, remark: String? = nil) {
        let list = texts.map { YAMLText.text($0) }.joined(separator: ", ")
        self.init(key: key, value: .plain("[\(list)]"), remark: remark ?? item?.origin)
    }

    init(_ key: String, number: Double, from item: Item? = nil, remark: String? = nil) {
        self.init(key: key, value: .plain(PlainNumber.text(number)), remark: remark ?? item?.origin)
    }

    init(_ key: String, section: [PolicyDraft.Entry], above: [String] = [], remark: String? = nil) {
        self.init(key: key, value: .section(section), remark: remark, above: above)
    }
}

/// Numbers as files have them: whole ones without a point, others so that they read back as the same.
enum PlainNumber {
    static func text(_ number: Double) -> String {
        Int64(exactly: number).map { "\($0)" } ?? "\(number)"
    }
}

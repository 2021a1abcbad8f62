import Yams

/// From text to nodes. JSON is read as the YAML that it is.
enum DocumentReading {
    /// Our own; stops files that blow up when aliases are written out.
    private static let mostNodes = 500_000
    /// Our own; templates are some ten levels deep.
    private static let deepestNesting = 100

    /// - Throws: what cannot be read, with its line.
    static func read(_ text: String, file: String) throws(ImportMistake) -> [Document] {
        var conversion = Conversion(file: file)
        let text = withoutSurrogates(text)
        do {
            let parser = try Parser(yaml: text, encoding: .utf8)
            var documents: [Document] = []
            while let node = try parser.nextRoot() {
                let root = try conversion.convert(node, path: "", depth: 0)
                if !root.saysNothing { documents.append(Document(file: file, index: documents.count, root: root)) }
            }
            return documents
        } catch let mistake as ImportMistake {
            throw mistake
        } catch let error as YamlError {
            throw ImportMistake("\(file)\(Self.place(error)) is neither JSON nor YAML\(Self.why(error))")
        } catch {
            throw ImportMistake("\(file) cannot be read: \(error)")
        }
    }

    private static func place(_ error: YamlError) -> String {
        switch error {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): ":\(mark.line)"
        case .duplicatedKeysInMapping(_, let context): ":\(context.mark.line)"
        case .no, .memory, .reader, .writer, .emitter, .representer, .dataCouldNotBeDecoded: ""
        }
    }

    private static func why(_ error: YamlError) -> String {
        switch error {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _):
            ": \(problem)"
        case .duplicatedKeysInMapping(let keys, _):
            ": the key \(keys.map { "'\($0)'" }.joined(separator: ", ")) is written twice"
        case .no, .memory, .reader, .writer, .emitter, .representer, .dataCouldNotBeDecoded: ""
        }
    }

    /// JSON writes a character beyond the first 65,536 as two escapes, which YAML has not: the character itself takes their place.
    private static func withoutSurrogates(_ text: String) -> String {
        guard text.contains("\\u") else { return text }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\\"), let high = escape(bytes, at: index),
                (0xD800..<0xDC00).contains(high),
                let low = escape(bytes, at: index + 6), (0xDC00..<0xE000).contains(low),
                let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
            {
                result += Array(String(Character(scalar)).utf8)
                index += 12
            } else if bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count {
                result += bytes[index...index + 1]
                index += 2
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func escape(_ bytes: [UInt8], at index: Int) -> UInt32? {
        guard index + 6 <= bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u") else {
            return nil
        }
        return UInt32(String(decoding: bytes[index + 2..<index + 6], as: UTF8.self), radix: 16)
    }

    // MARK: Nodes

    private struct Conversion {
        let file: String
        var count = 0

        mutating func convert(_ node: Yams.Node, path: String, depth: Int) throws(ImportMistake) -> Node {
            let line = node.mark?.line ?? 1
            count += 1
            guard count <= mostNodes, depth <= deepestNesting else {
                throw ImportMistake("\(file):\(line) holds too many values, or nests them too deeply")
            }
            let tag = tag(of: node)
            // A function in its short form, such as !Ref, is the long form with one key.
            let inner = tag.map { Node.path(path, Self.longForm($0)) } ?? path
            let content: Node.Content
            switch node {
            case .scalar(let scalar): content = scalarContent(scalar, tag: tag, path: inner, line: line)
            case .sequence(let sequence):
                var items: [Node] = []
                for (index, item) in sequence.enumerated() {
                    items.append(try convert(item, path: "\(inner)[\(index)]", depth: depth + 1))
                }
                content = .list(items)
            case .mapping(let mapping):
                var entries: [Node.Entry] = []
                for (key, value) in mapping {
                    let name = key.scalar?.string ?? "?"
                    entries.append(
                        .init(
                            key: name,
                            value: try convert(value, path: Node.path(inner, name), depth: depth + 1)))
                }
                content = .mapping(entries)
            case .alias: content = .nothing
            }
            guard let tag else { return Node(content: content, path: path, line: line) }
            let value = Node(content: content, path: inner, line: line)
            return Node(
                content: .mapping([.init(key: Self.longForm(tag), value: value)]), path: path, line: line)
        }

        private func tag(of node: Yams.Node) -> String? {
            let tag: String
            switch node {
            case .scalar(let scalar): tag = scalar.tag.description
            case .sequence(let sequence): tag = sequence.tag.description
            case .mapping(let mapping): tag = mapping.tag.description
            case .alias: return nil
            }
            return tag.hasPrefix("!") && tag.count > 1 ? String(tag.dropFirst()) : nil
        }

        private static func longForm(_ tag: String) -> String {
            tag == "Ref" || tag == "Condition" ? tag : "Fn::\(tag)"
        }

        private func scalarContent(
            _ scalar: Yams.Node.Scalar, tag: String?, path: String, line: Int
        ) -> Node.Content {
            let text = scalar.string
            if tag == "GetAtt" {
                // !GetAtt Queue.Arn: the resource is what stands before the first point.
                let parts = text.split(separator: ".", maxSplits: 1).map(String.init)
                return .list(
                    parts.enumerated().map { Node(content: .text($1), path: "\(path)[\($0)]", line: line) })
            }
            guard scalar.style == .plain || scalar.style == .any else { return .text(text) }
            switch text {
            case "", "~", "null", "Null", "NULL": return .nothing
            case "true", "True", "TRUE": return .boolean(true)
            case "false", "False", "FALSE": return .boolean(false)
            default: break
            }
            let isNumber = text.allSatisfy { $0.isASCII && ($0.isNumber || "+-.eE".contains($0)) }
            return isNumber && Double(text) != nil ? .number(text) : .text(text)
        }
    }
}

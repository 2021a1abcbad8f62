/// A line, and where its continuation begins when it is too long for the window.
struct HangingLine {
    var text: String
    /// Unit: characters from the left.
    var hanging: Int

    /// Nothing deeper than this share of the window: a narrow column of single words is worse than a small indent.
    private static let deepest = 0.5

    /// As lines of at most `width` characters, broken at blanks; words that are longer are broken where they must be.
    /// Without a width it stays one line.
    func wrapped(to width: Int?) -> [String] {
        guard let width, text.visibleCount > width, width > 1 else { return [text] }
        let indent = String(repeating: " ", count: min(hanging, Int(Double(width) * Self.deepest)))
        var lines: [String] = []
        var line = ""
        var used = 0
        for piece in pieces {
            let count = piece.visibleCount
            if used + count > width, used > indent.count {
                lines.append(line.trimmedOnTheRight)
                (line, used) = (indent, indent.count)
                if piece.first == " " { continue }
            }
            for part in piece.cut(after: max(width - used, 1), andThenAfter: width - indent.count) {
                if used + part.visibleCount > width {
                    lines.append(line.trimmedOnTheRight)
                    (line, used) = (indent, indent.count)
                }
                line += part
                used += part.visibleCount
            }
        }
        return lines + [line.trimmedOnTheRight]
    }

    /// Words and the blanks between them, in turn.
    private var pieces: [String] {
        var pieces: [String] = []
        for character in text {
            if let last = pieces.last?.last, (last == " ") == (character == " ") {
                pieces[pieces.count - 1].append(character)
            } else {
                pieces.append(String(character))
            }
        }
        return pieces
    }
}

extension String {
    /// Characters that are seen: colours take no room.
    var visibleCount: Int {
        guard contains("\u{1B}") else { return count }
        var count = 0
        var isColour = false
        for character in self {
            if character == "\u{1B}" {
                isColour = true
            } else if isColour {
                isColour = character != "m"
            } else {
                count += 1
            }
        }
        return count
    }

    fileprivate var trimmedOnTheRight: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }

    /// A word that fits is left whole, and so is a coloured one.
    fileprivate func cut(after first: Int, andThenAfter rest: Int) -> [String] {
        guard count > first, !contains("\u{1B}") else { return [self] }
        var parts = [String(prefix(first))]
        var left = dropFirst(first)
        while !left.isEmpty {
            parts.append(String(left.prefix(max(rest, 1))))
            left = left.dropFirst(max(rest, 1))
        }
        return parts
    }
}

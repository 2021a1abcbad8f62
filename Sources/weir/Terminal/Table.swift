import FoundationEssentials

/// Columns of text.
enum Table {
    /// Rows under each other, columns two spaces apart, nothing behind the last.
    static func text(_ rows: [[String]]) -> String {
        lines(rows).map(\.text).joined(separator: "\n")
    }

    /// What does not fit hangs under its last column, a little to the right of where its text begins.
    static func lines(_ rows: [[String]]) -> [HangingLine] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            // The last cell of a row may be as long as it likes.
            rows.compactMap { $0.count > column + 1 ? $0[column].visibleCount : nil }.max() ?? 0
        }
        return rows.map { row in
            let start = widths.prefix(max(row.count - 1, 0)).reduce(0) { $0 + $1 + 2 }
            let text = row.enumerated().map { column, cell in
                guard column < row.count - 1 else { return cell }
                return cell + String(repeating: " ", count: widths[column] - cell.visibleCount + 2)
            }.joined()
            let blanks = row.last?.prefix { $0 == " " }.count ?? 0
            return HangingLine(text: text, hanging: start + blanks + 2)
        }
    }
}

/// A JSON object on one line, keys in snake_case and sorted.
func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}

/// A JSON string.
func quoted(_ text: String) -> String {
    (try? json(text)) ?? "\"\""
}

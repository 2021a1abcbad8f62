extension String {
    /// Contains these lines one right after the other: XML travels without line breaks, but is read better with them.
    func contains(joined lines: String) -> Bool {
        contains(lines.split(separator: "\n").joined())
    }
}

import FoundationEssentials

/// Records of weir, where a trace was expected.
enum WeirRecords {
    /// What each of them begins with.
    private struct Head: Decodable {
        var version: Int
        var group: String
        var at: Int
    }

    /// Whether the first line is one.
    static func begin(_ bytes: [UInt8]) -> Bool {
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
        return (try? JSONDecoder().decode(Head.self, from: Data(line))) != nil
    }
}

/// What a program printed, made fit for a log or a terminal.
enum PlainText {
    /// The lines that are not empty, without control characters; bytes that are no UTF-8 become `�`.
    static func lines(_ bytes: [UInt8]) -> [String] {
        bytes.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }.map(line)
    }

    private static func line(_ bytes: ArraySlice<UInt8>) -> String {
        var line = String.UnicodeScalarView()
        line.append(contentsOf: String(decoding: bytes, as: UTF8.self).unicodeScalars.filter(isPlain))
        return String(line)
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\t" || !(scalar.value < 0x20 || 0x7f...0x9f ~= scalar.value)
    }
}

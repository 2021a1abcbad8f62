/// Why a text is not one JSON document, where that is a matter of its end.
struct JSONEnding {
    /// From 1.
    var line: Int
    var problem: String

    /// Nil: it ends where it should.
    init?(_ bytes: [UInt8]) {
        var line = 1
        var depth = 0
        var isText = false
        var isEscaped = false
        var hasEnded = false
        for byte in bytes {
            if byte == UInt8(ascii: "\n") { line += 1 }
            if isText {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isText = false
                }
                continue
            }
            if hasEnded, byte > 32 {
                self.init(
                    line: line,
                    problem: "another document begins here: put several together as a list, with jq -s . FILE…")
                return
            }
            switch byte {
            case UInt8(ascii: "\""): isText = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                hasEnded = depth == 0
            default: break
            }
        }
        guard !hasEnded else { return nil }
        self.init(line: line, problem: "the document ends here, and is not complete: was it cut off?")
    }

    private init(line: Int, problem: String) {
        (self.line, self.problem) = (line, problem)
    }
}

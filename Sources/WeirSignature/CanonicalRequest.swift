import Crypto

/// The one spelling of a request that both sides hash. Source: Signature Version 4, "Create a canonical request".
///
/// Unlike S3, every other service wants the path normalised and encoded once more than it travels.
struct CanonicalRequest {
    var text: [UInt8]

    /// - Parameter signedHeaders: lower-case names in ascending order.
    init(_ request: SignableRequest, signedHeaders: [Substring]) {
        text = []
        text.reserveCapacity(512)
        text += request.method.utf8
        text.append(Self.newline)
        Self.appendPath(request.path, to: &text)
        text.append(Self.newline)
        Self.appendQuery(request.query, to: &text)
        text.append(Self.newline)
        for name in signedHeaders {
            text += name.utf8
            text.append(0x3a)
            Self.appendValues(of: name, in: request, to: &text)
            text.append(Self.newline)
        }
        text.append(Self.newline)
        for (index, name) in signedHeaders.enumerated() {
            if index > 0 { text.append(0x3b) }
            text += name.utf8
        }
        text.append(Self.newline)
        text += Bytes.hex(SHA256.hash(data: request.body))
    }

    /// What is signed: the algorithm, the date, the scope, and the hash of the canonical request.
    func stringToSign(date: SignatureDate, scope: CredentialScope) -> [UInt8] {
        var signed: [UInt8] = []
        signed.reserveCapacity(192)
        signed += CredentialScope.algorithm.utf8
        signed.append(Self.newline)
        signed += date.text.utf8
        signed.append(Self.newline)
        signed += scope.text.utf8
        signed.append(Self.newline)
        signed += Bytes.hex(SHA256.hash(data: text))
        return signed
    }

    private static let newline: UInt8 = 0x0a
    private static let slash: UInt8 = 0x2f

    /// Dot segments and doubled slashes go, then every segment is encoded once more.
    private static func appendPath(_ path: String, to text: inout [UInt8]) {
        if path.isEmpty || path == "/" {
            text.append(slash)
            return
        }
        var segments: [Substring] = []
        for segment in path.split(separator: "/", omittingEmptySubsequences: true) where segment != "." {
            if segment == ".." {
                _ = segments.popLast()
            } else {
                segments.append(segment)
            }
        }
        for segment in segments {
            text.append(slash)
            for byte in segment.utf8 { Bytes.appendPercentEncoded(byte, to: &text) }
        }
        if segments.isEmpty || path.utf8.last == slash { text.append(slash) }
    }

    /// Pairs in the order of their encoded names, then values; a name without a value gets an empty one.
    private static func appendQuery(_ query: String, to text: inout [UInt8]) {
        guard !query.isEmpty else { return }
        var pairs: [(name: [UInt8], value: [UInt8])] = []
        for piece in query.utf8.split(separator: 0x26) {
            let equals = piece.firstIndex(of: 0x3d) ?? piece.endIndex
            pairs.append((reencoded(piece[..<equals]), reencoded(piece[equals...].dropFirst())))
        }
        pairs.sort { left, right in
            left.name == right.name
                ? left.value.lexicographicallyPrecedes(right.value) : left.name.lexicographicallyPrecedes(right.name)
        }
        for (index, pair) in pairs.enumerated() {
            if index > 0 { text.append(0x26) }
            text += pair.name
            text.append(0x3d)
            text += pair.value
        }
    }

    private static func reencoded(_ piece: Substring.UTF8View) -> [UInt8] {
        var text: [UInt8] = []
        for byte in Bytes.percentDecoded(piece) { Bytes.appendPercentEncoded(byte, to: &text) }
        return text
    }

    /// Values of headers with the same name are joined by commas in the order of the wire.
    private static func appendValues(of name: Substring, in request: SignableRequest, to text: inout [UInt8]) {
        var first = true
        for header in request.headers where Bytes.equalsIgnoringCase(header.name, name) {
            if !first { text.append(0x2c) }
            first = false
            appendTrimmed(header.value, to: &text)
        }
    }

    /// Spaces around a value go, and runs of spaces inside become one.
    private static func appendTrimmed(_ value: String, to text: inout [UInt8]) {
        var pendingSpace = false
        var started = false
        for byte in value.utf8 {
            if byte == 0x20 || byte == 0x09 {
                pendingSpace = started
            } else {
                if pendingSpace { text.append(0x20) }
                pendingSpace = false
                started = true
                text.append(byte)
            }
        }
    }
}

import Crypto
import WeirQueue

/// MD5 digests, by which clients check that a message arrived as it was sent. Source: "Message metadata", SQS developer
/// guide, "Calculating the MD5 message digest for message attributes".
enum MessageDigest {
    static func body(_ body: String) -> String {
        var body = body
        return body.withUTF8 { Hex.text(Insecure.MD5.hash(data: UnsafeRawBufferPointer($0))) }
    }

    /// Nil when there are no attributes: the field is left out then.
    static func attributes(_ attributes: [MessageAttribute]) -> String? {
        guard !attributes.isEmpty else { return nil }
        var digest = Insecure.MD5()
        for attribute in attributes.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
            append(Array(attribute.name.utf8), to: &digest)
            append(Array(attribute.dataType.utf8), to: &digest)
            switch attribute.value {
            case .string(let text):
                digest.update(data: [1])
                append(Array(text.utf8), to: &digest)
            case .binary(let bytes):
                digest.update(data: [2])
                append(bytes, to: &digest)
            }
        }
        return Hex.text(digest.finalize())
    }

    /// The digest of the only system attribute that can be sent.
    static func traceHeader(_ value: String?) -> String? {
        value.flatMap { attributes([MessageAttribute(name: "AWSTraceHeader", dataType: "String", value: .string($0))]) }
    }

    private static func append(_ bytes: [UInt8], to digest: inout Insecure.MD5) {
        let length = UInt32(bytes.count)
        digest.update(data: [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) })
        digest.update(data: bytes)
    }
}

/// `AWS4-HMAC-SHA256 Credential=ID/20150830/us-east-1/sqs/aws4_request, SignedHeaders=host;x-amz-date, Signature=…`
struct AuthorizationHeader {
    var accessKeyID: String
    var scope: CredentialScope
    /// Lower-case names, in the order given.
    var signedHeaders: [Substring]
    var signature: [UInt8]

    /// - Throws: `SignatureFailure.malformed` naming the part that is missing or wrong.
    init(_ text: String) throws(SignatureFailure) {
        guard text.utf8.count <= SignatureLimits.authorizationBytes else { throw .malformed(.length) }
        guard text.utf8.starts(with: CredentialScope.algorithm.utf8) else { throw .malformed(.algorithm) }
        let rest = text.utf8.dropFirst(CredentialScope.algorithm.utf8.count)
        guard rest.first == UInt8(ascii: " ") else { throw .malformed(.algorithm) }

        // On the path of every message, so over bytes: splitting by characters takes ten times as long.
        var (credential, names, digits): (Substring?, Substring?, Substring?)
        for part in rest.split(separator: UInt8(ascii: ",")) {
            let part = part.drop { $0 == UInt8(ascii: " ") }
            guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else { throw .malformed(.parameter) }
            let value = Substring(part[equals...].dropFirst())
            switch Substring(part[..<equals]) {
            case "Credential": credential = value
            case "SignedHeaders": names = value
            case "Signature": digits = value
            default: continue
            }
        }
        guard let credential else { throw .malformed(.credential) }
        guard let names else { throw .malformed(.signedHeaders) }
        guard let digits else { throw .malformed(.signature) }

        (accessKeyID, scope) = try Self.credential(credential)
        signedHeaders = names.utf8.split(separator: UInt8(ascii: ";")).map { Substring($0) }
        guard !signedHeaders.isEmpty else { throw .malformed(.signedHeaders) }
        guard let signature = Bytes.fromHex(digits.utf8) else { throw .malformed(.signature) }
        self.signature = signature
    }

    private static func credential(_ text: Substring) throws(SignatureFailure) -> (String, CredentialScope) {
        let pieces = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map {
            Substring($0)
        }
        guard pieces.count == 5, !pieces[0].isEmpty, pieces[4] == CredentialScope.terminator else {
            throw .malformed(.credential)
        }
        let scope = CredentialScope(day: String(pieces[1]), region: String(pieces[2]), service: String(pieces[3]))
        return (String(pieces[0]), scope)
    }
}

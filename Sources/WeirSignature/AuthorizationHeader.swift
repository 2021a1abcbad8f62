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
        guard rest.first == 0x20 else { throw .malformed(.algorithm) }

        var parts: [String: Substring] = [:]
        for part in Substring(rest).split(separator: ",") {
            let pair = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { throw .malformed(.parameter) }
            parts[String(pair[0])] = pair[1]
        }
        guard let credential = parts["Credential"] else { throw .malformed(.credential) }
        guard let names = parts["SignedHeaders"] else { throw .malformed(.signedHeaders) }
        guard let digits = parts["Signature"] else { throw .malformed(.signature) }

        (accessKeyID, scope) = try Self.credential(credential)
        signedHeaders = names.split(separator: ";")
        guard !signedHeaders.isEmpty else { throw .malformed(.signedHeaders) }
        guard let signature = Bytes.fromHex(digits.utf8) else { throw .malformed(.signature) }
        self.signature = signature
    }

    private static func credential(_ text: Substring) throws(SignatureFailure) -> (String, CredentialScope) {
        let pieces = text.split(separator: "/", omittingEmptySubsequences: false)
        guard pieces.count == 5, !pieces[0].isEmpty, pieces[4] == CredentialScope.terminator else {
            throw .malformed(.credential)
        }
        let scope = CredentialScope(day: String(pieces[1]), region: String(pieces[2]), service: String(pieces[3]))
        return (String(pieces[0]), scope)
    }
}

import Crypto

/// Signs requests as AWS's services expect it (Signature Version 4). The date is an argument, so that a signature can be
/// tested against fixed values.
public struct Signer: Sendable {
    public let credentials: Credentials
    /// Such as `us-east-1`.
    public let region: String
    /// Such as `sqs` or `autoscaling`.
    public let service: String
    private let keys = SigningKeyCache()

    public init(credentials: Credentials, region: String, service: String) {
        self.credentials = credentials
        self.region = region
        self.service = service
    }

    /// The request with `x-amz-date`, `authorization` and, with a session token, `x-amz-security-token` added.
    ///
    /// All headers that the request has are signed, but for those that anyone on the way may change; the sender must send
    /// them just so, and must send the `host` that the request names.
    /// - Parameter milliseconds: now, in milliseconds since 1970-01-01T00:00:00Z.
    public func sign(_ request: SignableRequest, at milliseconds: Int64) -> SignableRequest {
        let date = SignatureDate(milliseconds: milliseconds)
        let scope = CredentialScope(day: String(date.day), region: region, service: service)
        var signed = request
        signed.headers.removeAll { header in Self.replaced.contains { Bytes.equalsIgnoringCase(header.name, $0) } }
        signed.headers.append(("x-amz-date", date.text))
        if let token = credentials.sessionToken { signed.headers.append(("x-amz-security-token", token)) }

        let names = Self.signedNames(of: signed)
        let canonical = CanonicalRequest(signed, signedHeaders: names)
        let key = keys.key(secret: credentials.secretAccessKey, scope: scope)
        let code = HMAC<SHA256>.authenticationCode(for: canonical.stringToSign(date: date, scope: scope), using: key)
        let signature = String(decoding: Bytes.hex(code), as: UTF8.self)
        signed.headers.append(
            (
                "authorization",
                "\(CredentialScope.algorithm) Credential=\(credentials.accessKeyID)/\(scope.text), "
                    + "SignedHeaders=\(names.joined(separator: ";")), Signature=\(signature)"
            ))
        return signed
    }

    private static let replaced = ["authorization", "x-amz-date", "x-amz-security-token"]
    /// Proxies and HTTP libraries add or change these.
    private static let unsigned = [
        "connection", "content-length", "expect", "transfer-encoding", "user-agent", "x-amzn-trace-id",
    ]

    private static func signedNames(of request: SignableRequest) -> [Substring] {
        var names: [Substring] = []
        for header in request.headers {
            let name = String(decoding: header.name.utf8.map(Bytes.lowercased), as: UTF8.self)
            if !unsigned.contains(name), !names.contains(name[...]) { names.append(name[...]) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

import Crypto

/// Checks the signature of a request, the way AWS's services do.
///
/// It stands on the path of every message, so it works on bytes and remembers the signing keys of the day.
public struct Verifier: Sendable {
    private let services: [String]
    private let keys = SigningKeyCache()

    /// - Parameter services: the services that a request may be signed for, such as `sqs`. Any region is accepted: the
    ///   worker's own configuration names it, and the signature covers it.
    public init(services: [String]) {
        self.services = services
    }

    /// Who signed a request, and for which service.
    public struct Signature: Sendable, Equatable {
        public var accessKeyID: String
        public var region: String
        public var service: String
    }

    /// - Parameters:
    ///   - milliseconds: now, in milliseconds since 1970-01-01T00:00:00Z.
    ///   - secret: the secret access key that belongs to an access key id; nil when nobody has it.
    /// - Throws: the first thing that is wrong; nothing about the request may be believed then.
    public func verify(
        _ request: SignableRequest, at milliseconds: Int64, secret: (String) -> String?
    ) throws(SignatureFailure) -> Signature {
        guard let header = request.header("authorization") else { throw .missing }
        let authorization = try AuthorizationHeader(header)
        let scope = authorization.scope
        guard let date = request.header("x-amz-date").flatMap(SignatureDate.init) else { throw .malformed(.date) }
        guard services.contains(scope.service) else { throw .wrongService(scope.service) }
        guard scope.day == date.day else { throw .scopeDate(scope.day, requestDate: String(date.day)) }
        try Self.check(date, now: milliseconds)
        try Self.checkCoverage(of: request, by: authorization.signedHeaders)
        guard let secret = secret(authorization.accessKeyID) else { throw .unknownKey(authorization.accessKeyID) }

        let canonical = CanonicalRequest(request, signedHeaders: authorization.signedHeaders)
        let isValid = HMAC<SHA256>.isValidAuthenticationCode(
            authorization.signature, authenticating: canonical.stringToSign(date: date, scope: scope),
            using: keys.key(secret: secret, scope: scope))
        guard isValid else { throw .mismatch }
        return Signature(accessKeyID: authorization.accessKeyID, region: scope.region, service: scope.service)
    }

    private static func check(_ date: SignatureDate, now: Int64) throws(SignatureFailure) {
        let skew = SignatureLimits.clockSkewMilliseconds
        let difference = date.seconds * 1000 - now
        // Dates have whole seconds, so the second that began before the limit still counts.
        if difference < -skew - 999 {
            let earliest = SignatureDate(milliseconds: now - skew)
            throw .expired(date.text, earliest: earliest.text, now: SignatureDate(milliseconds: now).text)
        }
        if difference > skew {
            let latest = SignatureDate(milliseconds: now + skew)
            throw .notYetCurrent(date.text, latest: latest.text, now: SignatureDate(milliseconds: now).text)
        }
    }

    /// The host and every `x-amz-` header must be signed: an unsigned `x-amz-target` could be swapped on the way.
    private static func checkCoverage(
        of request: SignableRequest, by signedHeaders: [Substring]
    ) throws(SignatureFailure) {
        guard signedHeaders.contains("host") else { throw .unsignedHeader("host") }
        for header in request.headers where Bytes.hasPrefixIgnoringCase(header.name, "x-amz-") {
            guard signedHeaders.contains(where: { Bytes.equalsIgnoringCase(header.name, $0) }) else {
                throw .unsignedHeader(header.name)
            }
        }
    }
}

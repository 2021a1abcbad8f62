/// Why a request's signature was not accepted.
public enum SignatureFailure: Error, Sendable, Equatable {
    /// There is no Authorization header.
    case missing
    /// The Authorization header, or the date that belongs to it, cannot be read.
    case malformed(Part)
    /// Nobody has this access key id.
    case unknownKey(String)
    /// The request is for a service that is not here.
    case wrongService(String)
    /// The day of the credential scope is not that of `x-amz-date`.
    case scopeDate(String, requestDate: String)
    /// The date of the request is too far from now; all three as signatures write dates.
    case expired(String, earliest: String, now: String)
    case notYetCurrent(String, latest: String, now: String)
    /// A header that must be covered by the signature is not.
    case unsignedHeader(String)
    /// The signature is not the one that the secret gives.
    case mismatch

    /// What of the Authorization header is missing or wrong.
    public enum Part: Sendable, Equatable {
        case length, algorithm, parameter, credential, signedHeaders, signature, date
    }
}

extension SignatureFailure {
    /// AWS's code for it. Source: "Common Errors" of the SQS and Auto Scaling API references.
    public var code: String {
        switch self {
        case .missing: "MissingAuthenticationToken"
        case .malformed: "IncompleteSignature"
        case .unknownKey: "InvalidClientTokenId"
        case .wrongService, .scopeDate, .expired, .notYetCurrent, .unsignedHeader, .mismatch: "SignatureDoesNotMatch"
        }
    }

    /// The HTTP status that AWS gives with it.
    public var status: Int {
        switch self {
        case .malformed: 400
        case .missing, .unknownKey, .wrongService, .scopeDate, .expired, .notYetCurrent, .unsignedHeader, .mismatch: 403
        }
    }

    /// A sentence for people, close to AWS's own. It holds no secret.
    public var message: String {
        switch self {
        case .missing: "Request is missing Authentication Token"
        case .malformed(let part): part.message
        case .unknownKey: "The security token included in the request is invalid."
        case .wrongService(let service): "Credential should be scoped to correct service; it is for '\(service)'."
        case .scopeDate(let day, let requestDate):
            "Date in Credential scope does not match that of the request: \(day) != \(requestDate)"
        case .expired(let date, let earliest, let now):
            "Signature expired: \(date) is now earlier than \(earliest) (\(now) - 15 min.)"
        case .notYetCurrent(let date, let latest, let now):
            "Signature not yet current: \(date) is still later than \(latest) (\(now) + 15 min.)"
        case .unsignedHeader(let name): "'\(name)' must be a 'SignedHeader' in the AWS Authorization."
        case .mismatch:
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
                + "Access Key and signing method."
        }
    }
}

extension SignatureFailure.Part {
    fileprivate var message: String {
        switch self {
        case .length: "Authorization header is too long."
        case .algorithm: "Authorization header must start with '\(CredentialScope.algorithm) '."
        case .parameter: "Authorization header has a part that is not a key=value pair."
        case .credential:
            "Authorization header requires a 'Credential' parameter: KEY/DATE/REGION/SERVICE/\(CredentialScope.terminator)."
        case .signedHeaders: "Authorization header requires a 'SignedHeaders' parameter."
        case .signature: "Authorization header requires a 'Signature' parameter in hexadecimal digits."
        case .date: "Authorization header requires an 'X-Amz-Date' header of the form YYYYMMDDTHHMMSSZ."
        }
    }
}

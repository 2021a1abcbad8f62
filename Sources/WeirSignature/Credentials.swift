/// What a request is signed with.
public struct Credentials: Sendable, Equatable {
    public var accessKeyID: String
    public var secretAccessKey: String
    /// Travels as `x-amz-security-token`; nil for long-term credentials.
    public var sessionToken: String?

    public init(accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
    }
}

/// Prints without its secrets, so that no log can leak them by accident.
extension Credentials: CustomStringConvertible, CustomDebugStringConvertible {
    public var description: String { "Credentials(\(accessKeyID))" }
    public var debugDescription: String { description }
}

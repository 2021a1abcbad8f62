/// What a signing key is good for: one day, one region, one service.
struct CredentialScope: Sendable, Hashable {
    /// `20150830`
    var day: String
    var region: String
    var service: String

    static let algorithm = "AWS4-HMAC-SHA256"
    static let terminator = "aws4_request"

    /// `20150830/us-east-1/iam/aws4_request`
    var text: String { "\(day)/\(region)/\(service)/\(Self.terminator)" }
}

/// The largest of everything in signatures.
public enum SignatureLimits {
    /// How far the date of a request may be from now, in either direction.
    /// - Unit: milliseconds. Source: Signature Version 4, "Signature expired" (15 minutes).
    public static let clockSkewMilliseconds: Int64 = 15 * 60 * 1000
    /// Signing keys that are remembered; when there are more, all are forgotten and derived again.
    public static let cachedSigningKeys = 4096
    /// Longest Authorization header that is read. Unit: bytes.
    public static let authorizationBytes = 4096
}

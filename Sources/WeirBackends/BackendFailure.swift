/// Why a backend could not be set up.
public struct BackendFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What failed and why, as a sentence for people, without secrets.
    public var message: String
    /// Trying again later can help; false: only a change of the policy or the machine can.
    public var retryHelps: Bool

    public init(_ message: String, retryHelps: Bool) {
        self.message = message
        self.retryHelps = retryHelps
    }

    public var description: String { message }
}

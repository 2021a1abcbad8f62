import WeirCore

/// Who asks.
enum Principal: Sendable, Equatable, CustomStringConvertible {
    /// Somebody with the account's credentials.
    case account(accessKeyID: String)
    /// A live instance, by its own credentials or by its URL.
    case instance(InstanceID)
    /// Whoever may open the unix socket.
    case `operator`

    var description: String {
        switch self {
        case .account(let accessKeyID): "account key \(accessKeyID)"
        case .instance(let id): "instance \(id)"
        case .operator: "operator"
        }
    }

    /// The instance that receives, and whose messages are then held by it.
    var receiver: InstanceID? {
        switch self {
        case .instance(let id): id
        case .account, .operator: nil
        }
    }
}

import Crypto
import Synchronization

/// The key that a day's requests to one service are signed with. Source: Signature Version 4, "Derive a signing key".
enum SigningKey {
    static func derive(secret: String, scope: CredentialScope) -> SymmetricKey {
        var key = SymmetricKey(data: Array("AWS4\(secret)".utf8))
        for part in [scope.day, scope.region, scope.service, CredentialScope.terminator] {
            let code = HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key)
            key = SymmetricKey(data: code)
        }
        return key
    }
}

/// Remembers derived keys: deriving takes four rounds of HMAC, and the same key signs all requests of a day.
final class SigningKeyCache: Sendable {
    private struct Entry: Hashable {
        var secret: String
        var scope: CredentialScope
    }

    private let keys = Mutex<[Entry: SymmetricKey]>([:])

    func key(secret: String, scope: CredentialScope) -> SymmetricKey {
        let entry = Entry(secret: secret, scope: scope)
        return keys.withLock { keys in
            if let key = keys[entry] { return key }
            if keys.count >= SignatureLimits.cachedSigningKeys { keys.removeAll(keepingCapacity: true) }
            let key = SigningKey.derive(secret: secret, scope: scope)
            keys[entry] = key
            return key
        }
    }
}

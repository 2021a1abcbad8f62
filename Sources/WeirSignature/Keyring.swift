import Crypto

/// Credentials for every instance, made from one secret, so that none has to be stored: whoever knows the secret can
/// tell the credentials of any instance at any time, also after a restart.
public struct Keyring: Sendable {
    private let key: SymmetricKey

    /// - Parameter secret: at least 32 random bytes, kept where only weir can read them.
    public init(secret: [UInt8]) {
        key = SymmetricKey(data: secret)
    }

    /// The access key id is `WEIR` and the digits of the instance id in upper case; the secret access key has 40
    /// characters of the URL-safe base64 alphabet.
    public func credentials(forInstance id: String) -> Credentials {
        Credentials(accessKeyID: Self.accessKeyID(forInstance: id), secretAccessKey: secretAccessKey(forInstance: id))
    }

    /// The instance that has this access key id; nil when it is not the id of an instance, whether alive or not.
    public static func instanceID(forAccessKeyID accessKeyID: String) -> String? {
        let text = accessKeyID.utf8
        guard text.count == prefix.utf8.count + instanceDigits, text.starts(with: prefix.utf8) else { return nil }
        let digits = text.dropFirst(prefix.utf8.count)
        guard digits.allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x46).contains($0) }) else { return nil }
        return String(decoding: Array("i-".utf8) + digits.map(Bytes.lowercased), as: UTF8.self)
    }

    /// A token that lets whoever has it act as this instance, for URLs: 43 characters of the URL-safe base64 alphabet.
    public func capability(forInstance id: String) -> String {
        Bytes.base64URL(code(for: "capability:\(id)"))
    }

    /// Whether `token` is the capability of this instance. How long it takes tells nothing about the right token.
    public func isCapability(_ token: String, forInstance id: String) -> Bool {
        Bytes.equalsInConstantTime(token.utf8, capability(forInstance: id).utf8)
    }

    private static let prefix = "WEIR"
    private static let instanceDigits = 17
    /// 30 bytes are exactly 40 characters, the length of AWS's own secret access keys.
    private static let secretBytes = 30

    private static func accessKeyID(forInstance id: String) -> String {
        prefix + id.drop { $0 != "-" }.dropFirst().uppercased()
    }

    private func secretAccessKey(forInstance id: String) -> String {
        Bytes.base64URL(Array(code(for: "instance:\(id)").prefix(Self.secretBytes)))
    }

    private func code(for text: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
    }
}

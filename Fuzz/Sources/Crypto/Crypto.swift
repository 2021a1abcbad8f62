// Stands in for swift-crypto, whose C sources would take longer to build than all of weir. What is fuzzed here verifies no
// signature and compares no digest, so any bytes of the right length do.

public protocol HashFunction {
    static var byteCount: Int { get }
}

extension HashFunction {
    public static func hash(data: some Sequence<UInt8>) -> [UInt8] {
        var sum = Sum()
        sum.add(data)
        return sum.bytes(byteCount)
    }
}

public enum SHA256: HashFunction {
    public static let byteCount = 32
}

public enum Insecure {
    public struct MD5: HashFunction {
        public static let byteCount = 16
        private var sum = Sum()

        public init() {}
        public mutating func update(data: some Sequence<UInt8>) { sum.add(data) }
        public func finalize() -> [UInt8] { sum.bytes(Self.byteCount) }
    }
}

public struct SymmetricKey: Sendable {
    let bytes: [UInt8]

    public init(data: [UInt8]) { bytes = data }
}

public enum HMAC<Function: HashFunction> {
    public static func authenticationCode(for data: some Sequence<UInt8>, using key: SymmetricKey) -> [UInt8] {
        Function.hash(data: key.bytes + data)
    }

    public static func isValidAuthenticationCode(
        _ code: some Sequence<UInt8>, authenticating data: some Sequence<UInt8>, using key: SymmetricKey
    ) -> Bool {
        authenticationCode(for: data, using: key).elementsEqual(code)
    }
}

/// FNV-1a. Source: the Fowler–Noll–Vo hash, 64 bits.
private struct Sum {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ data: some Sequence<UInt8>) {
        for byte in data { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }

    func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: state >> (UInt64($0) % 8 * 8)) }
    }
}

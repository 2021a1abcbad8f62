import FoundationEssentials
import Glibc

/// The folder that `--state` names: everything that weir remembers.
///
/// ```
/// lock          held by the one daemon that runs; says which
/// fleet         an id; what weir launches carries it, so that two folders never touch each other's instances
/// secret        32 random bytes from which each instance's credentials are made; mode 0600
/// groups/       one file a group: policy text and state
/// records/      one line a tick
/// queues/       the embedded queue
/// instances/    what the process launcher started
/// shadows/      one file for each group beside which another policy decides: its account
/// weir.sock     where `weir status` and its like ask; mode 0600
/// ```
public struct StateFolder: Sendable {
    public let path: String
    /// 16 hexadecimal digits, made once.
    public let fleetID: String
    /// 32 bytes, made once.
    public let secret: [UInt8]

    public var groups: String { path + "/groups" }
    public var records: String { path + "/records" }
    public var queues: String { path + "/queues" }
    public var instances: String { path + "/instances" }
    public var shadows: String { path + "/shadows" }
    public var credentials: String { path + "/credentials" }
    public var controlSocket: String { path + "/weir.sock" }

    /// Opens the folder, and makes it (mode 0700) and what belongs in it when it is not there.
    public init(preparing path: String) throws(StateFailure) {
        let path = StateFolder.absolute(path)
        for folder in ["", "/groups", "/records", "/queues", "/instances"] {
            try Files.makeFolder(path + folder)
        }
        let fleetID = try StateFolder.remembered(path + "/fleet", bytes: 8)
        let secret = try StateFolder.remembered(path + "/secret", bytes: 32)
        self.init(path: path, fleetID: hexadecimal(fleetID), secret: secret)
    }

    /// Opens the folder to look at it only. A folder that is not there looks like an empty one.
    public init(lookingAt path: String) {
        let path = StateFolder.absolute(path)
        let fleetID = (try? Files.read(path + "/fleet")).flatMap { bytes(hexadecimal: $0) } ?? []
        self.init(path: path, fleetID: hexadecimal(fleetID), secret: [])
    }

    private init(path: String, fleetID: String, secret: [UInt8]) {
        self.path = path
        self.fleetID = fleetID
        self.secret = secret
    }

    private static func absolute(_ path: String) -> String {
        var path = path
        while path.count > 1 && path.hasSuffix("/") { path.removeLast() }
        return path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }

    /// Random bytes that are drawn once and kept as hexadecimal digits in a file.
    private static func remembered(_ file: String, bytes count: Int) throws(StateFailure) -> [UInt8] {
        if Files.exists(file) {
            let text = try Files.read(file)
            guard let bytes = bytes(hexadecimal: text), bytes.count == count else {
                throw StateFailure("\(file) does not hold \(count * 2) hexadecimal digits; restore it from a copy")
            }
            return bytes
        }
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
        try Files.write(hexadecimal(bytes) + "\n", to: file, mode: 0o600, durably: true)
        return bytes
    }
}

/// The state folder, or a file in it, could not be used.
public struct StateFailure: Error, Sendable, CustomStringConvertible, Equatable {
    public var message: String

    public init(_ message: String) {
        self.message = message
    }

    public var description: String { message }
}

private func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
}

private func bytes(hexadecimal text: String) -> [UInt8]? {
    let digits = text.filter { !$0.isWhitespace }.compactMap(\.hexDigitValue)
    guard digits.count % 2 == 0, digits.count == text.filter({ !$0.isWhitespace }).count else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

extension StateFolder {
    /// Writes a small file that only its owner may read, whole and durably.
    public func writePrivately(_ text: String, to path: String) throws(StateFailure) {
        try Files.write(text, to: path, mode: 0o600, durably: true)
    }

    /// The port that was free when one was asked for.
    public var rememberedPort: Int? {
        (try? Files.read(path + "/port")).flatMap { Int($0.prefix { $0.isNumber }) }
    }

    public func remember(port: Int) throws(StateFailure) {
        try Files.write("\(port)\n", to: path + "/port", mode: 0o600, durably: false)
    }
}

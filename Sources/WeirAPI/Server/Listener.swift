/// Where to listen.
public enum ListenAddress: Sendable, Equatable, CustomStringConvertible {
    /// Port 0 takes any free port.
    case tcp(host: String, port: Int)
    /// A socket file, which only its owner may open; one that a dead process left behind is replaced.
    case unix(path: String)

    /// Reads `HOST:PORT`, `[IPv6]:PORT` or `unix:PATH`; nil for anything else.
    public init?(_ text: String) {
        let prefix = "unix:"
        if text.hasPrefix(prefix) {
            let path = String(text.dropFirst(prefix.count))
            guard !path.isEmpty else { return nil }
            self = .unix(path: path)
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty else { return nil }
        self = .tcp(host: String(host), port: Int(port))
    }

    public var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}

/// One place to listen at, and by which door its requests come in.
public struct Listener: Sendable, Equatable {
    public var address: ListenAddress
    public var entrance: Entrance

    public init(_ address: ListenAddress, entrance: Entrance) {
        self.address = address
        self.entrance = entrance
    }
}

/// It is not possible to listen there.
public struct ListenFailure: Error, Sendable, Equatable, CustomStringConvertible {
    public var address: ListenAddress
    /// What the system says.
    public var reason: String

    public var description: String { "cannot listen on \(address): \(reason)" }
}

/// The largest of everything in this room.
public enum HTTPLimits {
    /// How long connecting (name look-up, TCP, TLS) may take unless a request says otherwise.
    public static let connectTime: Duration = .seconds(5)
    /// How long a whole exchange may take unless a request says otherwise.
    public static let exchangeTime: Duration = .seconds(30)
    /// Largest body of an answer, in bytes, unless a request says otherwise.
    public static let responseBytes = 8 << 20
    /// Largest status line and headers of an answer, in bytes. Real servers stay under 16 KiB.
    static let headBytes = 256 << 10
    /// A streamed answer is held back (the sender's own TCP window fills) while this many bytes wait to be read.
    static let streamBufferBytes = 1 << 20
    /// Connections open at once; more requests wait for one within their own time limit.
    static let connections = 4096
    /// Idle connections kept for the next request.
    static let idleConnections = 1024
    /// libcurl's receive buffer for each transfer, in bytes; its default of 16 KiB times thousands is memory for nothing.
    static let receiveBufferBytes = 8 << 10
    /// Longest sleep of the transfer thread when nothing is due: an order wakes it, so this only bounds an `Int32`.
    static let idleSleep: Duration = .seconds(3600)
    /// Stack of the transfer thread, in bytes.
    static let threadStackBytes = 512 << 10
}

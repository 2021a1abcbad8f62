/// One request.
public struct HTTPRequest: Sendable, Equatable {
    /// `GET`, `POST`, …; letters only.
    public var method: String
    /// `http://` or `https://`; other schemes are refused. With a unix socket, the host is only what the Host header says.
    public var url: String
    /// What failures call the address instead of the URL, for a URL that holds a secret where none can be cut out: in its
    /// path or its host. libcurl's own words, which may repeat it, are then left out as well. Default: nil, the URL
    /// without user, password, query and fragment.
    public var shownAs: String?
    public var headers: [HTTPHeader]
    public var body: [UInt8]
    /// Path of the unix socket to connect to instead of the URL's host.
    public var unixSocket: String?
    /// From the start of the request to the last byte of the answer; for a stream, to the end of its headers.
    public var timeLimit: Duration
    /// For connecting alone; never longer than `timeLimit`.
    public var connectLimit: Duration
    /// A longer body is a failure. Streams have no such limit, for they are not held in memory.
    /// - Unit: bytes.
    public var maximumResponseBytes: Int
    /// How many redirects are followed. Default: 0, the redirect itself is the answer.
    public var maximumRedirects: Int

    public init(
        _ method: String, _ url: String, shownAs: String? = nil, headers: [HTTPHeader] = [], body: [UInt8] = [],
        unixSocket: String? = nil, timeLimit: Duration = HTTPLimits.exchangeTime,
        connectLimit: Duration = HTTPLimits.connectTime, maximumResponseBytes: Int = HTTPLimits.responseBytes,
        maximumRedirects: Int = 0
    ) {
        self.method = method
        self.url = url
        self.shownAs = shownAs
        self.headers = headers
        self.body = body
        self.unixSocket = unixSocket
        self.timeLimit = timeLimit
        self.connectLimit = connectLimit
        self.maximumResponseBytes = maximumResponseBytes
        self.maximumRedirects = maximumRedirects
    }
}

/// One header line.
public struct HTTPHeader: Sendable, Hashable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// The status and headers of an answer.
public struct HTTPHead: Sendable, Equatable {
    /// 200–599.
    public var status: Int
    /// In the order in which they came, names as the server wrote them.
    public var headers: [HTTPHeader]

    public init(status: Int, headers: [HTTPHeader] = []) {
        self.status = status
        self.headers = headers
    }

    /// The first header of this name, in any case of letters.
    public func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }
}

/// A whole answer.
public struct HTTPResponse: Sendable, Equatable {
    public var head: HTTPHead
    public var body: [UInt8]

    public init(head: HTTPHead, body: [UInt8] = []) {
        self.head = head
        self.body = body
    }

    public var status: Int { head.status }
    public var headers: [HTTPHeader] { head.headers }
    /// The body as text; bytes that are not UTF-8 become replacement characters.
    public var text: String { String(decoding: body, as: UTF8.self) }
}

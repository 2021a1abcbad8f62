import WeirSignature

/// A request as it travels, free of any HTTP library.
public struct APIRequest: Sendable {
    /// In upper case, such as `POST`.
    public var method: String
    /// Percent-encoded, without the query.
    public var path: String
    /// What stands after `?`, or "".
    public var query: String
    /// In the order of the wire; `host` is among them.
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    public init(
        method: String, path: String, query: String = "", headers: [(name: String, value: String)] = [],
        body: [UInt8] = []
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// The value of the first header of this name (given in lower case), or nil.
    func header(_ lowercaseName: String) -> String? { signable.header(lowercaseName) }

    var signable: SignableRequest {
        SignableRequest(method: method, path: path, query: query, headers: headers, body: body)
    }

    /// Only looks. HEAD is answered as GET is, without the body.
    var isRead: Bool { method == "GET" || method == "HEAD" }

    /// What a log may tell of it.
    var logLine: String { "\(method) \(CapabilityPath.withoutToken(path)) \(header("x-amz-target") ?? "")" }

    /// The host as the client wrote it, which queue URLs are made from; `localhost` when there is none.
    var host: String { header("host") ?? "localhost" }
}

/// An answer as it travels.
public struct APIResponse: Sendable {
    public var status: Int
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    init(status: Int, contentType: String, body: [UInt8]) {
        self.init(status: status, headers: [("content-type", contentType)], body: body)
    }

    /// The value of the first header of this name, given in lower case.
    public func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

/// By which door a request came in.
public enum Entrance: Sendable {
    /// TCP: what matters is signed.
    case `public`
    /// The unix socket in the state folder: whoever may open it is the operator.
    case control
}

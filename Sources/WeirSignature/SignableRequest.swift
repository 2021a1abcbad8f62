/// A request as far as its signature covers it, exactly as it travels.
public struct SignableRequest: Sendable {
    /// In upper case, such as `POST`.
    public var method: String
    /// As it is written in the request line, percent-encoded, without the query; "" means `/`.
    public var path: String
    /// As it is written in the request line after `?`, or "".
    public var query: String
    /// In the order of the wire; names in any case. `host` must be among them.
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    public init(
        method: String, path: String, query: String = "", headers: [(name: String, value: String)], body: [UInt8] = []
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// The value of the first header of this name (given in lower case), or nil.
    public func header(_ lowercaseName: String) -> String? {
        headers.first { Bytes.equalsIgnoringCase($0.name, lowercaseName) }?.value
    }
}

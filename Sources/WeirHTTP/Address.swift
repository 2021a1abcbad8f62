import CCurl

/// A request's address, taken apart by libcurl's own parser, so that what is checked here is what is connected to.
struct Address {
    /// Lower case.
    let scheme: String
    /// As written in the URL, an IPv6 address with its brackets; empty where the scheme has none.
    let host: String
    /// Scheme, host, port and path: what may be shown. User, password, query and fragment may hold secrets.
    let shown: String

    init?(_ text: String) {
        guard let url = curl_url() else { return nil }
        defer { curl_url_cleanup(url) }
        guard curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK,
            let scheme = Self.part(CURLUPART_SCHEME, of: url)
        else { return nil }
        for secret in [CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_OPTIONS, CURLUPART_QUERY, CURLUPART_FRAGMENT] {
            curl_url_set(url, secret, nil, 0)
        }
        guard let shown = Self.part(CURLUPART_URL, of: url) else { return nil }
        self.scheme = scheme.lowercased()
        host = Self.part(CURLUPART_HOST, of: url) ?? ""
        self.shown = shown
    }

    /// This machine itself: 127.0.0.0/8, ::1, localhost.
    var isLoopback: Bool {
        host == "[::1]" || host.lowercased() == "localhost" || Self.isLoopbackIPv4(host)
    }

    private static func isLoopbackIPv4(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    private static func part(_ what: CURLUPart, of url: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(url, what, &text, 0) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}

extension HTTPRequest {
    /// The method and address as they may be shown.
    var place: String {
        if let shownAs { return "\(method) \(shownAs)" }
        guard let address = Address(url) else { return "\(method) (an address that cannot be read)" }
        guard let unixSocket else { return "\(method) \(address.shown)" }
        let path = address.shown.drop { $0 != ":" }.dropFirst(3).drop { $0 != "/" }
        return "\(method) \(path) on \(unixSocket)"
    }

    /// The other side is on this machine, so no proxy comes between.
    var staysOnThisMachine: Bool { unixSocket != nil || Address(url)?.isLoopback == true }

    /// What is wrong with the request as it was written; nil when nothing is.
    var mistake: String? {
        guard let address = Address(url) else { return "the address is not a URL" }
        if address.scheme != "http" && address.scheme != "https" { return "only http and https are spoken" }
        if method.isEmpty || !method.utf8.allSatisfy(Self.isToken) { return "the method is not a word" }
        if headers.contains(where: { $0.name.isEmpty || !$0.name.utf8.allSatisfy(Self.isToken) }) {
            return "the name of a header is not a word"
        }
        if headers.contains(where: { $0.value.utf8.contains { $0 == 0 || $0 == 10 || $0 == 13 } }) {
            return "the value of a header holds a line break or a zero byte"
        }
        if url.utf8.contains(where: { $0 <= 32 || $0 == 127 }) {
            return "the address holds a space or control character"
        }
        if let unixSocket, unixSocket.utf8.contains(0) { return "the path of the socket holds a zero byte" }
        if timeLimit <= .zero || connectLimit <= .zero { return "the time limit is not above zero" }
        return nil
    }

    /// `tchar` of RFC 9110, section 5.6.2.
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

import CCurl
import Glibc

extension HTTPRequest {
    /// Writes the request into a libcurl handle. The handle copies every text; it only refers to the header list.
    /// - Parameter total: the time limit covers the whole exchange; else the caller keeps it himself.
    func configure(_ easy: UnsafeMutableRawPointer, total: Bool, headers: UnsafeMutablePointer<curl_slist>?) {
        weir_curl_set_text(easy, CURLOPT_URL, url)
        weir_curl_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        weir_curl_set_text(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
        weir_curl_set_long(easy, CURLOPT_FOLLOWLOCATION, maximumRedirects > 0 ? 1 : 0)
        weir_curl_set_long(easy, CURLOPT_MAXREDIRS, maximumRedirects)
        // One request on a connection at a time: a cancelled transfer then costs nobody else anything.
        weir_curl_set_long(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        weir_curl_set_list(easy, CURLOPT_HTTPHEADER, headers)
        weir_curl_set_text(easy, CURLOPT_USERAGENT, "weir")
        setConnection(easy)
        setLimits(easy, total: total)
        setBody(easy)
    }

    private func setConnection(_ easy: UnsafeMutableRawPointer) {
        weir_curl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        // A look-up that hangs in the system's resolver is left behind; without this, giving it up would wait for it,
        // and every other transfer with it.
        weir_curl_set_long(easy, CURLOPT_QUICK_EXIT, 1)
        weir_curl_set_long(easy, CURLOPT_TCP_KEEPALIVE, 1)
        weir_curl_set_long(easy, CURLOPT_BUFFERSIZE, HTTPLimits.receiveBufferBytes)
        weir_curl_set_long(easy, CURLOPT_SSL_VERIFYPEER, 1)
        weir_curl_set_long(easy, CURLOPT_SSL_VERIFYHOST, 2)
        if let unixSocket { weir_curl_set_text(easy, CURLOPT_UNIX_SOCKET_PATH, unixSocket) }
        // An empty proxy is none, whatever the environment says: what is on this machine is reached directly.
        if staysOnThisMachine { weir_curl_set_text(easy, CURLOPT_PROXY, "") }
    }

    private func setLimits(_ easy: UnsafeMutableRawPointer, total: Bool) {
        weir_curl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, Self.limit(min(connectLimit, timeLimit)))
        if total { weir_curl_set_long(easy, CURLOPT_TIMEOUT_MS, Self.limit(timeLimit)) }
    }

    private func setBody(_ easy: UnsafeMutableRawPointer) {
        if method == "HEAD" {
            weir_curl_set_long(easy, CURLOPT_NOBODY, 1)
        } else if method == "GET" && body.isEmpty {
            weir_curl_set_long(easy, CURLOPT_HTTPGET, 1)
        } else if method == "DELETE" && body.isEmpty {
            weir_curl_set_text(easy, CURLOPT_CUSTOMREQUEST, method)
        } else {
            weir_curl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
            if body.isEmpty {
                // An empty array may have no address, and no address would mean "ask a callback for the body".
                weir_curl_set_text(easy, CURLOPT_COPYPOSTFIELDS, "")
            } else {
                body.withUnsafeBytes { bytes in
                    _ = weir_curl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, bytes.baseAddress)
                }
            }
            weir_curl_set_text(easy, CURLOPT_CUSTOMREQUEST, method)
        }
    }

    /// libcurl reads 0 as "no limit", and a `long` of milliseconds.
    private static func limit(_ span: Duration) -> Int { Int(clamping: max(1, span.milliseconds)) }

    /// The header lines as libcurl takes them; what it would add by itself is switched off. The caller frees the list.
    func headerLines() -> UnsafeMutablePointer<curl_slist>? {
        var lines = headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        let given = Set(headers.map { $0.name.lowercased() })
        for name in ["Expect", "Content-Type"] where !given.contains(name.lowercased()) { lines.append("\(name):") }
        return lines.reduce(nil) { list, line in curl_slist_append(list, line) ?? list }
    }

    /// Says what a result code of libcurl means.
    func failure(_ code: CURLcode, phase: HTTPFailure.Phase, detail: String, errno: Int) -> HTTPFailure {
        let meaning = String(cString: curl_easy_strerror(code))
        // The detail names hosts, and with them what `shownAs` hides.
        let detail = shownAs == nil ? detail : ""
        switch code {
        case CURLE_OPERATION_TIMEDOUT:
            let span = phase == .connecting ? min(connectLimit, timeLimit) : timeLimit
            return .timedOut(phase, place: place, after: span)
        case CURLE_COULDNT_CONNECT:
            // libcurl's own text for a unix socket does not say what was wrong with it.
            return .couldNotConnect(
                place: place, because: errno > 0 ? Self.text(ofError: errno) : detail.isEmpty ? meaning : detail)
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY:
            return .couldNotConnect(place: place, because: detail.isEmpty ? meaning : detail)
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            return .tls(place: place, because: detail.isEmpty ? meaning : detail)
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING,
            CURLE_RECV_ERROR, CURLE_BAD_CONTENT_ENCODING, CURLE_HTTP2:
            return .brokenAnswer(place: place, because: meaning)
        case CURLE_URL_MALFORMAT:
            return .invalidRequest(place: place, because: meaning)
        default:
            return .other(place: place, because: meaning)
        }
    }

    private static func text(ofError number: Int) -> String {
        var buffer = [CChar](repeating: 0, count: 128)
        guard strerror_r(Int32(clamping: number), &buffer, buffer.count) == 0 else { return "error \(number)" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

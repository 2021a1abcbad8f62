import CCurl
import Synchronization

/// Names one transfer. The flag covers the cancellation that overtakes its own start on the way to the thread.
final class Ticket: Sendable {
    let id: UInt64
    let cancelled = Atomic(false)

    init(id: UInt64) {
        self.id = id
    }
}

/// What the transfer thread is asked to do.
enum Order: Sendable {
    case start(Ticket, HTTPRequest, Sink)
    case cancel(UInt64)
    /// A reader has made room: go on receiving.
    case resume(UInt64)
    case stop
}

/// Where an answer goes. Each is called once.
enum Sink: Sendable {
    case whole(CheckedContinuation<Result<HTTPResponse, HTTPFailure>, Never>)
    case stream(CheckedContinuation<Result<HTTPHead, HTTPFailure>, Never>, ChunkBuffer)

    func refuse(_ failure: HTTPFailure) {
        switch self {
        case .whole(let continuation): continuation.resume(returning: .failure(failure))
        case .stream(let continuation, _): continuation.resume(returning: .failure(failure))
        }
    }
}

/// One exchange under way. Lives on the transfer thread alone; libcurl's callbacks find it through a plain pointer,
/// which is good for as long as the handle is, because the loop keeps both together.
final class Transfer {
    let ticket: Ticket
    let request: HTTPRequest
    let easy: UnsafeMutableRawPointer
    /// When the headers of a stream must have come; nil for a whole answer, whose limit libcurl keeps itself.
    let headDeadline: ContinuousClock.Instant?
    private(set) var headIsComplete = false

    private let sink: Sink
    private let headerLines: UnsafeMutablePointer<curl_slist>?
    private let errorText: UnsafeMutablePointer<CChar>
    private var head = HTTPHead(status: 0)
    private var headBytes = 0
    /// The empty line after the headers has come.
    private var headHasEnded = false
    private var body: [UInt8] = []
    /// Our own reason for having ended it, where libcurl only knows that a callback refused.
    private var verdict: HTTPFailure?

    /// - Returns: nil when there is no memory for it; the sink is told.
    init?(_ ticket: Ticket, _ request: HTTPRequest, _ sink: Sink) {
        guard let easy = curl_easy_init() else {
            sink.refuse(.other(place: request.place, because: "no memory for another transfer"))
            return nil
        }
        self.ticket = ticket
        self.request = request
        self.sink = sink
        self.easy = easy
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        headerLines = request.headerLines()
        switch sink {
        case .whole: headDeadline = nil
        case .stream: headDeadline = .now + request.timeLimit
        }
        request.configure(easy, total: headDeadline == nil, headers: headerLines)
        let context = Unmanaged.passUnretained(self).toOpaque()
        weir_curl_set_pointer(easy, CURLOPT_PRIVATE, context)
        weir_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText)
        weir_curl_set_pointer(easy, CURLOPT_HEADERDATA, context)
        weir_curl_set_writer(easy, CURLOPT_HEADERFUNCTION, takeHeaderLine)
        weir_curl_set_pointer(easy, CURLOPT_WRITEDATA, context)
        weir_curl_set_writer(easy, CURLOPT_WRITEFUNCTION, takeBody)
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(headerLines)
        errorText.deallocate()
    }

    // MARK: - The end

    func finish(_ code: CURLcode) {
        if let failure = verdict ?? failure(of: code) { return fail(failure) }
        switch sink {
        case .whole(let continuation):
            continuation.resume(returning: .success(HTTPResponse(head: head, body: body)))
        case .stream(_, let chunks):
            // A body without a byte may end before its headers were announced (a followed redirect without a body).
            announceHead()
            chunks.finish(nil)
        }
    }

    func fail(_ failure: HTTPFailure) {
        switch sink {
        case .whole(let continuation):
            continuation.resume(returning: .failure(failure))
        case .stream(let continuation, let chunks):
            if !headIsComplete { continuation.resume(returning: .failure(failure)) }
            chunks.finish(failure)
        }
    }

    private func failure(of code: CURLcode) -> HTTPFailure? {
        if code == CURLE_OK {
            // libcurl takes an end in the middle of the headers for their end.
            guard headHasEnded else { return .brokenAnswer(place: request.place, because: "it ends in its headers") }
            guard head.status < 200 else { return nil }
            return .brokenAnswer(place: request.place, because: "its status is \(head.status)")
        }
        return request.failure(code, phase: phase, detail: String(cString: errorText), errno: osError)
    }

    private var phase: HTTPFailure.Phase {
        if headBytes > 0 { return .receiving }
        var microseconds: curl_off_t = 0
        weir_curl_get_offset(easy, CURLINFO_PRETRANSFER_TIME_T, &microseconds)
        return microseconds > 0 ? .waitingForAnswer : .connecting
    }

    private var osError: Int {
        var number = 0
        weir_curl_get_long(easy, CURLINFO_OS_ERRNO, &number)
        return number
    }

    // MARK: - What arrives

    /// - Returns: false to end the transfer.
    fileprivate func receive(headerLine bytes: UnsafeRawBufferPointer) -> Bool {
        headBytes += bytes.count
        guard headBytes <= HTTPLimits.headBytes else {
            verdict = .tooLarge(place: request.place, limitBytes: HTTPLimits.headBytes)
            return false
        }
        let line = String(decoding: bytes, as: UTF8.self).trimmingLineEnd()
        if line.hasPrefix("HTTP/") {
            // Also the answers before the last one: 100 Continue, a redirect that is followed.
            head = HTTPHead(status: Self.status(of: line))
            headHasEnded = false
        } else if headIsComplete {
            return true  // Trailers after a chunked body.
        } else if line.isEmpty {
            headHasEnded = true
            if isFinalHead { announceHead() }
        } else if let colon = line.firstIndex(of: ":") {
            let value = line[line.index(after: colon)...].trimmingSpaces()
            head.headers.append(HTTPHeader(String(line[..<colon]), String(value)))
        }
        return true
    }

    /// - Returns: how many bytes were taken, or that there is no room now.
    fileprivate func receive(body bytes: UnsafeRawBufferPointer) -> Int {
        switch sink {
        case .whole:
            guard body.count + bytes.count <= request.maximumResponseBytes else {
                verdict = .tooLarge(place: request.place, limitBytes: request.maximumResponseBytes)
                return 0
            }
            body.append(contentsOf: bytes)
            return bytes.count
        case .stream(_, let chunks):
            return chunks.offer(bytes) ? bytes.count : Int(CURL_WRITEFUNC_PAUSE)
        }
    }

    private var isFinalHead: Bool {
        if head.status < 200 { return false }
        return request.maximumRedirects == 0 || !(300..<400).contains(head.status)
    }

    private func announceHead() {
        guard !headIsComplete else { return }
        headIsComplete = true
        if case .stream(let continuation, _) = sink { continuation.resume(returning: .success(head)) }
    }

    private static func status(of line: Substring) -> Int {
        let words = line.split(separator: " ", maxSplits: 2)
        return words.count > 1 ? Int(words[1]) ?? 0 : 0
    }
}

// The pointer is the one set in `Transfer.init`; the loop holds the transfer for as long as its handle can call back.

private let takeHeaderLine: curl_write_callback = { pointer, size, count, context in
    guard let pointer, let context else { return 0 }
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    let bytes = UnsafeRawBufferPointer(start: pointer, count: size * count)
    return transfer.receive(headerLine: bytes) ? bytes.count : 0
}

private let takeBody: curl_write_callback = { pointer, size, count, context in
    guard let pointer, let context else { return 0 }
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    return transfer.receive(body: UnsafeRawBufferPointer(start: pointer, count: size * count))
}

extension String {
    fileprivate func trimmingLineEnd() -> Substring {
        self[...].trimming { $0 == "\r" || $0 == "\n" || $0 == "\r\n" }
    }
}

extension Substring {
    fileprivate func trimmingSpaces() -> Substring { trimming { $0 == " " || $0 == "\t" } }

    fileprivate func trimming(_ isTrimmed: (Character) -> Bool) -> Substring {
        guard let first = firstIndex(where: { !isTrimmed($0) }), let last = lastIndex(where: { !isTrimmed($0) }) else {
            return self[endIndex...]
        }
        return self[first...last]
    }
}

import Foundation
import Testing
import WeirAPI
import WeirCore
import WeirSignature

/// A conversation as it travels, from a file:
///
///     // what it is about
///     >> account POST /
///     x-amz-target: AmazonSQS.ListQueues
///
///     {}
///     << 200
///     content-type: application/x-amz-json-1.0
///
///     {"QueueUrls":[]}
///     ~~ 60
///
/// `>>` names the sender, the method and the target; `<<` the status, the headers that matter and the whole body; `~~` lets
/// seconds pass. `«name»` in an answer stands for any text, which later requests and answers may repeat; `«»` for any text
/// at all.
struct Transcript: Sendable, CustomTestStringConvertible {
    enum Step: Sendable {
        case exchange(Exchange)
        case pass(Duration)
    }

    struct Exchange: Sendable {
        var line: Int
        var sender: Sender
        var method: String
        var target: String
        var headers: [(name: String, value: String)] = []
        var body = ""
        var status = 0
        var answerHeaders: [(name: String, value: String)] = []
        var answerBody = ""
    }

    struct Mistake: Error {
        var line: Int
        var what: String
    }

    let name: String
    let steps: [Step]

    var testDescription: String { name }

    static func all() throws -> [Transcript] {
        let folder = Fixtures.folder.appending(path: "transcripts")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map { name in
            try Transcript(name, String(contentsOf: folder.appending(path: name), encoding: .utf8))
        }
    }

    init(_ name: String, _ text: String) throws {
        self.name = name
        var steps: [Step] = []
        var block: (start: Int, lines: [Substring]) = (0, [])
        func flush() throws {
            if let step = try Self.step(block.lines, at: block.start) { steps.append(step) }
        }
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("// ") { continue }
            if line.hasPrefix(">> ") || line.hasPrefix("~~ ") {
                try flush()
                block = (index + 1, [])
            }
            block.lines.append(line)
        }
        try flush()
        self.steps = steps
    }

    private static func step(_ lines: [Substring], at line: Int) throws -> Step? {
        guard let first = lines.first, !first.isEmpty else { return nil }
        let words = first.split(separator: " ")
        if words[0] == "~~" {
            guard let seconds = Int(words[1]) else { throw Mistake(line: line, what: "no number of seconds") }
            return .pass(.seconds(seconds))
        }
        guard words.count == 4, let sender = Sender(words[1]),
            let answer = lines.firstIndex(where: { $0.hasPrefix("<< ") }),
            let status = Int(lines[answer].dropFirst(3))
        else { throw Mistake(line: line, what: "no request with an answer") }
        var exchange = Exchange(line: line, sender: sender, method: String(words[2]), target: String(words[3]))
        (exchange.headers, exchange.body) = message(lines[1..<answer])
        exchange.status = status
        (exchange.answerHeaders, exchange.answerBody) = message(lines[(answer + 1)...])
        return .exchange(exchange)
    }

    private static func message(_ lines: ArraySlice<Substring>) -> (headers: [(String, String)], body: String) {
        let blank = lines.firstIndex(of: "") ?? lines.endIndex
        let headers = lines[..<blank].compactMap { line -> (String, String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (String(line[..<colon]), line[colon...].dropFirst().trimmingCharacters(in: .whitespaces))
        }
        var body = Array(lines[blank...].dropFirst())
        while body.last?.isEmpty == true { body.removeLast() }
        return (headers, body.joined(separator: "\n"))
    }
}

extension Transcript {
    /// Runs the conversation; `answer` carries one request to wherever it is answered.
    func run(on bench: Bench, _ answer: (APIRequest, Entrance) async throws -> APIResponse) async throws {
        var known = ["capability": bench.keyring.capability(forInstance: Bench.worker.text)]
        for step in steps {
            switch step {
            case .pass(let time): await bench.pass(time)
            case .exchange(let exchange):
                let request = bench.request(exchange.request(known), from: exchange.sender)
                let response = try await answer(request, exchange.sender.entrance)
                exchange.check(response, transcript: name, &known)
            }
        }
    }
}

extension Transcript.Exchange {
    fileprivate func request(_ known: [String: String]) -> APIRequest {
        func filled(_ text: String) -> String {
            known.reduce(text) { $0.replacingOccurrences(of: "«\($1.key)»", with: $1.value) }
        }
        let parts = filled(target).split(separator: "?", maxSplits: 1)
        var request = APIRequest(
            method: method, path: String(parts[0]), query: parts.count > 1 ? String(parts[1]) : "",
            headers: [("host", Bench.host)], body: Array(filled(body).utf8))
        for header in headers { request.headers.append((header.name, filled(header.value))) }
        return request
    }

    fileprivate func check(_ response: APIResponse, transcript: String, _ known: inout [String: String]) {
        let place = "\(transcript), line \(line)"
        #expect(response.status == status, "\(place): \(response.text)")
        #expect(
            response.header("x-amzn-RequestId") ?? response.header("x-amzn-requestid") != nil, "\(place): no request id"
        )
        for header in answerHeaders {
            #expect(response.header(header.name) == header.value, "\(place): \(header.name)")
        }
        let matches = Self.match(answerBody, response.text, &known)
        #expect(matches, "\(place): expected\n\(answerBody)\ngot\n\(response.text)")
    }

    /// Whether `text` is `pattern` with something in the place of each `«name»`, which is remembered.
    private static func match(_ pattern: String, _ text: String, _ known: inout [String: String]) -> Bool {
        var rest = text[...]
        var pieces = pattern.components(separatedBy: "«")[...]
        guard let first = pieces.popFirst(), rest.hasPrefix(first) else { return false }
        rest = rest.dropFirst(first.count)
        while let piece = pieces.popFirst() {
            let parts = piece.components(separatedBy: "»")
            let literal = parts.dropFirst().joined(separator: "»")
            // The last piece stands at the end; any other where it comes first.
            let found =
                pieces.isEmpty ? rest.range(of: literal, options: [.backwards, .anchored]) : rest.range(of: literal)
            guard let end = literal.isEmpty ? rest.endIndex : found?.lowerBound else { return false }
            let value = String(rest[..<end])
            if !parts[0].isEmpty {
                if let before = known[parts[0]], before != value { return false }
                known[parts[0]] = value
            }
            rest = rest[end...].dropFirst(literal.count)
        }
        return rest.isEmpty
    }
}

enum Fixtures {
    static let folder = Bundle.module.bundleURL.appending(path: "Fixtures")
}

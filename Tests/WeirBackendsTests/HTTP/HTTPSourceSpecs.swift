import Foundation
import Logging
import Synchronization
import Testing
import WeirCore
import WeirHTTP
import WeirPolicy
import WeirRuntime

@testable import WeirBackends

@Suite("The http source")
struct HTTPSourceSpecs {
    @Test("keeps what every source promises", arguments: QueueSourcePromise.allCases)
    func keeps(_ promise: QueueSourcePromise) async throws {
        try await promise.check(HTTPSubject())
    }

    @Test("asks as the policy file says, and shows no secret when it fails")
    func asks() async throws {
        let asked = Mutex<TestRequest?>(nil)
        let server = try TestServer.answering { request in
            asked.withLock { $0 = request }
            return answer(200, #"{"visible":1}"#)
        }
        let headers: Options.Value = .map([.init(name: "Authorization", value: .text("Bearer t0ken"))])
        let options = Options(values: [
            .init(name: "url", value: .text("\(server.url)/depth?key=s3cret")),
            .init(name: "method", value: .text("POST")), .init(name: "headers", value: headers),
        ])
        let source = HTTPSource(HTTPSourceOptions(options, asWritten: options), http: HTTPClient())
        #expect(await source.measure(at: Instant(milliseconds: 0)).visible == .value(1))
        let request = try #require(asked.withLock { $0 })
        #expect(request.line == "POST /depth?key=s3cret HTTP/1.1")
        #expect(request.headers["authorization"] == "Bearer t0ken")
        server.stop()
        let failed = await source.measure(at: Instant(milliseconds: 0)).visible
        #expect(
            failed == .missing(.sourceFailed("POST \(server.url)/depth: could not connect: Connection refused")))
    }

    @Test("is waited for longer than its own time limit", arguments: [(10, 60), (50, 65)])
    func patience(limit: Int, patience: Int) {
        let options = Options(values: [
            .init(name: "url", value: .text("http://127.0.0.1:1")),
            .init(name: "timeout", value: .duration(.seconds(limit))),
        ])
        let source = HTTPSource(HTTPSourceOptions(options, asWritten: options), http: HTTPClient())
        #expect(source.patience == .seconds(patience))
    }

    @Test("rates come from totals, and the moment of the figures from the answer; one that is none spoils it")
    func totals() async throws {
        let answers = Mutex([
            #"{"visible":1,"n":{"in":10,"out":4},"at":"2023-11-14T22:13:20Z"}"#,
            #"{"visible":1,"n":{"in":30,"out":4},"at":1700000010}"#,
            #"{"visible":1,"n":{"in":2,"out":5},"at":"later"}"#,
        ])
        let server = try TestServer.answering { _ in answer(200, answers.withLock { $0.removeFirst() }) }
        let options = Options(values: [
            .init(name: "url", value: .text(server.url)), .init(name: "arrived_total", value: .text("/n/in")),
            .init(name: "completed_total", value: .text("/n/out")), .init(name: "as_of", value: .text("/at")),
        ])
        let source = HTTPSource(HTTPSourceOptions(options, asWritten: options), http: HTTPClient())
        let first = await source.measure(at: Instant(milliseconds: 0))
        #expect(first.arrivalRate == .missing(.notTold))
        #expect(first.asOf == Instant(milliseconds: 1_700_000_000_000))
        let second = await source.measure(at: Instant(milliseconds: 10_000))
        #expect(second.arrivalRate == .value(2) && second.completionRate == .value(0))
        #expect(second.asOf == Instant(milliseconds: 1_700_000_010_000))
        let third = await source.measure(at: Instant(milliseconds: 20_000)).visible
        #expect(
            third
                == .missing(
                    .sourceFailed(
                        "'/at' in the endpoint's answer is no moment; expected such as 2026-03-01T12:00:00Z, or seconds "
                            + "since 1970")))
    }

    @Test(
        "a URL that holds secrets is shown as the policy file writes it, and whatever goes wrong none of them is",
        arguments: [
            // Port 1 answers nobody.
            ("http://127.0.0.1:1/${HOOK}/status", "http://127.0.0.1:1/${HOOK}/status", "in the path"),
            ("http://${HOOK}.invalid/", "http://${HOOK}.invalid/", "in the host"),
            ("http://u:pl4in@127.0.0.1:1/${HOOK}?k=pl4in#pl4in", "http://127.0.0.1:1/${HOOK}", "beside others"),
            ("http://127.0.0.1:1/?k=${HOOK}", "http://127.0.0.1:1/", "in the query"),
            ("${URL}", "${URL}", "all of it"),
            ("${URL}${HOOK}?k=pl4in", "${URL}${HOOK}", "more than all of it"),
            ("file:FOLDER/url", "file:FOLDER/url", "in a file"),
            ("http://127.0.0.1:1/${BREAK}", "http://127.0.0.1:1/${BREAK}", "one that no URL can hold"),
            ("${HOOK}://127.0.0.1:1/", "${HOOK}://127.0.0.1:1/", "one that is no scheme"),
            ("http://127.0.0.1:${HOOK}/", "http://127.0.0.1:${HOOK}/", "one that is no port"),
        ])
    func shown(_ url: String, _ shown: String, because: String) async throws {
        let folder = try TemporaryFolder()
        try "http://127.0.0.1:1/t0ken\n".write(toFile: "\(folder.path)/url", atomically: true, encoding: .utf8)
        let text = url.replacing("FOLDER", with: folder.path)
        let reading = try await measure("{ url: '\(text)', headers: { Authorization: '${HOOK}' }, timeout: 2s }")
        guard case .missing(.sourceFailed(let sentence)) = reading else {
            Issue.record("\(because): \(reading)")
            return
        }
        #expect(sentence.hasPrefix("GET \(shown.replacing("FOLDER", with: folder.path)): "), "\(because)")
        #expect(!sentence.lowercased().contains("t0ken") && !sentence.contains("pl4in"), "\(because): \(sentence)")
    }

    @Test("a secret in a header is in no reason, not even one that no header can hold")
    func shownHeaders() async throws {
        let reading = try await measure("{ url: 'http://127.0.0.1:1/', headers: { Authorization: '${BREAK}' } }")
        #expect(
            reading
                == .missing(
                    .sourceFailed(
                        "GET http://127.0.0.1:1/: the request cannot be sent: "
                            + "the value of a header holds a line break or a zero byte")))
    }

    /// From a policy file, as a group does it.
    private func measure(_ source: String) async throws -> Reading {
        let text = """
            group: hooks
            queue: { http: \(source) }
            workers: { process: { command: ["true"] } }
            min_size: 0
            max_size: 1
            """
        let result = PolicyReader(catalogue: Registry.catalogue).read(text: text, path: "hooks.yaml")
        let policy = try #require(result.files.first, "\(result.text)")
        let environment = ["HOOK": "t0ken", "URL": "http://127.0.0.1:1/t0ken/", "BREAK": "t0\nken t0ken"]
        let context = BackendContext(
            queues: nil, queueFolder: "/nowhere", stateFolder: "/nowhere", fleetID: "f", http: HTTPClient(),
            environment: environment, logger: Logger(label: "test"))
        let group = GroupPolicy(name: "hooks", minSize: 0, maxSize: 1)
        return try await Registry.makeSource(policy.source, group: group, context: context)
            .measure(at: Instant(milliseconds: 0)).visible
    }

    @Test(
        "an answer gives each figure, or why it is missing",
        arguments: [
            (#"{"q":{"v":3,"f":2.5,"a":90}}"#, "3.0 2.5 - 90.0", "numbers"),
            (#"{"q":{"v":"3","f":"0","a":"1.5e1"}}"#, "3.0 0.0 - 15.0", "numbers in quotes"),
            (#"{"q":{"v":3}}"#, "3.0 absent - absent", "each on its own"),
            (#"{"q":{"v":null,"f":true,"a":[1]}}"#, "number number - number", "not numbers"),
            (#"{"q":{"v":"many","f":"","a":"1 s"}}"#, "number number - number", "text that is no number"),
            (#"{"q":{"v":-1,"f":"nan","a":"inf"}}"#, "impossible impossible - impossible", "no figures of a queue"),
            (#"{"v":3}"#, "absent absent - absent", "another document"),
            ("3", "absent absent - absent", "a bare number"),
        ])
    func figures(_ body: String, _ expected: String, because: String) {
        let response = HTTPResponse(head: HTTPHead(status: 200), body: Array(body.utf8))
        let measurement = HTTPSourceWire.read(response, Self.options).measurement
        let readings = [measurement.visible, measurement.inFlight, measurement.delayed, measurement.oldestAge]
        #expect(readings.map(Self.word).joined(separator: " ") == expected, "\(because)")
    }

    @Test(
        "an answer that is none makes everything missing",
        arguments: [
            (500, #"{"q":{"v":3}}"#, "the endpoint answered with status 500; expected 200"),
            (302, #"{"q":{"v":3}}"#, "the endpoint answered with status 302; expected 200"),
            (204, "", "the endpoint answered with status 204; expected 200"),
            (200, "", "the endpoint's answer is not JSON"),
            (200, "<html>", "the endpoint's answer is not JSON"),
            (200, #"{"q":{"v":1e999}}"#, "the endpoint's answer is not JSON"),
        ])
    func noAnswer(_ status: Int, _ body: String, _ sentence: String) {
        let response = HTTPResponse(head: HTTPHead(status: status), body: Array(body.utf8))
        #expect(HTTPSourceWire.read(response, Self.options).measurement == .missing(.sourceFailed(sentence)))
    }

    @Test(
        "a URL that can be none is a mistake of the policy file",
        arguments: [
            ("http://h/", true), ("https://h/x?y=${KEY}", true), ("${ENDPOINT}", true), ("file:/run/secrets/url", true),
            ("h/status", false), ("ftp://h/", false), ("", false),
            ("http://h", true), ("http://127.0.0.1:8080/a?b#c", true), ("http://u:p@h:1/", true),
            ("http://[::1]:80/x", true), ("http://[fe80::1%25eth0]/", true), ("http://bücher.example/ü", true),
            ("http://under_score/~a/{b}/*", true), ("http://h:/", true), ("http://${HOST}:x/", true),
            ("http://exa mple/x", false), ("http://h/a b", false), ("http://${HOST}/a b", false),
            ("http://h/\n", false), ("http://", false), ("http:///path", false), ("http://:80/", false),
            ("http://h:port/", false), ("http://h:65536/", false), ("http://[::1/", false), ("http://[x]/", false),
            ("http://a<b/", false), ("http://h:80:80/", false), ("file:/run/secrets/a b", true),
        ])
    func addresses(_ url: String, _ isRight: Bool) {
        let options = Options(values: [.init(name: "url", value: .text(url))])
        #expect(HTTPSourceOptions.section.check(options).isEmpty == isRight)
    }

    @Test("an endpoint that sends without end is cut off")
    func endless() async throws {
        let server = try TestServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\n\r\n")
            while connection.write(String(repeating: " ", count: 4096)) {}
        }
        defer { server.stop() }
        let options = Options(values: [.init(name: "url", value: .text(server.url))])
        let source = HTTPSource(HTTPSourceOptions(options, asWritten: options), http: HTTPClient())
        let reading = await source.measure(at: Instant(milliseconds: 0)).visible
        #expect(
            reading
                == .missing(.sourceFailed("GET \(server.url)/: the answer is larger than 1048576 bytes")))
    }

    private static let options = HTTPSourceOptions(written, asWritten: written)
    private static let written = Options(values: [
        .init(name: "url", value: .text("http://127.0.0.1/")), .init(name: "visible", value: .text("/q/v")),
        .init(name: "in_flight", value: .text("/q/f")), .init(name: "oldest_age", value: .text("/q/a")),
    ])

    private static func word(_ reading: Reading) -> String {
        switch reading {
        case .value(let value), .estimate(let value): return "\(value)"
        case .missing(.notTold): return "-"
        case .missing(.notComputable): return "not computable"
        case .missing(.notBelieved): return "not believed"
        case .missing(.sourceFailed(let sentence)):
            if sentence.hasPrefix("there is no ") { return "absent" }
            if sentence.hasSuffix(" is not a number") { return "number" }
            return sentence.hasSuffix("expected a finite number that is not negative") ? "impossible" : sentence
        }
    }
}

/// An endpoint of this process.
struct HTTPSubject: QueueSourceSubject {
    private final class Figures: Sendable {
        let json = Mutex(#"{"visible":0,"in_flight":0,"delayed":0}"#)
    }

    private let figures = Figures()
    private let server: TestServer
    private let silent: TestServer
    private let http = HTTPClient()

    init() throws {
        server = try TestServer.answering { [figures] _ in answer(200, figures.json.withLock { $0 }) }
        silent = try TestServer { $0.waitForEnd() }
    }

    func source() async throws -> any QueueSource { source(server.url) }

    func fill(visible: Int, inFlight: Int, delayed: Int) async throws {
        figures.json.withLock { $0 = #"{"visible":\#(visible),"in_flight":\#(inFlight),"delayed":\#(delayed)}"# }
    }

    func unreachableSource() async throws -> any QueueSource {
        let gone = try TestServer()
        gone.stop()
        return source(gone.url)
    }

    func silentSource(timeLimit: Duration) async throws -> (any QueueSource)? {
        source(silent.url, timeout: timeLimit)
    }

    func end() async {
        server.stop()
        silent.stop()
    }

    private func source(_ url: String, timeout: Duration = .seconds(5)) -> HTTPSource {
        let options = Options(values: [
            .init(name: "url", value: .text(url)), .init(name: "timeout", value: .duration(timeout)),
            .init(name: "in_flight", value: .text("/in_flight")), .init(name: "delayed", value: .text("/delayed")),
        ])
        return HTTPSource(HTTPSourceOptions(options, asWritten: options), http: http)
    }
}

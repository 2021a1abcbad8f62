import Dispatch
import Logging
import WeirAPI
import WeirCore
import WeirQueue
import WeirSignature

/// Requests of the SQS protocol, as any bytes: each line is the name of an action, a blank and a body. They go to one API
/// with queues in memory, one after the other; `@` in a body stands for the last receipt handle that was given out.
///
/// Whatever they are, each gets an answer of AWS's kind: 200 with an object, or an error with a code and words.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRequests(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let input = [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    guard let desk = try? Desk() else { preconditionFailure("queues in memory could not be opened") }
    for line in input.split(separator: UInt8(ascii: "\n")).prefix(8) { desk.ask(Array(line)) }
    return 0
}

/// One API without sockets, and a clock that jumps when a request waits.
private final class Desk {
    private let clock = Clock()
    private let queues: QueueService
    private let handler: APIHandler
    private var handle: [UInt8] = []

    init() throws(QueueError) {
        let clock = clock
        queues = try QueueService(folder: nil, now: { clock.now })
        var setup = APIHandler.Setup(
            queues: queues, control: NoGroups(), keyring: Keyring(secret: Array(0..<32)), accountSecret: { _ in nil },
            now: { clock.now },
            daemon: {
                DaemonView(
                    pid: 1, version: "0", startedAt: "", listen: [], endpoint: nil, region: "us-east-1", state: nil)
            })
        setup.logger = Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }
        handler = APIHandler(setup)
    }

    func ask(_ line: [UInt8]) {
        let blank = line.firstIndex(of: UInt8(ascii: " ")) ?? line.endIndex
        let body = line[blank...].dropFirst().flatMap { $0 == UInt8(ascii: "@") ? handle : [$0] }
        let answer = answer(
            to: APIRequest(
                method: "POST", path: "/",
                headers: [
                    ("host", "weir.test:4100"),
                    ("x-amz-target", "AmazonSQS." + String(decoding: line[..<blank], as: UTF8.self)),
                ], body: body))
        precondition([200, 400, 403, 404, 413].contains(answer.status), "status \(answer.status)")
        precondition(answer.body.first == UInt8(ascii: "{") && answer.body.last == UInt8(ascii: "}"), "no object")
        if answer.status != 200 { precondition(answer.header("x-amzn-query-error") != nil, "an error without a code") }
        remember(answer.body)
    }

    private func answer(to request: APIRequest) -> APIResponse {
        let done = DispatchSemaphore(value: 0)
        let result = Box()
        let handler = handler
        Task.detached {
            result.answer = await handler.respond(to: request, entrance: .control)
            done.signal()
        }
        // A long poll ends when its time is over: a moment here is half a minute there.
        while done.wait(timeout: .now() + .milliseconds(20)) == .timedOut {
            clock.now = clock.now + .seconds(30)
            let queues = queues
            Task.detached { await queues.timePassed() }
        }
        guard let answer = result.answer else { preconditionFailure("no answer") }
        return answer
    }

    private func remember(_ body: [UInt8]) {
        let key = Array(#""ReceiptHandle":""#.utf8)
        guard let found = body.indices.last(where: { body[$0...].starts(with: key) }) else { return }
        handle = Array(body[(found + key.count)...].prefix { $0 != UInt8(ascii: "\"") })
    }
}

import FoundationEssentials
import Testing
import WeirCore
import WeirQueue
import WeirRuntime
import WeirSignature

@testable import WeirAPI

@Suite("Who asks")
struct GatekeeperSpecs {
    @Test("An instance that was found alive is not looked for again within a second")
    func memory() async throws {
        let bench = try Bench()
        for _ in 0..<3 {
            #expect(await bench.sqs("ListQueues", "{}", from: .instance(Bench.worker.text)).status == 200)
        }
        #expect(bench.fleet.finds == 1)
        await bench.pass(.seconds(1))
        bench.fleet.change("thumbnails") { $0.state.fleet = [] }
        let refused = await bench.sqs("ListQueues", "{}", from: .instance(Bench.worker.text))
        #expect(refused.header("x-amzn-query-error") == "InvalidClientTokenId;Sender")
        #expect(bench.fleet.finds == 2)
        await bench.queues.close()
    }

    @Test("An instance that was not there yet is looked for every time")
    func newcomer() async throws {
        let bench = try Bench()
        let newcomer = InstanceID("i-0000000000000abcd")
        #expect(await bench.sqs("ListQueues", "{}", from: .instance(newcomer.text)).status == 403)
        bench.fleet.change("thumbnails") { group in
            group.state.fleet.append(
                Instance(id: newcomer, lifecycleState: .pending, launchedAt: Bench.start, stateSince: Bench.start))
        }
        #expect(await bench.sqs("ListQueues", "{}", from: .instance(newcomer.text)).status == 200)
        await bench.queues.close()
    }

    @Test("Who is taken for ended too early still says what it has done, and gets nothing new")
    func lastWords() async throws {
        let bench = try Bench()
        _ = await bench.sqs("CreateQueue", #"{"QueueName":"jobs"}"#)
        _ = await bench.sqs("SendMessage", #"{"QueueUrl":"jobs","MessageBody":"x"}"#)
        _ = await bench.sqs("SendMessage", #"{"QueueUrl":"jobs","MessageBody":"y"}"#)
        let received = await bench.sqs(
            "ReceiveMessage", #"{"QueueUrl":"jobs","MaxNumberOfMessages":2}"#, from: .instance(Bench.worker.text))
        let handles = received.text.components(separatedBy: #""ReceiptHandle":""#).dropFirst().compactMap {
            $0.components(separatedBy: "\"").first
        }
        try #require(handles.count == 2)
        bench.fleet.change("thumbnails") { $0.state.fleet = [] }
        await bench.queues.forget(Bench.worker)
        await bench.pass(.seconds(2))
        let one = await bench.sqs(
            "DeleteMessage", #"{"QueueUrl":"jobs","ReceiptHandle":"\#(handles[0])"}"#,
            from: .instance(Bench.worker.text))
        #expect(one.status == 200)
        let other = await bench.sqs(
            "DeleteMessageBatch", #"{"QueueUrl":"jobs","Entries":[{"Id":"a","ReceiptHandle":"\#(handles[1])"}]}"#,
            from: .instance(Bench.worker.text))
        #expect(other.status == 200)
        #expect(try await bench.queues.depth(of: "jobs").visible == 0)
        let more = await bench.sqs("ReceiveMessage", #"{"QueueUrl":"jobs"}"#, from: .instance(Bench.worker.text))
        #expect(more.header("x-amzn-query-error") == "InvalidClientTokenId;Sender")
        await bench.queues.close()
    }

    @Test("The clock of the one who signs may be a quarter of an hour off, not more")
    func clocks() async throws {
        let bench = try Bench()
        let request = APIRequest(
            method: "POST", path: "/", headers: [("host", Bench.host), ("x-amz-target", "AmazonSQS.ListQueues")])
        let signed = bench.request(request, from: .account)
        await bench.pass(.seconds(900))
        #expect(await bench.handler.respond(to: signed, entrance: .public).status == 200)
        await bench.pass(.seconds(1))
        let late = await bench.handler.respond(to: signed, entrance: .public)
        #expect(late.status == 403)
        #expect(late.text.contains("Signature expired"))
        await bench.queues.close()
    }

    @Test("What an instance receives is held in its name")
    func holding() async throws {
        let bench = try Bench()
        _ = await bench.sqs("CreateQueue", #"{"QueueName":"jobs"}"#)
        _ = await bench.sqs("SendMessage", #"{"QueueUrl":"jobs","MessageBody":"x"}"#)
        _ = await bench.sqs("ReceiveMessage", #"{"QueueUrl":"jobs"}"#, from: .instance(Bench.worker.text))
        #expect(await bench.queues.held() == [HeldMessages(instance: Bench.worker, messages: 1)])
        await bench.queues.close()
    }

    @Test(arguments: [
        ("/instance/i-1/token", true), ("/instance/i-1/token/", true), ("/instance/i-1", false), ("/instance", false),
        ("/other/i-1/token", false), ("/instance/i-1/token/more", false), ("/", false),
    ])
    func `Paths that carry a capability`(_ path: String, isOne: Bool) {
        #expect((CapabilityPath(path) != nil) == isOne)
    }

    @Test(arguments: [
        ("/instance/i-1/SECRET", "/instance/i-1/…"), ("/instance/i-1/SECRET/", "/instance/i-1/…"),
        ("//instance//i-1//SECRET/more", "/instance/i-1/…"), ("/base/instance/i-1/SECRET", "/base/instance/i-1/…"),
        ("/instance/i-1", "/instance/i-1"), ("/healthz", "/healthz"), ("/", "/"),
    ])
    func `A token never stands in the log`(_ path: String, inLog: String) async throws {
        #expect(CapabilityPath.withoutToken(path) == inLog)
        let lines = Lines()
        let bench = try Bench(log: lines)
        _ = await bench.handler.respond(to: APIRequest(method: "POST", path: path), entrance: .public)
        #expect(lines.all.count == 1)
        #expect(!lines.all.contains { $0.contains("SECRET") })
        await bench.queues.close()
    }
}

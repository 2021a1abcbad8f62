import Testing
import WeirCore
import WeirQueue

@testable import WeirAPI

@Suite("Bad calls produce SQS's errors")
struct ErrorVectorSpecs {
    struct Vector: Decodable, Sendable, CustomTestStringConvertible {
        struct Input: Decodable {
            var action: String
            var problem: String
        }
        struct Expected: Decodable {
            var jsonType: String
            var queryCode: String
            var httpStatusQuery: Int
        }
        var id: String
        var input: Input
        var expected: Expected
        var testDescription: String { id }
    }

    @Test(arguments: try Vectors.read("sqs-errors", Vector.self))
    func `every vector`(_ vector: Vector) async throws {
        let bench = try Bench()
        let response = try await Self.provoke(vector, on: bench)
        #expect(response.status == vector.expected.httpStatusQuery)
        #expect(response.text.hasPrefix(#"{"__type":"com.amazonaws.sqs#\#(vector.expected.jsonType)","message":""#))
        #expect(response.header("x-amzn-query-error") == "\(vector.expected.queryCode);Sender")
        await bench.queues.close()
    }

    struct UnknownProblem: Error {}

    private static func provoke(_ vector: Vector, on bench: Bench) async throws -> APIResponse {
        _ = await bench.sqs("CreateQueue", #"{"QueueName":"jobs"}"#)
        let action = vector.input.action
        switch vector.input.problem {
        case "11 entries":
            let entries = (0..<11).map { #"{"Id":"\#($0)","MessageBody":"x","ReceiptHandle":"x"}"# }
            return await bench.sqs(action, #"{"QueueUrl":"jobs","Entries":[\#(entries.joined(separator: ","))]}"#)
        case "no entries": return await bench.sqs(action, #"{"QueueUrl":"jobs","Entries":[]}"#)
        case "bodies add up to more than the limit":
            let body = String(repeating: "x", count: QueueLimits.batchSizeBytes / 2 + 1)
            let entries = (0..<2).map { #"{"Id":"\#($0)","MessageBody":"\#(body)"}"# }
            return await bench.sqs(action, #"{"QueueUrl":"jobs","Entries":[\#(entries.joined(separator: ","))]}"#)
        case "queue does not exist":
            return await bench.sqs(action, #"{"QueueUrl":"nowhere","QueueName":"nowhere","MessageBody":"x"}"#)
        case "second purge within 60 s":
            _ = await bench.sqs(action, #"{"QueueUrl":"jobs"}"#)
            await bench.pass(.seconds(59))
            return await bench.sqs(action, #"{"QueueUrl":"jobs"}"#)
        case "same name 59 s after deletion":
            _ = await bench.sqs("DeleteQueue", #"{"QueueUrl":"jobs"}"#)
            await bench.pass(.seconds(59))
            return await bench.sqs(action, #"{"QueueName":"jobs"}"#)
        case "name exists with another attribute value":
            return await bench.sqs(action, #"{"QueueName":"jobs","Attributes":{"DelaySeconds":"1"}}"#)
        case "short poll on a standard queue with about 120000 in flight":
            // So many messages are the queue's own specs' business; here it is about the words.
            return SQSProtocol.response(ErrorTable.error(QueueError.overLimit(120_000)))
        default: throw UnknownProblem()
        }
    }
}

@Suite("Every refusal of a queue has a code of AWS's")
struct ErrorTableSpecs {
    @Test(
        arguments: [
            (.queueDoesNotExist("q"), "AWS.SimpleQueueService.NonExistentQueue", 400),
            (.queueNameExists("q", attribute: "a"), "QueueAlreadyExists", 400),
            (.queueDeletedRecently("q"), "AWS.SimpleQueueService.QueueDeletedRecently", 400),
            (.invalidQueueName("q q"), "InvalidParameterValue", 400),
            (.invalidAttributeValue(attribute: "a", value: "v", allowed: "w"), "InvalidAttributeValue", 400),
            (.unsupported("x"), "AWS.SimpleQueueService.UnsupportedOperation", 400),
            (.invalidMessageContents("x"), "InvalidMessageContents", 400),
            (.invalidParameter("x"), "InvalidParameterValue", 400),
            (.messageTooLong(bytes: 2, limit: 1), "InvalidParameterValue", 400),
            (.receiptHandleIsInvalid("h"), "ReceiptHandleIsInvalid", 400),
            (.messageNotInflight, "AWS.SimpleQueueService.MessageNotInflight", 400),
            (.overLimit(1), "OverLimit", 403),
            (.purgeInProgress("q"), "AWS.SimpleQueueService.PurgeQueueInProgress", 403),
            (.storeFailed("disk full"), "InternalFailure", 500),
        ] as [(QueueError, String, Int)])
    func `Codes`(_ error: QueueError, code: String, status: Int) {
        let answer = ErrorTable.error(error)
        #expect(answer.queryCode == code)
        #expect(answer.status == status)
        #expect(answer.fault == (status == 500 ? .receiver : .sender))
        #expect(!answer.message.isEmpty)
    }

    @Test(
        arguments: [
            (.noSuchInstance(Bench.worker), "ValidationError", "is not part of Auto Scaling group g."),
            (
                .notInService(Bench.worker, .pending), "ValidationError",
                "is not in InService or EnteringStandby or Standby."
            ),
            (.tooManyInstances(51), "LimitExceeded", "51 instances are named; one call may name 50."),
            (.coolingDown(until: Bench.start), "ScalingActivityInProgress", "lasts until 2026-03-01T12:00:00Z."),
            (.atMinimum(2), "ValidationError", "desiredSize equals minSize (2)"),
            (
                .standbyBelowMinimum(1, minimum: 2), "ValidationError",
                "Putting 1 instance on standby would take the desired capacity of Auto Scaling group"
            ),
            (.groupIsLeaving, "ValidationError", "its instances are leaving"),
            (.atMaximum(4), "ValidationError", "has max-size=4"),
            (.tooMany(21, most: 20), "ValidationError", "limited to 20; 21 are named."),
            (
                .wrongState(Bench.worker, .pending, needed: [.standby, .enteringStandby]), "ValidationError",
                "is not in Standby or EnteringStandby. It is in Pending."
            ),
            (.noLifecycleAction(hook: "h"), "ValidationError", "No active Lifecycle Action found"),
            (.noSuchToken("t"), "ValidationError", "No active Lifecycle Action found with token t."),
            (.noSuchToken(nil), "ValidationError", "Either InstanceId or LifecycleActionToken must be given."),
            (.refreshUnderWay("r"), "InstanceRefreshInProgress", "An Instance Refresh (r) is already in progress"),
            (.noRefreshUnderWay, "ActiveInstanceRefreshNotFound", "No in progress or pending Instance Refresh"),
            (.nothingToRollBackTo, "IrreversibleInstanceRefresh", "cannot be rolled back"),
        ] as [(Refusal, String, String)])
    func `Refusals of a group`(_ refusal: Refusal, code: String, words: String) {
        let answer = ErrorTable.error(refusal, group: "g")
        #expect(answer.queryCode == code)
        #expect(answer.status == 400)
        #expect(answer.message.contains(words))
    }
}

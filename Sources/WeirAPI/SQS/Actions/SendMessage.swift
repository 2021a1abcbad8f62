import WeirQueue

/// Sends one message. It is on disk when the answer leaves.
enum SendMessage: SQSAction {
    static let name = "SendMessage"

    static func answer(_ input: Fields, _ call: SQSCall) async throws(APIError) -> SQSAnswer {
        let queue = try call.queueName(input)
        let message = try MessageWire.message(input)
        let results = try await call.ask { queues throws(QueueError) in
            try await queues.send([message], to: queue, senderID: call.senderID)
        }
        let id = try results.first.map { result throws(APIError) in
            try result.mapError(ErrorTable.error).get()
        }
        return SQSAnswer { json in
            json.member("MessageId", id)
            MessageReceipt.write(message, to: &json)
        }
    }
}

/// The digests by which a sender sees that its message arrived whole.
enum MessageReceipt {
    static func write(_ message: NewMessage, to json: inout JSONWriter) {
        json.member("MD5OfMessageBody", MessageDigest.body(message.body))
        json.member("MD5OfMessageAttributes", MessageDigest.attributes(message.attributes))
        json.member("MD5OfMessageSystemAttributes", MessageDigest.traceHeader(message.traceHeader))
    }
}

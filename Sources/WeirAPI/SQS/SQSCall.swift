import WeirCore
import WeirQueue

/// What every SQS action is given besides its input.
struct SQSCall: Sendable {
    var queues: QueueService
    var account: String
    var region: String
    /// The Host header, which queue URLs are made from: the client that asked can surely reach it.
    var host: String
    var principal: Principal

    /// Who sent a message, for its SenderId.
    var senderID: String {
        switch principal {
        case .account, .operator: account
        case .instance(let id): id.text
        }
    }

    /// The name of the queue that the request's `QueueUrl` stands for: the URL's last part, or the whole of a bare name.
    func queueName(_ input: Fields) throws(APIError) -> String {
        let url = try input.requiredString("QueueUrl")
        let trimmed = url.utf8.last == UInt8(ascii: "/") ? url.utf8.dropLast() : url.utf8[...]
        let slash = trimmed.lastIndex(of: UInt8(ascii: "/")).map(trimmed.index(after:)) ?? trimmed.startIndex
        return String(Substring(trimmed[slash...]))
    }

    func queueURL(_ name: String) -> String { "http://\(host)/\(account)/\(name)" }

    func queueARN(_ name: String) -> String { "arn:aws:sqs:\(region):\(account):\(name)" }

    /// Runs what a queue does, and turns its refusals into AWS's errors.
    func ask<Value>(
        _ work: (QueueService) async throws(QueueError) -> Value
    ) async throws(APIError) -> Value {
        do {
            return try await work(queues)
        } catch {
            throw ErrorTable.error(error)
        }
    }
}

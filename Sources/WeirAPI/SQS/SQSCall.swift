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
    /// Whatever host the URL names is fine: a client may know weir by another name than its listener does.
    /// - Throws: `QueueDoesNotExist` when the URL names another account.
    func queueName(_ input: Fields) throws(APIError) -> String {
        let url = try input.requiredString("QueueUrl")
        let slash = UInt8(ascii: "/")
        let trimmed = url.utf8.last == slash ? url.utf8.dropLast() : url.utf8[...]
        guard let end = trimmed.lastIndex(of: slash) else { return String(Substring(trimmed)) }
        let name = String(Substring(trimmed[trimmed.index(after: end)...]))
        let before = trimmed[..<end]
        let owner = before[(before.lastIndex(of: slash).map(before.index(after:)) ?? before.startIndex)...]
        if Self.isAccount(owner), !owner.elementsEqual(account.utf8) { throw ErrorTable.error(.queueDoesNotExist(url)) }
        return name
    }

    private static func isAccount(_ text: Substring.UTF8View) -> Bool {
        text.count == 12 && text.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    }

    /// The queue that an ARN stands for; nil for one of another account or region, and for what is no queue's ARN.
    func queueName(ofARN arn: String) -> String? {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "sqs", parts[3] == region, parts[4] == account else {
            return nil
        }
        return String(parts[5])
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

import Foundation
import Testing
import WeirCore

@testable import WeirQueue

/// A file of conformance vectors: cases with their source, each with an input and what is expected.
struct VectorFile<Input: Decodable & Sendable, Expected: Decodable & Sendable>: Decodable {
    struct Vector: Decodable, Sendable, CustomTestStringConvertible {
        var id: String
        var input: Input
        var expected: Expected

        var testDescription: String { id }
    }

    var vectors: [Vector]

    static func read(_ name: String) -> [Vector] {
        guard let url = Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: "json"),
            let file = try? JSONDecoder().decode(Self.self, from: Data(contentsOf: url))
        else {
            Issue.record("the fixture \(name) cannot be read")
            return []
        }
        return file.vectors
    }
}

@Suite("Ranges of queue attributes and parameters")
struct AttributeVectors {
    struct Input: Decodable, Sendable {
        enum Value: Decodable, Sendable {
            case number(Int)
            case text(String)

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let number = try? container.decode(Int.self) {
                    self = .number(number)
                } else {
                    self = .text(try container.decode(String.self))
                }
            }
        }
        var field: String
        var value: Value
        var fifo: Bool?
    }

    struct Expected: Decodable, Sendable { var valid: Bool }

    typealias File = VectorFile<Input, Expected>

    @Test(arguments: File.read("sqs-attributes"))
    func range(_ vector: File.Vector) throws {
        #expect(try Self.isValid(vector.input) == vector.expected.valid)
    }

    private struct UnknownField: Error { var name: String }

    private static func isValid(_ input: Input) throws -> Bool {
        let limits = QueueLimits.strict
        switch (input.field, input.value) {
        case ("DelaySeconds", .number(let seconds)): return limits.delay.contains(.seconds(seconds))
        case ("MessageRetentionPeriod", .number(let seconds)): return limits.retention.contains(.seconds(seconds))
        case ("ReceiveMessageWaitTimeSeconds", .number(let seconds)), ("WaitTimeSeconds", .number(let seconds)):
            return limits.receiveWait.contains(.seconds(seconds))
        case ("VisibilityTimeout", .number(let seconds)): return limits.visibilityTimeout.contains(.seconds(seconds))
        case ("MaxNumberOfMessages", .number(let count)): return limits.messagesPerReceive.contains(count)
        case ("MaximumMessageSize", .number(let bytes)): return limits.messageSizeBytes.contains(bytes)
        case ("ListQueues.MaxResults", .number(let count)): return QueueLimits.queuesPerPage.contains(count)
        case ("QueueName", .text(let name)): return QueueName.isValid(name, fifo: input.fifo ?? false)
        case ("MessageAttributeName", .text(let name)): return AttributeRules.isValidName(name)
        default: throw UnknownField(name: input.field)
        }
    }
}

@Suite("Timing of visibility, delay and dead letters")
struct TimingVectors {
    struct Input: Decodable, Sendable {
        var scenario: String
        var queueVisibilityTimeout: Int?
        var changedAt: Int?
        var newVisibilityTimeout: Int?
        var maxReceiveCount: Int?
        var receivesWithoutDelete: Int?
        var queueDelaySeconds: Int?
        var messageDelaySeconds: Int?
    }

    struct Expected: Decodable, Sendable {
        var visibleAt: Int?
        var visibleAfter: Int?
        var error: Bool?
        var movedOnNextReceive: Bool?
    }

    typealias File = VectorFile<Input, Expected>

    /// Deduplication belongs to FIFO queues, which this queue refuses to be.
    static let vectors = File.read("sqs-timing").filter { !$0.input.scenario.hasPrefix("FIFO") }
    static let received = Instant(milliseconds: 0)

    @Test("the rules, as functions", arguments: vectors)
    func rules(_ vector: File.Vector) throws {
        let input = vector.input
        if let changedAt = input.changedAt, let timeout = input.newVisibilityTimeout {
            let visibleAt = try? DeliveryRules.visibleAfterChange(
                receivedAt: Self.received, at: Self.received + .seconds(changedAt), timeout: .seconds(timeout))
            #expect(visibleAt == vector.expected.visibleAt.map { Self.received + .seconds($0) })
            #expect((visibleAt == nil) == (vector.expected.error ?? false))
        } else if let most = input.maxReceiveCount, let receives = input.receivesWithoutDelete {
            let policy = RedrivePolicy(deadLetterQueue: "dead", maxReceiveCount: most)
            #expect(
                DeliveryRules.movesToDeadLetters(receivedHere: receives, policy) == vector.expected.movedOnNextReceive)
            #expect(!DeliveryRules.movesToDeadLetters(receivedHere: receives - 1, policy))
        } else {
            let queueDelay = try #require(input.queueDelaySeconds)
            let visibleAt = DeliveryRules.firstVisible(
                sentAt: Self.received, queueDelay: .seconds(queueDelay),
                messageDelay: input.messageDelaySeconds.map { .seconds($0) })
            #expect(visibleAt == Self.received + .seconds(try #require(vector.expected.visibleAfter)))
        }
    }

    @Test("the queue itself keeps them", arguments: vectors)
    func queue(_ vector: File.Vector) async throws {
        let input = vector.input
        if let changedAt = input.changedAt, let timeout = input.newVisibilityTimeout {
            try await changed(at: changedAt, to: timeout, of: input.queueVisibilityTimeout, vector.expected)
        } else if let most = input.maxReceiveCount, let receives = input.receivesWithoutDelete {
            try await receivedTooOften(receives, most)
        } else {
            try await delayed(input, until: try #require(vector.expected.visibleAfter))
        }
    }

    private func changed(at: Int, to timeout: Int, of queueTimeout: Int?, _ expected: Expected) async throws {
        let scene = try await Scene { $0.visibilityTimeout = .seconds(queueTimeout ?? 43_200) }
        try await scene.send("work")
        let message = try await scene.receiveOne()
        await scene.pass(.seconds(at))
        guard let visibleAt = expected.visibleAt else {
            await #expect(throws: QueueError.self) { try await scene.change(message, to: .seconds(timeout)) }
            return
        }
        try await scene.change(message, to: .seconds(timeout))
        if visibleAt > at {
            await scene.pass(.seconds(visibleAt - at) - .milliseconds(1))
            #expect(try await scene.counts() == [0, 1, 0])
            await scene.pass(.milliseconds(1))
        }
        #expect(try await scene.counts() == [1, 0, 0])
    }

    private func receivedTooOften(_ receives: Int, _ most: Int) async throws {
        let scene = try await Scene {
            $0.redrive = RedrivePolicy(deadLetterQueue: Scene.deadLetters, maxReceiveCount: most)
        }
        try await scene.send("poison")
        for _ in 0..<receives { #expect(try await scene.receive(timeout: .zero).count == 1) }
        #expect(try await scene.receive().isEmpty)
        #expect(try await scene.counts(Scene.deadLetters) == [1, 0, 0])
    }

    private func delayed(_ input: Input, until visibleAfter: Int) async throws {
        let scene = try await Scene { $0.delay = .seconds(input.queueDelaySeconds ?? 0) }
        try await scene.send("later", delay: input.messageDelaySeconds.map { .seconds($0) })
        if visibleAfter > 0 {
            await scene.pass(.seconds(visibleAfter) - .milliseconds(1))
            #expect(try await scene.counts() == [0, 0, 1])
            await scene.pass(.milliseconds(1))
        }
        #expect(try await scene.counts() == [1, 0, 0])
    }
}

import Testing
import WeirPolicy

@testable import WeirBackends

@Suite("The rules of the queue that a policy file names")
struct StatedQueueSpecs {
    private func stated(_ word: String, _ values: [Options.Entry]) -> StatedQueue? {
        StatedQueue(of: BackendChoice(word: word, options: Options(values: values)))
    }

    @Test("what the file says, and else what a new queue has")
    func embedded() throws {
        let name = Options.Entry(name: "queue", value: .text("work"))
        let bare = try #require(stated("embedded", [name]))
        #expect(bare.visibilityTimeout == .seconds(30) && bare.retention == .seconds(4 * 86_400))
        #expect(bare.maxReceiveCount == nil && bare.mostInFlight == 120_000)
        let said = try #require(
            stated(
                "embedded",
                [
                    name, .init(name: "visibility_timeout", value: .duration(.seconds(7))),
                    .init(name: "retention", value: .duration(.seconds(90))),
                    .init(name: "dead_letter_queue", value: .text("dead")),
                ]))
        #expect(said.visibilityTimeout == .seconds(7) && said.retention == .seconds(90))
        #expect(said.maxReceiveCount == 10, "which is what a dead-letter queue has when nobody says otherwise")
    }

    @Test("of other sources the file does not say such things")
    func others() {
        #expect(stated("sqs", [Options.Entry(name: "queue", value: .text("work"))]) == nil)
    }
}

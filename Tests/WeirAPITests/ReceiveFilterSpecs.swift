import Testing
import WeirCore
import WeirQueue

@testable import WeirAPI

@Suite("Which attributes of a message are given back")
struct ReceiveFilterSpecs {
    struct Row: Sendable, CustomTestStringConvertible {
        var wanted: [String]
        var given: [String]
        var because: String

        var testDescription: String { because }
    }

    static let allNames = ["a", "a.b", "a.b.c", "ab", "b"]

    @Test(arguments: [
        Row(wanted: [], given: [], because: "nothing unless asked for"),
        Row(wanted: ["a.b"], given: ["a.b"], because: "an exact name means itself"),
        Row(wanted: ["a.*"], given: ["a", "a.b", "a.b.c"], because: "a prefix ends at a period"),
        Row(wanted: ["a.b.*"], given: ["a.b", "a.b.c"], because: "a prefix may hold periods"),
        Row(wanted: ["b", "ab.*"], given: ["ab", "b"], because: "several names add up"),
        Row(wanted: ["All"], given: allNames, because: "All means all"),
        Row(wanted: [".*"], given: allNames, because: "so does the empty prefix"),
    ])
    func names(_ row: Row) throws {
        let filter = try ReceiveFilter(Self.input(row.wanted))
        #expect(filter.attributes(of: Self.message).map(\.name) == row.given)
    }

    @Test("a thousand names are allowed, one more is not")
    func limit() throws {
        let names = (0..<APILimits.attributeNames).map { "name\($0).*" }
        _ = try ReceiveFilter(Self.input(names))
        let refusal = #expect(throws: APIError.self) { try ReceiveFilter(Self.input(names + ["one.*"])) }
        #expect(refusal?.queryCode == "InvalidParameterValue")
    }

    private static func input(_ names: [String]) -> Fields {
        Fields(
            object: JSONObject(members: [.init(name: "MessageAttributeNames", value: .array(names.map { .string($0) }))]
            ))
    }

    private static let message = ReceivedMessage(
        messageID: "id", receiptHandle: "handle", body: "x",
        attributes: allNames.map { MessageAttribute(name: $0, dataType: "String", value: .string("1")) },
        traceHeader: nil,
        groupID: nil, senderID: "me", sentAt: Bench.start, firstReceivedAt: Bench.start, receiveCount: 1,
        deadLetterSourceQueue: nil)
}

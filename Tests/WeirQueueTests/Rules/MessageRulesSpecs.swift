import Testing
import WeirCore

@testable import WeirQueue

@Suite("What a message may carry")
struct MessageRulesSpecs {
    struct TextRow: Sendable, CustomTestStringConvertible {
        var scalar: UInt32
        var isAllowed: Bool
        var because: String

        var testDescription: String { because }
    }

    @Test(arguments: [
        TextRow(scalar: 0x00, isAllowed: false, because: "NUL is a control character"),
        TextRow(scalar: 0x08, isAllowed: false, because: "backspace comes just before the tab"),
        TextRow(scalar: 0x09, isAllowed: true, because: "tab is listed"),
        TextRow(scalar: 0x0A, isAllowed: true, because: "line feed is listed"),
        TextRow(scalar: 0x0B, isAllowed: false, because: "vertical tab is not listed"),
        TextRow(scalar: 0x0D, isAllowed: true, because: "carriage return is listed"),
        TextRow(scalar: 0x1F, isAllowed: false, because: "the last control character"),
        TextRow(scalar: 0x20, isAllowed: true, because: "the first of the plain range"),
        TextRow(scalar: 0x7F, isAllowed: true, because: "DEL is inside the plain range"),
        TextRow(scalar: 0xD7FF, isAllowed: true, because: "the last before the surrogates"),
        TextRow(scalar: 0xE000, isAllowed: true, because: "the first after the surrogates"),
        TextRow(scalar: 0xFFFD, isAllowed: true, because: "the last of its range"),
        TextRow(scalar: 0xFFFE, isAllowed: false, because: "not a character"),
        TextRow(scalar: 0xFFFF, isAllowed: false, because: "not a character"),
        TextRow(scalar: 0x10000, isAllowed: true, because: "the first of the upper planes"),
        TextRow(scalar: 0x1FFFE, isAllowed: true, because: "the upper planes are allowed whole"),
        TextRow(scalar: 0x10FFFF, isAllowed: true, because: "the very last"),
    ])
    func characters(_ row: TextRow) throws {
        let character = Character(try #require(Unicode.Scalar(row.scalar)))
        #expect(MessageText.isAllowed("before\(character)after") == row.isAllowed)
        #expect(MessageText.isAllowed("\(character)") == row.isAllowed)
    }

    @Test("a trace header has 1 to 1,024 bytes of the same characters, and does not count towards the size")
    func traceHeader() throws {
        func check(_ header: String) throws(QueueError) {
            try MessageRules.check(NewMessage(body: "x", traceHeader: header))
        }
        try check("Root=1-5759e988-bd862e3fe1be46a994272793")
        try check(String(repeating: "x", count: 1024))
        for length in [0, 1025] {
            #expect(throws: QueueError.self) { try check(String(repeating: "x", count: length)) }
        }
        #expect(throws: QueueError.invalidMessageContents("AWSTraceHeader holds a character that is not allowed.")) {
            try check("Root=\u{0}")
        }
        #expect(MessageRules.sizeBytes(NewMessage(body: "x", traceHeader: "Root=1")) == 1)
    }

    struct NumberRow: Sendable, CustomTestStringConvertible {
        var text: String
        var isValid: Bool

        init(_ text: String, _ isValid: Bool) {
            self.text = text
            self.isValid = isValid
        }

        var testDescription: String { "'\(text)' is \(isValid ? "" : "not ")a number" }
    }

    @Test(arguments: [
        NumberRow("0", true), NumberRow("-1", true), NumberRow("+1.50", true), NumberRow(".5", true),
        NumberRow("5.", true),
        NumberRow("1e126", true), NumberRow("1e127", false), NumberRow("9.9E+126", true), NumberRow("10e126", false),
        NumberRow("1e-128", true), NumberRow("1e-129", false), NumberRow("0.1e-127", true),
        NumberRow("12345678901234567890123456789012345678", true),
        NumberRow("123456789012345678901234567890123456789", false),
        NumberRow("1234567890123456789012345678901234567800000", true),
        NumberRow("", false), NumberRow("-", false), NumberRow(".", false), NumberRow("1e", false),
        NumberRow("0x10", false),
        NumberRow("1 ", false), NumberRow("NaN", false), NumberRow("1e99999", false),
    ])
    func numbers(_ row: NumberRow) {
        #expect(NumberText.isValid(row.text) == row.isValid)
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        var message: NewMessage
        var because: String
        var isContents = false

        var testDescription: String { because }
    }

    static func attribute(_ name: String, _ type: String, _ value: MessageAttribute.Value = .string("v")) -> NewMessage
    {
        NewMessage(body: "b", attributes: [MessageAttribute(name: name, dataType: type, value: value)])
    }

    static let refusals: [Refusal] = [
        Refusal(message: NewMessage(body: ""), because: "a body has one character at least"),
        Refusal(message: NewMessage(body: "\u{1}"), because: "control characters are not allowed", isContents: true),
        Refusal(message: NewMessage(body: "b", delay: .seconds(901)), because: "a delay ends at 900 s"),
        Refusal(message: NewMessage(body: "b", delay: .seconds(-1)), because: "a delay is not negative"),
        Refusal(message: NewMessage(body: "b", groupID: ""), because: "a group id is not empty"),
        Refusal(message: NewMessage(body: "b", groupID: "a b"), because: "a group id has no blanks"),
        Refusal(message: attribute("a", "Text"), because: "a data type is String, Number or Binary"),
        Refusal(message: attribute("a", "String."), because: "a label is not empty"),
        Refusal(message: attribute("a", "string"), because: "a data type is written with a capital letter"),
        Refusal(message: attribute("a", "String", .string("")), because: "a value is not empty"),
        Refusal(message: attribute("a", "String", .binary([1])), because: "a String is text"),
        Refusal(message: attribute("a", "Binary", .string("v")), because: "a Binary is bytes"),
        Refusal(message: attribute("a", "Number", .string("v")), because: "a Number is a number"),
        Refusal(
            message: attribute("a", "String", .string("\u{1}")), because: "values keep the same characters",
            isContents: true),
        Refusal(
            message: NewMessage(
                body: "b",
                attributes: (0..<11).map { MessageAttribute(name: "a\($0)", dataType: "String", value: .string("v")) }),
            because: "a message has 10 attributes at most"),
        Refusal(
            message: NewMessage(
                body: "b",
                attributes: (0..<2).map { _ in MessageAttribute(name: "a", dataType: "String", value: .string("v")) }),
            because: "a name is used once"),
    ]

    @Test(arguments: refusals)
    func refused(_ row: Refusal) {
        do throws(QueueError) {
            try MessageRules.check(row.message)
            Issue.record("it was accepted")
        } catch {
            switch error {
            case .invalidMessageContents: #expect(row.isContents)
            case .invalidParameter: #expect(!row.isContents)
            case .queueDoesNotExist, .queueNameExists, .queueDeletedRecently, .invalidQueueName, .invalidAttributeValue,
                .unsupported, .messageTooLong, .receiptHandleIsInvalid, .messageNotInflight, .overLimit,
                .purgeInProgress,
                .storeFailed:
                Issue.record("refused for another reason: \(error)")
            }
        }
    }

    @Test("a label may follow the type, and the trace header does not count")
    func size() throws {
        let message = NewMessage(
            body: "grün",
            attributes: [
                MessageAttribute(name: "id", dataType: "Number.int", value: .string("12")),
                MessageAttribute(name: "raw", dataType: "Binary", value: .binary([0, 1, 2])),
            ], traceHeader: "Root=1-5759e988-bd862e3fe1be46a994272793", groupID: "tenant/7")
        try MessageRules.check(message)
        #expect(MessageRules.sizeBytes(message) == 5 + (2 + 10 + 2) + (3 + 6 + 3))
    }
}

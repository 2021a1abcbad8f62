import Testing

@testable import WeirSearch

@Suite("What a search writes above a policy")
struct RemarkSpecs {
    @Test("it is taken away again, and ends its lines as the file does", arguments: ["\n", "\r\n"])
    func thereAndBack(_ end: String) {
        let text = ["# A comment.", "group: g", ""].joined(separator: end)
        let told = Remarks.text(["one", "two"], above: text)
        #expect(told == ["#: one", "#: two", text].joined(separator: end))
        #expect(Remarks.removed(from: told) == text)
    }
}

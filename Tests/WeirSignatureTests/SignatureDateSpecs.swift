import Testing

@testable import WeirSignature

@Suite("Dates of signatures")
struct SignatureDateSpecs {
    @Test(
        arguments: [
            (0, "19700101T000000Z"), (1_440_938_160_999, "20150830T123600Z"), (1_709_251_199_000, "20240229T235959Z"),
            (1_709_251_200_000, "20240301T000000Z"), (4_107_542_399_000, "21000228T235959Z"),
            (4_107_542_400_000, "21000301T000000Z"), (951_782_400_000, "20000229T000000Z"), (-1, "19691231T235959Z"),
        ] as [(Int64, String)])
    func `Milliseconds become text, and text the same second`(_ milliseconds: Int64, text: String) {
        #expect(SignatureDate(milliseconds: milliseconds).text == text)
        #expect(SignatureDate(text) == SignatureDate(milliseconds: milliseconds))
        #expect(SignatureDate(milliseconds: milliseconds).day == String(text.prefix(8)))
    }

    @Test(arguments: [
        "", "20150830", "20150830T123600", "20150830T123600+", "20150830 123600Z", "20151330T123600Z",
        "20150229T000000Z", "21000229T000000Z", "20150830T243600Z", "20150830T126000Z", "2015083aT123600Z",
    ])
    func `Anything else is no date`(_ text: String) {
        #expect(SignatureDate(text) == nil)
    }
}

import Testing

@testable import WeirSignature

@Suite("Signatures are verified as AWS verifies them")
struct VerifierSpecs {
    static let verifier = Verifier(services: ["service", "sqs", "autoscaling"])
    static let minute: Int64 = 60_000

    @Test(arguments: Row.all)
    func `What was signed is accepted`(_ row: Row) throws {
        let signature = try Self.verify(row.signed, at: row.at)
        #expect(signature.accessKeyID == Row.accessKeyID)
        #expect(signature.service == row.service)
        #expect(signature.region == row.region)
    }

    /// What somebody does to a signed request on the way, and what it is refused with.
    struct Tampering: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let failure: SignatureFailure
        let change: @Sendable (inout SignableRequest) -> Void

        init(
            _ note: String, because failure: SignatureFailure,
            _ change: @escaping @Sendable (inout SignableRequest) -> Void
        ) {
            testDescription = note
            self.failure = failure
            self.change = change
        }
    }

    @Test(arguments: [
        Tampering("another body", because: .mismatch) { $0.body.append(0x20) },
        Tampering("another method", because: .mismatch) { $0.method = "PUT" },
        Tampering("another path", because: .mismatch) { $0.path = "/other" },
        Tampering("a query", because: .mismatch) { $0.query = "a=b" },
        Tampering("another action", because: .mismatch) { $0.set("x-amz-target", "AmazonSQS.DeleteQueue") },
        Tampering("another host", because: .mismatch) { $0.set("host", "elsewhere") },
        Tampering("a second value for a signed header", because: .mismatch) { $0.headers.append(("host", "b")) },
        Tampering("a header that had to be signed", because: .unsignedHeader("X-Amz-Extra")) {
            $0.headers.append(("X-Amz-Extra", "1"))
        },
        Tampering("no signature at all", because: .missing) { $0.remove("authorization") },
        Tampering("no date", because: .malformed(.date)) { $0.remove("x-amz-date") },
        Tampering("a day that does not exist", because: .malformed(.date)) {
            $0.set("x-amz-date", "20150230T123600Z")
        },
        Tampering("the date of the next day", because: .scopeDate("20150830", requestDate: "20150831")) {
            $0.set("x-amz-date", "20150831T123600Z")
        },
        Tampering("another algorithm", because: .malformed(.algorithm)) { $0.set("authorization", "Basic abc") },
        Tampering("nothing after the algorithm", because: .malformed(.parameter)) {
            $0.set("authorization", "AWS4-HMAC-SHA256 Credential")
        },
        Tampering("a credential without its scope", because: .malformed(.credential)) {
            $0.set("authorization", "AWS4-HMAC-SHA256 Credential=A, SignedHeaders=host, Signature=00")
        },
        Tampering("a signature that is no number", because: .malformed(.signature)) {
            $0.replace("Signature=", "Signature=xyz")
        },
        Tampering("half a signature", because: .mismatch) { $0.truncateAuthorization(by: 32) },
        Tampering("the signature of another service", because: .wrongService("s3")) { $0.replace("/sqs/", "/s3/") },
        Tampering("somebody else's key", because: .unknownKey("AKIDSTRANGER")) {
            $0.replace("AKIDEXAMPLE", "AKIDSTRANGER")
        },
        Tampering("the host not signed", because: .unsignedHeader("host")) { $0.replace(";host;", ";") },
        Tampering("an endless header", because: .malformed(.length)) {
            $0.set("authorization", String(repeating: "x", count: 5000))
        },
    ])
    func `What was changed is refused`(_ row: Tampering) throws {
        let original = try #require(Row.all.first { $0.description == "SQS SendMessage" })
        var request = original.signed
        row.change(&request)
        #expect(throws: row.failure) { try Self.verify(request, at: original.at) }
    }

    @Test(
        "A date may be 15 minutes off, not more",
        arguments: [
            (-15 * minute, nil),
            (-15 * minute - 1000, "Signature not yet current: 20150830T123600Z is still later than"),
            (0, nil),
            (15 * minute, nil),
            (15 * minute + 1000, "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z"),
        ] as [(Int64, String?)])
    func dates(later: Int64, message: String?) throws {
        let row = try #require(Row.all.first)
        guard let message else {
            _ = try Self.verify(row.signed, at: row.at + later)
            return
        }
        let failure = #expect(throws: SignatureFailure.self) { try Self.verify(row.signed, at: row.at + later) }
        #expect(failure?.message.hasPrefix(message) == true)
        #expect(failure?.code == "SignatureDoesNotMatch")
        #expect(failure?.status == 403)
    }

    @Test(
        arguments: [
            (.missing, "MissingAuthenticationToken", 403), (.malformed(.credential), "IncompleteSignature", 400),
            (.unknownKey("A"), "InvalidClientTokenId", 403), (.wrongService("s3"), "SignatureDoesNotMatch", 403),
            (.mismatch, "SignatureDoesNotMatch", 403),
        ] as [(SignatureFailure, String, Int)])
    func `Failures have AWS's codes`(_ failure: SignatureFailure, code: String, status: Int) {
        #expect(failure.code == code)
        #expect(failure.status == status)
        #expect(!failure.message.isEmpty)
    }

    static func verify(_ request: SignableRequest, at now: Int64) throws(SignatureFailure) -> Verifier.Signature {
        try verifier.verify(request, at: now) { $0 == Row.accessKeyID ? Row.secret : nil }
    }
}

extension SignableRequest {
    fileprivate mutating func remove(_ name: String) {
        headers.removeAll { Bytes.equalsIgnoringCase($0.name, name) }
    }

    fileprivate mutating func set(_ name: String, _ value: String) {
        remove(name)
        headers.append((name, value))
    }

    fileprivate mutating func replace(_ part: String, _ other: String) {
        guard let text = header("authorization"), let range = text.firstRange(of: part) else { return }
        set("authorization", text.replacingCharacters(in: range, with: other))
    }

    fileprivate mutating func truncateAuthorization(by count: Int) {
        guard let text = header("authorization") else { return }
        set("authorization", String(text.dropLast(count)))
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<Index>, with other: String) -> String {
        String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
    }
}

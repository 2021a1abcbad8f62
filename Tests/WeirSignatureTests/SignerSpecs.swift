import Crypto
import Testing

@testable import WeirSignature

@Suite("Requests are signed as AWS signs them")
struct SignerSpecs {
    @Test(arguments: Row.all)
    func `Signature`(_ row: Row) throws {
        let signed = row.signed
        let expected =
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\(signed.header("x-amz-date")?.prefix(8) ?? "")/\(row.region)/"
            + "\(row.service)/aws4_request, SignedHeaders=\(row.signedHeaders), Signature=\(row.signature)"
        #expect(signed.header("authorization") == expected)
        #expect(signed.header("x-amz-security-token") == row.token)
    }

    @Test("The published example: IAM ListUsers on 30 August 2015")
    func publishedExample() {
        let request = SignableRequest(
            method: "GET", path: "/", query: "Action=ListUsers&Version=2010-05-08",
            headers: [
                ("Host", "iam.amazonaws.com"), ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
            ])
        let signer = Signer(
            credentials: Credentials(accessKeyID: Row.accessKeyID, secretAccessKey: Row.secret), region: "us-east-1",
            service: "iam")
        let signature = "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
        let signed = signer.sign(request, at: 1_440_938_160_000)
        #expect(signed.header("authorization")?.hasSuffix("Signature=\(signature)") == true)
        #expect(signed.header("x-amz-date") == "20150830T123600Z")
    }

    @Test("The published example of a derived signing key")
    func publishedKey() {
        let scope = CredentialScope(day: "20150830", region: "us-east-1", service: "iam")
        let key = SigningKey.derive(secret: Row.secret, scope: scope)
        let digits = key.withUnsafeBytes { String(decoding: Bytes.hex($0), as: UTF8.self) }
        #expect(digits == "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9")
    }

    @Test("Signing again replaces the former signature, and leaves what proxies change unsigned")
    func signingTwice() throws {
        let row = try #require(Row.all.first)
        var once = row.signed
        once.headers.append(("User-Agent", "weir"))
        let twice = row.signer.sign(once, at: row.at)
        #expect(twice.headers.count == once.headers.count)
        #expect(twice.header("authorization") == row.signed.header("authorization"))
    }
}

extension Row {
    var request: SignableRequest {
        SignableRequest(method: method, path: path, query: query, headers: headers, body: Array(body.utf8))
    }

    var signer: Signer {
        Signer(
            credentials: Credentials(accessKeyID: Self.accessKeyID, secretAccessKey: Self.secret, sessionToken: token),
            region: region, service: service)
    }

    var signed: SignableRequest { signer.sign(request, at: at) }
}

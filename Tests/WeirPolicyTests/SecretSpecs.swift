import Testing

@testable import WeirPolicy

@Suite("References to secrets")
struct SecretSpecs {
    static let environment = ["TOKEN": "s3cret", "USER": "weir", "EMPTY": ""]
    static let files = ["/run/secrets/key": "from a file\n", "/run/secrets/two": "two\n\n"]

    private func resolve(_ text: String) throws(SecretFailure) -> String {
        let options = Options(values: [.init(name: "url", value: .text(text))], secretFields: ["url"])
        let resolved = try options.resolvingSecrets(environment: Self.environment) { Self.files[$0] }
        return resolved.text("url") ?? ""
    }

    @Test(
        "What stands for what",
        arguments: [
            ("plain", "plain", "nothing refers to anything"),
            ("${TOKEN}", "s3cret", "a variable"),
            ("${EMPTY}", "", "an empty variable is set"),
            ("Bearer ${TOKEN}", "Bearer s3cret", "a variable in a text"),
            ("${USER}:${TOKEN}@", "weir:s3cret@", "two variables"),
            ("$${TOKEN}", "${TOKEN}", "a dollar sign more keeps it as it is"),
            ("$TOKEN", "$TOKEN", "without braces it is plain text"),
            ("a$", "a$", "a dollar sign at the end"),
            ("file:/run/secrets/key", "from a file", "one line break at the end of a file is not part of the secret"),
            ("file:/run/secrets/two", "two\n", "only one"),
            ("see file:/run/secrets/key", "see file:/run/secrets/key", "a file is the whole text, or it is none"),
        ])
    func resolves(_ text: String, _ value: String, because: String) throws {
        #expect(try resolve(text) == value, "\(because)")
    }

    @Test(
        "What cannot be resolved says which reference, and no value",
        arguments: [
            ("${USER}${MISSING}", SecretFailure.Cause.variableNotSet("MISSING")),
            ("file:/run/secrets/none", .fileNotReadable("/run/secrets/none")),
            ("${", .notAReference),
            ("file:relative", .notAReference),
        ])
    func fails(_ text: String, _ cause: SecretFailure.Cause) {
        #expect(throws: SecretFailure(field: "url", cause: cause)) { try resolve(text) }
        #expect(!SecretFailure(field: "url", cause: cause).sentence.contains("weir:"))
    }

    @Test("Only fields that may hold secrets are resolved, also inside maps and lists")
    func onlySecretFields() throws {
        let options = Options(
            values: [
                .init(name: "command", value: .list([.text("echo ${TOKEN}")])),
                .init(name: "environment", value: .map([.init(name: "A", value: .text("${TOKEN}"))])),
                .init(name: "arguments", value: .list([.text("${USER}"), .text("b")])),
                .init(name: "count", value: .integer(3)),
            ], secretFields: ["environment", "arguments", "count"])
        let resolved = try options.resolvingSecrets(environment: Self.environment) { _ in nil }
        #expect(resolved.texts("command") == ["echo ${TOKEN}"])
        #expect(resolved.textMap("environment").map(\.value) == ["s3cret"])
        #expect(resolved.texts("arguments") == ["weir", "b"])
        #expect(resolved.integer("count") == 3)
    }

    @Test("In a map the failure names the variable")
    func namesTheVariable() {
        let options = Options(
            values: [.init(name: "environment", value: .map([.init(name: "API", value: .text("${NONE}"))]))],
            secretFields: ["environment"])
        #expect(throws: SecretFailure(field: "environment.API", cause: .variableNotSet("NONE"))) {
            try options.resolvingSecrets(environment: [:]) { _ in nil }
        }
    }

    @Test("Reading a file resolves nothing, and marks which fields hold references")
    func readingResolvesNothing() throws {
        let result = reader.read(
            text: smallest().replacing("emails:1", with: "{ image: x, environment: { A: \"${NOT_SET_ANYWHERE}\" } }"),
            path: "x")
        let options = try #require(result.files.first?.launcher.options)
        #expect(options.textMap("environment").map(\.value) == ["${NOT_SET_ANYWHERE}"])
        #expect(options.secretFields == ["environment"])
    }

    @Test(
        "Shown or not",
        arguments: [
            ("API_TOKEN", "hunter2", "***"), ("password", "hunter2", "***"), ("AWS_SECRET_ACCESS_KEY", "AKIA", "***"),
            ("API_TOKEN", "${API_TOKEN}", "${API_TOKEN}"), ("API_TOKEN", "file:/run/t", "file:/run/t"),
            ("Authorization", "Bearer ${T}", "Bearer ${T}"), ("API_TOKEN", "h2${T}", "***"),
            ("LOG_LEVEL", "info", "info"), ("PGPASSWD", "hunter2", "***"), ("PASSPHRASE", "zzz", "***"),
            ("DB_PWD", "hunter2", "***"), ("CREDENTIALS", "a", "***"), ("Cookie", "session=topsecret", "***"),
            ("session_id", "a", "***"), ("BASIC_AUTH", "u:p", "***"), ("PROXY_AUTH", "${AUTH}", "${AUTH}"),
            ("DATABASE_URL", "postgres://u:hunter2@h/db", "postgres://***@h/db"),
            ("url", "https://user:hunter2@h:8/x?token=abc&page=2", "https://***@h:8/x?token=***&page=***"),
            ("url", "https://h:8080/x", "https://h:8080/x"), ("url", "https://[::1]:80/", "https://[::1]:80/"),
            ("url", "https://h/x?abc", "https://h/x?***"), ("url", "https://h/x#abc", "https://h/x#***"),
            ("url", "https://${USER}:${PASS}@h/?token=${T}", "https://${USER}:${PASS}@h/?token=${T}"),
            ("url", "https://u:h2${PASS}@h/", "https://***@h/"),
            ("A", "redis://:hun/ter2@h redis://u:hunt?er2@h", "redis://***@h redis://***?***"),
            ("A", "amqp://u:p@ss@h/", "amqp://***@h/"),
            ("A", "psql 'postgres://u:p@h/d' -c x", "psql 'postgres://***@h/d' -c x"),
            ("A", "://", "://"), ("A", "a://@?", "a://@?"), ("A", "", ""),
        ])
    func shown(_ name: String, _ value: String, _ shown: String) {
        #expect(SecretMask.shown(value, of: name) == shown)
    }

    @Test(
        "A line that is shown hides values after secret-sounding names and keeps its columns",
        arguments: [
            ("API_TOKEN: hunter2", "API_TOKEN: *******"),
            ("  { A: b, PASSWORD: \"p w\", C: d }", "  { A: b, PASSWORD: \"***\", C: d }"),
            ("API_TOKEN: ${T}", "API_TOKEN: ${T}"),
            ("  - API_KEY=abc", "  - API_KEY=***"),
            ("\"SECRET\" : 'x'", "\"SECRET\" : '*'"),
            ("TOKEN:", "TOKEN:"),
            ("max_size: 5", "max_size: 5"),
            ("TOKEN: { A: b }, KEY: c }", "TOKEN: *******}, KEY: **}"),
            ("{ http: \"https://u:p@h/?t=ab\", a: b }", "{ http: \"https://***@h/?t=**\", a: b }"),
            ("{ A: http://h:80, Cookie: s=1 }", "{ A: http://h:80, Cookie: ****}"),
            ("{ DATABASE_URL: postgres://u:p@h/d, b: c }", "{ DATABASE_URL: postgres://***@h/d, b: c }"),
            ("url: https://${U}:${P}@h/", "url: https://${U}:${P}@h/"),
        ])
    func hidden(_ line: String, _ shown: String) {
        #expect(SecretMask.hidden(inLine: line) == shown)
        #expect(shown.count == line.count)
    }
}

import Foundation
import Testing
import WeirSignature

@testable import WeirBackends

@Suite("AWS credentials and regions")
struct AWSProfileSpecs {
    private static let credentials = """
        # keys of people
        [default]
        aws_access_key_id = DEFAULT
        aws_secret_access_key = default/secret==
        region = from-credentials

        [media]
        aws_access_key_id=MEDIA
        aws_secret_access_key=media-secret
        aws_session_token = a=b;c#d
        [half]
        aws_access_key_id = HALF
        [both]
        aws_access_key_id = FIRST
        aws_secret_access_key = first
        """

    private static let config = """
        [default]
        region = eu-west-1
        s3 =
          max_concurrent_requests = 20
          region = nested
        [profile media]
        region=eu-central-1
        ; a profile with its keys here
        [ profile   "elsewhere" ]
        aws_access_key_id = ELSEWHERE
        aws_secret_access_key = elsewhere-secret
        [profile both]
        aws_access_key_id = SECOND
        aws_secret_access_key = second
        [media]
        aws_access_key_id = WRONG
        aws_secret_access_key = wrong
        """

    private static let files = AWSProfile.Files(credentials: INIFile(credentials), config: INIFile(config))
    private static let keys = ["AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "env-secret"]

    @Test(
        "credentials come from where the AWS tools take them",
        arguments: [
            (nil, keys, "ENV", "env-secret", nil, "the environment comes first"),
            (nil, keys.merging(["AWS_PROFILE": "media"]) { $1 }, "ENV", "env-secret", nil, "also before AWS_PROFILE"),
            (nil, keys.merging(["AWS_SESSION_TOKEN": "t"]) { $1 }, "ENV", "env-secret", "t", "with its token"),
            ("media", keys, "MEDIA", "media-secret", "a=b;c#d", "but who names a profile wants it"),
            (nil, [:], "DEFAULT", "default/secret==", nil, "the default profile"),
            (nil, ["AWS_SECRET_ACCESS_KEY": "s"], "DEFAULT", "default/secret==", nil, "a secret alone is none"),
            (
                nil, ["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""], "DEFAULT", "default/secret==", nil,
                "nor are empty ones"
            ),
            (nil, ["AWS_PROFILE": "media"], "MEDIA", "media-secret", "a=b;c#d", "the profile of the environment"),
            (nil, ["AWS_DEFAULT_PROFILE": "media"], "MEDIA", "media-secret", "a=b;c#d", "its older name"),
            (nil, ["AWS_PROFILE": "elsewhere"], "ELSEWHERE", "elsewhere-secret", nil, "keys in the config file"),
            ("both", [:], "FIRST", "first", nil, "the credentials file comes before the config file"),
        ] as [(String?, [String: String], String, String, String?, String)])
    func found(
        _ named: String?, _ environment: [String: String], _ id: String, _ secret: String, _ token: String?,
        because: String
    ) throws {
        let credentials = try AWSProfile.credentials(named: named, environment: environment, files: Self.files)
        #expect(credentials == Credentials(accessKeyID: id, secretAccessKey: secret, sessionToken: token), "\(because)")
    }

    /// Each of these is another identity for the AWS tools than the keys beside it.
    private static let fetched = AWSProfile.Files(
        credentials: INIFile(
            """
            [role]
            role_arn = arn:aws:iam::1:role/x
            source_profile = keys
            aws_access_key_id = BARE
            aws_secret_access_key = bare
            [sso]
            aws_access_key_id = BARE
            aws_secret_access_key = bare
            [process]
            aws_access_key_id = FIRST
            aws_secret_access_key = first
            """),
        config: INIFile(
            """
            [profile process]
            credential_process = /bin/true
            [profile late]
            credential_process = /bin/true
            aws_access_key_id = LATE
            aws_secret_access_key = late
            [profile sso]
            sso_session = work
            sso_account_id = 1
            sso_role_name = r
            [profile session]
            sso_session = work
            [profile web]
            role_arn = arn:aws:iam::1:role/x
            web_identity_token_file = /token
            [profile default]
            region = eu-north-1
            aws_access_key_id = WRITTEN
            aws_secret_access_key = in full
            [default]
            aws_access_key_id = SHORT
            aws_secret_access_key = short
            """))

    @Test(
        "credentials that have to be fetched are refused where the AWS tools would fetch them, not replaced by others",
        arguments: [
            ("role", [:], "'role_arn' in the profile 'role'", "before the keys beside it"),
            ("web", [:], "'role_arn' in the profile 'web'", "a role by web identity"),
            ("sso", [:], "'sso_account_id' in the profile 'sso'", "before the keys in the other file"),
            ("session", [:], "'sso_session' in the profile 'session'", "single sign-on that says no account"),
            ("late", [:], "'credential_process' in the profile 'late'", "before keys in the config file"),
            (nil, ["AWS_WEB_IDENTITY_TOKEN_FILE": "/t"], "'AWS_WEB_IDENTITY_TOKEN_FILE'", "before the profile"),
            (nil, ["AWS_PROFILE": "role"], "'role_arn' in the profile 'role'", "the profile of the environment"),
            (
                "nobody", ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://h"], "'AWS_CONTAINER_CREDENTIALS_FULL_URI'",
                "when nothing else is there"
            ),
            (
                "nobody", ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/c"], "'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'",
                "on ECS"
            ),
        ] as [(String?, [String: String], String, String)])
    func notSupported(_ named: String?, _ environment: [String: String], _ what: String, because: String) {
        let failure = #expect(throws: SQSFailure.self) {
            try AWSProfile.credentials(named: named, environment: environment, files: Self.fetched)
        }
        #expect(
            failure?.sentence.hasPrefix("no AWS credentials: \(what) is set, but not supported yet") == true,
            "\(because): \(failure?.sentence ?? "")")
    }

    @Test(
        "what the AWS tools would not fetch is no hindrance",
        arguments: [
            ("process", [:], "FIRST", "keys in the credentials file come before a credential process"),
            (nil, keys.merging(["AWS_WEB_IDENTITY_TOKEN_FILE": "/t"]) { $1 }, "ENV", "the environment comes first"),
            ("process", ["AWS_WEB_IDENTITY_TOKEN_FILE": "/t"], "FIRST", "who names a profile wants that one"),
            (nil, ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://h"], "WRITTEN", "a container's come last"),
            (nil, [:], "WRITTEN", "[profile default] is the default profile, before [default]"),
        ] as [(String?, [String: String], String, String)])
    func notFetched(_ named: String?, _ environment: [String: String], _ id: String, because: String) throws {
        let credentials = try AWSProfile.credentials(named: named, environment: environment, files: Self.fetched)
        #expect(credentials.accessKeyID == id, "\(because)")
        #expect(AWSProfile.region(named: "default", environment: [:], files: Self.fetched) == "eu-north-1")
    }

    @Test(
        "half a pair of keys is refused, for the other places are another identity",
        arguments: [
            (nil, ["AWS_ACCESS_KEY_ID": "ENV"], "'AWS_ACCESS_KEY_ID' is set, but 'AWS_SECRET_ACCESS_KEY' is not"),
            (
                "half", [:],
                "'aws_access_key_id' in the profile 'half' is set, but 'aws_secret_access_key' is not"
            ),
        ] as [(String?, [String: String], String)])
    func half(_ named: String?, _ environment: [String: String], _ sentence: String) {
        let failure = #expect(throws: SQSFailure.self) {
            try AWSProfile.credentials(named: named, environment: environment, files: Self.files)
        }
        #expect(failure?.sentence == "no AWS credentials: \(sentence)")
    }

    @Test("credentials that are nowhere are missed with all places where they were looked for")
    func missing() {
        let profile = "nobody"
        let failure = #expect(throws: SQSFailure.self) {
            try AWSProfile.credentials(named: profile, environment: ["HOME": "/h"], files: Self.files)
        }
        #expect(
            failure?.sentence
                == "no AWS credentials: neither AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY nor the profile "
                + "'\(profile)' in /h/.aws/credentials or /h/.aws/config")
    }

    @Test(
        "regions come from where the AWS tools take them",
        arguments: [
            (nil, ["AWS_REGION": "a", "AWS_DEFAULT_REGION": "b"], "a"), (nil, ["AWS_DEFAULT_REGION": "b"], "b"),
            (nil, [:], "eu-west-1"), ("media", [:], "eu-central-1"), ("nobody", [:], nil),
        ] as [(String?, [String: String], String?)])
    func regions(_ named: String?, _ environment: [String: String], _ expected: String?) {
        #expect(AWSProfile.region(named: named, environment: environment, files: Self.files) == expected)
    }

    @Test("the files are where the environment says, and are read again when they have changed")
    func files() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/keys"
        let profile = AWSProfile(
            named: nil, environment: ["AWS_SHARED_CREDENTIALS_FILE": path, "AWS_CONFIG_FILE": "/nowhere", "HOME": "/"])
        #expect(throws: SQSFailure.self) { try profile.credentials() }
        for (id, token) in [("ONE", "first"), ("TWO", "second, which is longer")] {
            try """
            [default]
            aws_access_key_id = \(id)
            aws_secret_access_key = s
            aws_session_token = \(token)
            """.write(toFile: path, atomically: true, encoding: .utf8)
            #expect(try profile.credentials().accessKeyID == id)
            #expect(try profile.credentials().sessionToken == token)
        }
        try FileManager.default.removeItem(atPath: path)
        #expect(throws: SQSFailure.self) { try profile.credentials() }
    }

    @Test("anything can be read as such a file, and gives what can be made of it")
    func strange() {
        #expect(INIFile("") == INIFile("no section = x\n[open\nstill = none"))
        #expect(INIFile("[a]\nX = 1\nx=2\r\n=3\nnothing\n[]\ny=4").value("x", in: "a") == "2")
        #expect(INIFile("[a]\nx = \n").value("x", in: "a")?.isEmpty == true)
        #expect(!INIFile("#[a]\nx=1").has("a"))
    }
}

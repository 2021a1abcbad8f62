import Glibc
import Synchronization
import WeirSignature

/// Credentials and region as the AWS tools find them: the environment, `~/.aws/credentials`, `~/.aws/config`. The files
/// are read again when they have changed, so that a renewed session token is picked up.
///
/// Credentials that have to be fetched first (single sign-on, roles, credential processes, instance metadata) are not
/// supported. Where the AWS tools would fetch some before they come to the keys that are found here, these are not taken:
/// they are another identity. The order is that of botocore, `create_credential_resolver`.
final class AWSProfile: Sendable {
    struct Files: Sendable, Equatable {
        var credentials: INIFile
        var config: INIFile
    }

    private let environment: [String: String]
    /// The profile that the policy file names.
    private let named: String?
    private let cache = Mutex<(stamp: [Stamp?], files: Files)?>(nil)

    init(named: String?, environment: [String: String]) {
        self.named = named
        self.environment = environment
    }

    /// May wait for a disk.
    func credentials() throws(SQSFailure) -> Credentials {
        try Self.credentials(named: named, environment: environment, files: files())
    }

    /// May wait for a disk.
    func region() -> String? {
        Self.region(named: named, environment: environment, files: files())
    }

    // MARK: The rules, without a disk

    /// The environment's credentials, unless the policy file names a profile: who names one wants that one.
    static func credentials(
        named: String?, environment: [String: String], files: Files
    ) throws(SQSFailure) -> Credentials {
        if named == nil, let credentials = try credentials(in: environment) { return credentials }
        let profile = Profile(profile(named: named, environment: environment), files)
        try profile.refuse(fetchedFirst)
        if let credentials = try profile.credentials(in: profile.credentialsFile) { return credentials }
        try profile.refuse(fetchedBeforeConfig)
        if let credentials = try profile.credentials(in: profile.configFile) { return credentials }
        try profile.refuse(fetchedLast)
        for variable in fetchedInContainers where environment.filled(variable) != nil {
            throw .notSupported(variable, profile: nil)
        }
        throw .noCredentials(profile: profile.name, paths: paths(environment))
    }

    /// Nil: there are none, and nothing that says how to fetch them first.
    private static func credentials(in environment: [String: String]) throws(SQSFailure) -> Credentials? {
        if let id = environment.filled("AWS_ACCESS_KEY_ID") {
            guard let secret = environment.filled("AWS_SECRET_ACCESS_KEY") else {
                throw .halfCredentials(has: "AWS_ACCESS_KEY_ID", lacks: "AWS_SECRET_ACCESS_KEY", profile: nil)
            }
            return Credentials(
                accessKeyID: id, secretAccessKey: secret, sessionToken: environment.filled("AWS_SESSION_TOKEN"))
        }
        // Set in a pod of EKS with a role of its own.
        let webIdentity = "AWS_WEB_IDENTITY_TOKEN_FILE"
        if environment.filled(webIdentity) != nil { throw .notSupported(webIdentity, profile: nil) }
        return nil
    }

    /// Keys of a profile that come before all its keys for signing: a role to take, an account of single sign-on.
    private static let fetchedFirst = ["role_arn", "web_identity_token_file", "sso_account_id", "sso_role_name"]
    /// Those after the credentials file and before the config file.
    private static let fetchedBeforeConfig = ["login_session", "credential_process"]
    /// Those that say how to fetch some, and not enough.
    private static let fetchedLast = ["sso_session", "sso_start_url", "credential_source"]
    /// What ECS and EKS set in a container. What instance metadata would give is announced by nothing.
    private static let fetchedInContainers = [
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    ]

    /// What the two files say about one profile.
    private struct Profile {
        let name: String
        let credentialsFile: [String: String]
        let configFile: [String: String]

        init(_ name: String, _ files: Files) {
            self.name = name
            credentialsFile = files.credentials.section(name)
            configFile = files.config.section(configSection(name, files.config))
        }

        /// Nil: there are none. Both keys must come from one file.
        func credentials(in file: [String: String]) throws(SQSFailure) -> Credentials? {
            let (idKey, secretKey) = ("aws_access_key_id", "aws_secret_access_key")
            guard let id = file.filled(idKey) else { return nil }
            guard let secret = file.filled(secretKey) else {
                throw .halfCredentials(has: idKey, lacks: secretKey, profile: name)
            }
            return Credentials(
                accessKeyID: id, secretAccessKey: secret, sessionToken: file.filled("aws_session_token"))
        }

        func refuse(_ keys: [String]) throws(SQSFailure) {
            for key in keys where credentialsFile.filled(key) != nil || configFile.filled(key) != nil {
                throw .notSupported(key, profile: name)
            }
        }
    }

    static func region(named: String?, environment: [String: String], files: Files) -> String? {
        let profile = profile(named: named, environment: environment)
        return environment.filled("AWS_REGION") ?? environment.filled("AWS_DEFAULT_REGION")
            ?? files.config.value("region", in: configSection(profile, files.config))
            ?? files.credentials.value("region", in: profile)
    }

    static func profile(named: String?, environment: [String: String]) -> String {
        named ?? environment.filled("AWS_PROFILE") ?? environment.filled("AWS_DEFAULT_PROFILE") ?? "default"
    }

    /// The config file writes `[profile x]`, but `[default]`; `[profile default]` is taken as well.
    private static func configSection(_ profile: String, _ config: INIFile) -> String {
        let section = "profile \(profile)"
        return profile == "default" && !config.has(section) ? profile : section
    }

    /// Of the credentials file and the config file.
    static func paths(_ environment: [String: String]) -> [String] {
        let home = environment.filled("HOME") ?? "/"
        return [
            environment.filled("AWS_SHARED_CREDENTIALS_FILE") ?? "\(home)/.aws/credentials",
            environment.filled("AWS_CONFIG_FILE") ?? "\(home)/.aws/config",
        ]
    }

    // MARK: The disk

    /// What changes when a file does.
    private struct Stamp: Equatable {
        var inode: UInt
        var sizeBytes: Int
        var seconds: Int
        var nanoseconds: Int
    }

    private func files() -> Files {
        let paths = Self.paths(environment)
        return cache.withLock { cache in
            let stamps = paths.map(Self.stamp)
            if let cache, cache.stamp == stamps { return cache.files }
            let files = Files(credentials: Self.read(paths[0]), config: Self.read(paths[1]))
            cache = (stamps, files)
            return files
        }
    }

    private static func stamp(_ path: String) -> Stamp? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Stamp(
            inode: status.st_ino, sizeBytes: Int(status.st_size), seconds: status.st_mtim.tv_sec,
            nanoseconds: status.st_mtim.tv_nsec)
    }

    /// A file that is not there says nothing.
    private static func read(_ path: String) -> INIFile {
        INIFile(String(decoding: WeirBackends.Files.start(of: path, limit: SQSLimits.fileBytes) ?? [], as: UTF8.self))
    }
}

extension [String: String] {
    /// The variable's value; nil also when it is set to nothing.
    func filled(_ name: String) -> String? {
        self[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}

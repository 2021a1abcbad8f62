import Glibc
import Synchronization
import WeirSignature

/// Credentials and region as the AWS tools find them: the environment, `~/.aws/credentials`, `~/.aws/config`. The files
/// are read again when they have changed, so that a renewed session token is picked up.
///
/// Credentials that have to be fetched first (single sign-on, roles, credential processes, instance metadata) are not
/// supported.
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
        if named == nil, let id = environment.filled("AWS_ACCESS_KEY_ID"),
            let secret = environment.filled("AWS_SECRET_ACCESS_KEY")
        {
            return Credentials(
                accessKeyID: id, secretAccessKey: secret, sessionToken: environment.filled("AWS_SESSION_TOKEN"))
        }
        let profile = profile(named: named, environment: environment)
        // The credentials file comes first, as in the AWS tools; both keys must come from one place.
        for (file, section) in [(files.credentials, profile), (files.config, configSection(profile))] {
            guard let id = file.value("aws_access_key_id", in: section),
                let secret = file.value("aws_secret_access_key", in: section)
            else { continue }
            return Credentials(
                accessKeyID: id, secretAccessKey: secret, sessionToken: file.value("aws_session_token", in: section))
        }
        throw .noCredentials(profile: profile, paths: paths(environment))
    }

    static func region(named: String?, environment: [String: String], files: Files) -> String? {
        let profile = profile(named: named, environment: environment)
        return environment.filled("AWS_REGION") ?? environment.filled("AWS_DEFAULT_REGION")
            ?? files.config.value("region", in: configSection(profile))
            ?? files.credentials.value("region", in: profile)
    }

    static func profile(named: String?, environment: [String: String]) -> String {
        named ?? environment.filled("AWS_PROFILE") ?? environment.filled("AWS_DEFAULT_PROFILE") ?? "default"
    }

    private static func configSection(_ profile: String) -> String {
        profile == "default" ? profile : "profile \(profile)"
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

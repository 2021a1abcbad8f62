import FoundationEssentials
import Glibc
import WeirRuntime
import WeirSignature

/// What senders sign with: made once and kept in the state folder as a credentials file that AWS's tools read.
enum AccountCredentials {
    /// Reads the file, and makes it (mode 0600) when it is not there.
    static func remembered(in folder: StateFolder) throws -> Credentials {
        if let credentials = try? read(folder.credentials) { return credentials }
        guard access(folder.credentials, F_OK) != 0 else {
            throw Failure.world(
                "\(folder.credentials) does not hold aws_access_key_id and aws_secret_access_key; "
                    + "correct it, or remove it and weir makes a new one")
        }
        let made = Credentials(
            accessKeyID: "WEIRACCOUNT" + random(9, of: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
            secretAccessKey: random(40, of: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"))
        let text = """
            # What senders to weir's queue sign their requests with.
            # AWS_SHARED_CREDENTIALS_FILE=\(folder.credentials)
            [default]
            aws_access_key_id = \(made.accessKeyID)
            aws_secret_access_key = \(made.secretAccessKey)

            """
        try folder.writePrivately(text, to: folder.credentials)
        return made
    }

    static func read(_ path: String) throws(Failure) -> Credentials {
        guard let text = try? String(contentsOf: URL(filePath: path), encoding: .utf8) else {
            throw .world("cannot read \(path): \(String(cString: strerror(errno)))")
        }
        func value(_ key: String) -> String? {
            for line in text.split(separator: "\n") {
                let parts = line.split(separator: "=", maxSplits: 1)
                guard parts.count == 2, parts[0].trimmingSpaces == key else { continue }
                return parts[1].trimmingSpaces
            }
            return nil
        }
        guard let key = value("aws_access_key_id"), let secret = value("aws_secret_access_key") else {
            throw .world("\(path) holds no credentials")
        }
        return Credentials(accessKeyID: key, secretAccessKey: secret)
    }

    private static func random(_ count: Int, of alphabet: String) -> String {
        var generator = SystemRandomNumberGenerator()
        let letters = Array(alphabet)
        return String((0..<count).map { _ in letters[Int.random(in: 0..<letters.count, using: &generator)] })
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" || $0 == "\r" }.reversed())
    }
}

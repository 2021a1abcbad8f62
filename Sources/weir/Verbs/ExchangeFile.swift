import FoundationEssentials
import Glibc

/// Files of other tools, as the verbs that exchange policies read them.
enum ExchangeFile {
    /// The text of a file; `-` is the standard input.
    static func text(_ path: String) throws(Failure) -> String {
        let bytes: Data
        if path == "-" {
            bytes = standardInput()
        } else {
            do {
                bytes = try Data(contentsOf: URL(filePath: path))
            } catch {
                throw .world("cannot read \(path): \(String(cString: strerror(errno)))")
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .mistake("\(path) is not text in UTF-8")
        }
        return text
    }

    /// What remarks call them: without their folders, unless two would be called the same.
    static func names(_ paths: [String]) -> [String] {
        let names = paths.map { path in
            path == "-" ? "stdin" : path.split(separator: "/").last.map(String.init) ?? path
        }
        return Set(names).count == names.count ? names : paths
    }

    private static func standardInput() -> Data {
        var data = Data()
        var part = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(STDIN_FILENO, &part, part.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return data }
            data.append(contentsOf: part[..<count])
        }
    }

    /// A folder that is there, or a name that says that it is to be one.
    static func isFolder(_ path: String) -> Bool {
        var entry = stat()
        return path.hasSuffix("/") || stat(path, &entry) == 0 && entry.st_mode & S_IFMT == S_IFDIR
    }
}

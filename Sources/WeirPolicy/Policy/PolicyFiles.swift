import Foundation

/// From the paths that a person names to texts.
enum PolicyFiles {
    struct Listing {
        var paths: [String] = []
        var diagnostics: [Diagnostic] = []
    }

    struct Failure: Error {
        var diagnostic: Diagnostic
    }

    /// Every file once, also when it is named twice or lies in a folder that is named too.
    static func list(_ paths: [String]) -> Listing {
        var listing = Listing()
        var seen: Set<String> = []
        for path in paths {
            switch files(at: path) {
            case .success(let found):
                for file in found where seen.insert(canonical(file)).inserted { listing.paths.append(file) }
            case .failure(let failure):
                listing.diagnostics.append(failure.diagnostic)
            }
        }
        return listing
    }

    static func text(of path: String) -> Result<String, Failure> {
        let bytes: [UInt8]
        do {
            bytes = try RegularFile.start(of: path, limit: Limits.largestFileBytes + 1)
        } catch {
            return .failure(failure(path, error.message, hint: error.hint))
        }
        guard bytes.count <= Limits.largestFileBytes else {
            return .failure(
                failure(
                    path, "the file is too large",
                    hint: "expected at most \(Quantity.text(sizeBytes: Limits.largestFileBytes))"))
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return .failure(failure(path, "the file is not text in UTF-8", hint: "expected a policy file"))
        }
        return .success(text)
    }

    /// A path that is no folder is taken as a file; what is wrong with it is told when it is read.
    private static func files(at path: String) -> Result<[String], Failure> {
        guard isFolder(path) else { return .success([path]) }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            return .failure(Failure(diagnostic: unreadable(folder: path)))
        }
        // Stories stand beside their policies, and are for weir test.
        let found = names.filter {
            !$0.hasPrefix(".") && ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml")) && !StoryFiles.isStories($0)
        }.sorted()
        guard !found.isEmpty else {
            return .failure(
                failure(path, "the folder holds no policy files", hint: "expected files named *.yaml or *.yml"))
        }
        guard found.count <= Limits.mostFilesInFolder else {
            return .failure(
                failure(path, "the folder holds too many files", hint: "expected at most \(Limits.mostFilesInFolder)"))
        }
        let folder = path.hasSuffix("/") ? String(path.dropLast()) : path
        return .success(found.map { "\(folder)/\($0)" })
    }

    static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    static func unreadable(folder path: String) -> Diagnostic {
        failure(path, "the folder cannot be read", hint: "expected a folder that weir may read").diagnostic
    }

    /// The other policy files of its folder.
    static func beside(_ path: String) -> [String] {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let folder = parts.count > 1 ? parts.dropLast().joined(separator: "/") + "/" : "."
        guard case .success(let found) = files(at: folder) else { return [] }
        return found.filter { canonical($0) != canonical(path) }
    }

    /// One name for a file, however it is written.
    static func canonical(_ path: String) -> String {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
    }

    private static func failure(_ path: String, _ message: String, hint: String? = nil) -> Failure {
        Failure(diagnostic: Diagnostic(severity: .error, path: path, place: nil, message: message, hint: hint))
    }
}

import Foundation

/// The files of a folder and of all folders below it.
struct FolderTree {
    /// Folders that cannot be read.
    private(set) var diagnostics: [Diagnostic] = []
    /// By the paths that they have without links, so that one that links to a folder above it is not walked through for ever.
    private var seen: Set<String> = []

    /// Those of a folder, sorted, and then those of each folder in it. Hidden ones are left out.
    mutating func files(below path: String, endingIn endings: [String]) -> [String] {
        guard seen.insert(PolicyFiles.canonical(path)).inserted else { return [] }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            diagnostics.append(PolicyFiles.unreadable(folder: path))
            return []
        }
        let folder = path.hasSuffix("/") ? String(path.dropLast()) : path
        let paths = names.filter { !$0.hasPrefix(".") }.sorted().map { "\(folder)/\($0)" }
        let folders = paths.filter(PolicyFiles.isFolder)
        var found = paths.filter { path in endings.contains(where: path.hasSuffix) && !folders.contains(path) }
        for folder in folders { found += files(below: folder, endingIn: endings) }
        return found
    }
}

import Glibc

/// Whether a program is there, before it is started.
struct ProgramSearch {
    /// The PATH that the program will see; nil: the system's own.
    var path: String?
    /// Where it will run; nil: where weir runs.
    var workingDirectory: String?

    /// - Parameter name: a path (with '/', relative to the working directory), or a name that is looked for in PATH.
    func finds(_ name: String) -> Bool {
        if name.contains("/") { return isProgram(inWorkingDirectory(name)) }
        let folders = (path ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":", omittingEmptySubsequences: false)
        return folders.contains { folder in
            isProgram(inWorkingDirectory((folder.isEmpty ? "." : folder) + "/" + name))
        }
    }

    private func inWorkingDirectory(_ path: String) -> String {
        guard let workingDirectory, !path.hasPrefix("/") else { return path }
        return "\(workingDirectory)/\(path)"
    }

    private func isProgram(_ path: String) -> Bool {
        access(path, X_OK) == 0 && !Files.isFolder(path)
    }
}

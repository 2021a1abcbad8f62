import Glibc

/// Small files and folders.
enum Files {
    /// Makes the folder and those above it; one that is there is fine.
    static func makeFolder(_ path: String) throws(SystemFailure) {
        if mkdir(path, FileMode.privateFolder) == 0 || (errno == EEXIST && isFolder(path)) { return }
        let code = errno
        guard code == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw SystemFailure("make the folder \(path)", code: code == EEXIST ? ENOTDIR : code)
        }
        try makeFolder(String(path[..<slash]))
        guard mkdir(path, FileMode.privateFolder) == 0 || (errno == EEXIST && isFolder(path)) else {
            throw SystemFailure("make the folder \(path)", code: errno)
        }
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The names in a folder, sorted; empty when there is no such folder.
    static func names(in folder: String) throws(SystemFailure) -> [String] {
        guard let listing = opendir(folder) else {
            if errno == ENOENT { return [] }
            throw SystemFailure("read the folder \(folder)", code: errno)
        }
        defer { closedir(listing) }
        var names: [String] = []
        while let entry = readdir(listing) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The first `limit` bytes of a file; nil when it cannot be read.
    static func start(of path: String, limit: Int) -> [UInt8]? {
        guard let file = try? Descriptor.open(path, O_RDONLY) else { return nil }
        var bytes: [UInt8] = []
        while bytes.count < limit, let more = try? file.read(upTo: limit - bytes.count), !more.isEmpty {
            bytes += more
        }
        return bytes
    }

    /// The last `limit` bytes of a file; nil when it cannot be read.
    static func end(of path: String, limit: Int) -> [UInt8]? {
        guard let file = try? Descriptor.open(path, O_RDONLY) else { return nil }
        let size = lseek(file.number, 0, SEEK_END)
        lseek(file.number, max(0, size - off_t(limit)), SEEK_SET)
        var bytes: [UInt8] = []
        while bytes.count < limit, let more = try? file.read(upTo: limit - bytes.count), !more.isEmpty {
            bytes += more
        }
        return bytes
    }

    /// Unit: bytes; nil when there is no such file.
    static func sizeBytes(of path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    /// Both are there and are the same file, whatever it is called.
    static func areSame(_ path: String, _ other: String) -> Bool {
        var (first, second) = (stat(), stat())
        guard stat(path, &first) == 0, stat(other, &second) == 0 else { return false }
        return first.st_dev == second.st_dev && first.st_ino == second.st_ino
    }

    /// How long ago a file was last written to, by the machine's clock; never negative. Nil when there is no such file.
    static func age(of path: String) -> Duration? {
        var (status, now) = (stat(), timespec())
        guard stat(path, &status) == 0, clock_gettime(CLOCK_REALTIME, &now) == 0 else { return nil }
        let seconds = Duration.seconds(now.tv_sec - status.st_mtim.tv_sec)
        return max(.zero, seconds + .nanoseconds(now.tv_nsec - status.st_mtim.tv_nsec))
    }

    /// Deletes a file; one that is not there is fine.
    static func delete(_ path: String) throws(SystemFailure) {
        guard unlink(path) == 0 || errno == ENOENT else { throw SystemFailure("delete \(path)", code: errno) }
    }

    /// Deletes an empty folder; one that is not there is fine.
    static func deleteFolder(_ path: String) throws(SystemFailure) {
        guard rmdir(path) == 0 || errno == ENOENT else { throw SystemFailure("delete \(path)", code: errno) }
    }
}

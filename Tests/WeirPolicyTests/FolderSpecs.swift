import Foundation
import Glibc
import Testing
import WeirCore

@testable import WeirPolicy

@Suite("Files and folders")
struct FolderSpecs {
    /// A folder with these files, removed when `body` is done.
    private func withFolder(_ files: [String: Data], _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("weir-policy-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, data) in files.sorted(by: { $0.key < $1.key }) {
            let url = folder.appendingPathComponent(name)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try data.write(to: url)
        }
        try body(folder.path)
    }

    private func text(_ name: String) -> Data {
        Data(smallest().replacing("group: emails", with: "group: \(name)").utf8)
    }

    @Test("A folder gives its .yaml and .yml files, sorted; what is hidden, deeper or something else stays out")
    func sorted() throws {
        let files = [
            "b.yaml": text("b"), "a.yml": text("a"), "c.yaml.bak": text("c"), ".d.yaml": text("d"),
            "e/e.yaml": text("e"),
        ]
        try withFolder(files) { folder in
            let result = reader.read(paths: [folder])
            #expect(result.text == "")
            #expect(result.files.map(\.group.name) == ["a", "b"])
            #expect(result.files.map(\.path) == ["\(folder)/a.yml", "\(folder)/b.yaml"])
        }
    }

    @Test("A file that is named twice, or lies in a folder that is named too, is read once")
    func once() throws {
        try withFolder(["a.yaml": text("a")]) { folder in
            let result = reader.read(paths: [
                folder + "/", "\(folder)/a.yaml", folder + "/../" + (folder as NSString).lastPathComponent,
            ])
            #expect(result.text == "")
            #expect(result.files.map(\.path) == ["\(folder)/a.yaml"])
        }
    }

    @Test("Two files with one group name: the second is told where the first is")
    func sameName() throws {
        try withFolder(["a.yaml": text("same"), "b.yaml": text("same"), "c.yaml": text("c")]) { folder in
            let result = reader.read(paths: [folder])
            #expect(
                result.text == """
                    \(folder)/b.yaml:1:8: error: there is another group 'same'
                        1 | group: same
                          |        ^^^^ first in \(folder)/a.yaml:1

                    """)
            #expect(result.files.map(\.group.name) == ["same", "c"])
        }
    }

    @Test("A name is taken also by a file that has other mistakes")
    func sameNameInBadFile() throws {
        let bad = Data(smallest("colour: blue").utf8)
        try withFolder(["a.yaml": bad, "b.yaml": Data(smallest().utf8)]) { folder in
            let result = reader.read(paths: [folder])
            #expect(result.diagnostics.map(\.message) == ["unknown key 'colour'", "there is another group 'emails'"])
            #expect(result.files.isEmpty)
        }
    }

    @Test("What cannot be read, in one list with everything else, sorted by file")
    func unreadable() throws {
        let files = [
            "a-latin.yaml": Data([0x67, 0x72, 0xFC, 0x6E]), "b-right.yaml": text("b"),
            "c-huge.yaml": Data(repeating: 0x23, count: (1 << 20) + 1), "none/readme.txt": Data(),
        ]
        try withFolder(files) { folder in
            let result = reader.read(paths: ["\(folder)/missing.yaml", "\(folder)/none", folder])
            let expected = """
                \(folder)/a-latin.yaml: error: the file is not text in UTF-8; expected a policy file
                \(folder)/c-huge.yaml: error: the file is too large; expected at most 1MiB
                \(folder)/missing.yaml: error: there is no such file or folder
                \(folder)/none: error: the folder holds no policy files; expected files named *.yaml or *.yml

                """
            #expect(result.text == expected)
            #expect(result.files.map(\.group.name) == ["b"])
        }
    }

    @Test("What is named as a file and is none, alone and in a folder; a pipe holds up nobody", .timeLimit(.minutes(1)))
    func noFiles() throws {
        try withFolder(["b.yaml": text("b"), "e.yaml/e.txt": Data()]) { folder in
            #expect(mkfifo("\(folder)/a.yaml", 0o600) == 0)
            #expect(symlink("nowhere.yaml", "\(folder)/c.yaml") == 0)
            #expect(symlink("d.yaml", "\(folder)/d.yaml") == 0)
            #expect(symlink("/dev/null", "\(folder)/f.yaml") == 0)
            #expect(symlink("b.yaml", "\(folder)/g.yaml") == 0)
            let expected = """
                \(folder)/a.yaml: error: this is a pipe; expected a policy file
                \(folder)/c.yaml: error: the link leads to a file that is not there; expected a link to a policy file
                \(folder)/d.yaml: error: the link leads in a circle; expected a link to a policy file
                \(folder)/e.yaml: error: this is a folder; expected a policy file
                \(folder)/f.yaml: error: this is a device; expected a policy file

                """
            let result = reader.read(paths: [folder])
            #expect(result.text == expected)
            #expect(result.files.map(\.group.name) == ["b"])
            let alone = ["a", "c", "d", "f"].map { reader.read(paths: ["\(folder)/\($0).yaml"]).text }
            let withoutFolder = expected.split(separator: "\n").filter { !$0.contains("e.yaml:") }
            #expect(alone == withoutFolder.map { $0 + "\n" })
        }
    }

    @Test("A socket is no file")
    func socket() throws {
        // The path of a socket is short.
        let path = "/tmp/weir-\(getpid()).yaml"
        let listening = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer {
            close(listening)
            unlink(path)
        }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listening, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(bound == 0)
        #expect(reader.read(paths: [path]).text == "\(path): error: this is a socket; expected a policy file\n")
    }

    @Test(
        "What the system says, for people",
        arguments: [
            (ENOENT, "there is no such file or folder"), (ENOTDIR, "there is no such file or folder"),
            (EACCES, "reading the file is not permitted"), (EPERM, "reading the file is not permitted"),
            (EIO, "the file cannot be read: Input/output error"),
        ])
    func sentences(_ code: CInt, _ message: String) {
        #expect(RegularFile.failure(code: code, at: "/none").message == message)
    }

    @Test("A file that may not be read", .enabled(if: geteuid() != 0))
    func notPermitted() throws {
        try withFolder(["a.yaml": text("a")]) { folder in
            #expect(chmod("\(folder)/a.yaml", 0) == 0)
            #expect(
                reader.read(paths: [folder]).text == """
                    \(folder)/a.yaml: error: reading the file is not permitted; expected a file that weir may read

                    """)
        }
    }

    @Test("A file of the largest size is still read")
    func largest() throws {
        var data = text("a")
        while data.count + 8 <= 1 << 20 { data.append(Data("# text\n".utf8)) }
        data.append(Data(repeating: UInt8(ascii: "#"), count: (1 << 20) - data.count))
        try withFolder(["a.yaml": data]) { folder in
            #expect(reader.read(paths: [folder]).text == "")
        }
    }
}

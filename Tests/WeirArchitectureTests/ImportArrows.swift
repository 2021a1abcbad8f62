import Foundation
import Testing

/// A room imports rooms on the floors below, never its neighbours, never upwards. The compiler does not hold a target to
/// the dependencies that it declares, so this reads the import lines.
@Suite("The arrows between rooms")
struct ImportArrows {
    /// What each room may import of ours and of others. `docs/architecture.md` says the same in words.
    static let allowed: [String: Set<String>] = [
        "WeirCore": ["Glibc"],
        "WeirSignature": ["Crypto", "Synchronization"],
        "WeirHTTP": ["CCurl", "Glibc", "Synchronization"],
        "WeirPlot": ["Glibc"],
        "WeirQueue": [
            "WeirCore", "CSQLite", "Foundation", "FoundationEssentials", "Glibc", "Synchronization", "Dispatch",
        ],
        "WeirPolicy": ["WeirCore", "Yams", "Foundation", "FoundationEssentials", "Glibc"],
        "WeirRuntime": ["WeirCore", "Logging", "FoundationEssentials", "Glibc", "Synchronization"],
        "WeirBackends": [
            "WeirCore", "WeirSignature", "WeirHTTP", "WeirQueue", "WeirPolicy", "WeirRuntime", "Logging", "Foundation",
            "FoundationEssentials", "Glibc", "Synchronization", "Dispatch",
        ],
        "WeirAPI": [
            "WeirCore", "WeirSignature", "WeirQueue", "WeirRuntime", "Crypto", "Foundation", "FoundationEssentials",
            "Glibc", "Logging", "NIOCore", "NIOHTTP1", "NIOPosix", "Synchronization",
        ],
        "weir": [
            "WeirCore", "WeirSignature", "WeirHTTP", "WeirQueue", "WeirPolicy", "WeirRuntime", "WeirBackends",
            "WeirAPI", "WeirSimulator", "WeirStories", "WeirSearch", "WeirPlot", "WeirExchange", "ArgumentParser",
            "Dispatch",
            "Foundation",
            "FoundationEssentials",
            "Glibc",
            "Logging",
            "Synchronization",
        ],
        "WeirSimulator": ["WeirCore", "Glibc"],
        "WeirSearch": ["WeirCore", "WeirPolicy", "WeirSimulator"],
        "WeirExchange": ["WeirCore", "WeirPolicy", "Yams"],
        "WeirStories": ["WeirCore", "WeirPolicy", "WeirSimulator"],
        "WeirStorm": ["WeirCore", "WeirRuntime", "FoundationEssentials", "Logging", "Synchronization"],
        "weir-storm": ["WeirStorm", "ArgumentParser", "Foundation", "Synchronization"],
    ]

    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test("every import is an arrow that the plan has", arguments: allowed.keys.sorted())
    func arrows(of room: String) throws {
        let permitted = try #require(Self.allowed[room])
        for file in try Self.swiftFiles(in: room) {
            for module in try Self.imports(of: file) {
                #expect(permitted.contains(module), "\(room)/\(file.lastPathComponent) imports \(module)")
            }
        }
    }

    @Test("every folder in Sources is a room of the plan, or a C library of the system")
    func noUnknownRooms() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.root.appending(path: "Sources").path)
        #expect(Set(folders) == Set(Self.allowed.keys).union(["CSQLite", "CCurl"]))
    }

    @Test("only one file of the runtime reads the clock")
    func oneClock() throws {
        let readers = try Self.swiftFiles(in: "WeirRuntime").filter { file in
            try String(contentsOf: file, encoding: .utf8).contains("clock_gettime")
        }
        #expect(readers.map(\.lastPathComponent) == ["SystemTime.swift"])
    }

    static func swiftFiles(in room: String) throws -> [URL] {
        let folder = root.appending(path: "Sources/\(room)")
        let all = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        let files = (all?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }
        try #require(!files.isEmpty, "\(room) has no source files where this test looks for them")
        return files.sorted { $0.path < $1.path }
    }

    /// The modules that a file names in its import lines, without attributes and access levels.
    static func imports(of file: URL) throws -> [String] {
        try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
            var words = line.split(separator: " ").map(String.init)
            while let first = words.first, first.hasPrefix("@") || ["public", "internal", "private"].contains(first) {
                words.removeFirst()
            }
            guard words.first == "import", words.count >= 2 else { return nil }
            let kinds = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
            let module = kinds.contains(words[1]) && words.count > 2 ? words[2] : words[1]
            return module.split(separator: ".").first.map(String.init)
        }
    }
}

import Foundation
import WeirCore
import WeirQueue

/// Kills a process that sends, at a random moment, and looks for every message that it had acknowledged.
struct Kill {
    let parent: String

    static let kills = 20
    static let callers = 16

    func run() async throws {
        let folder = "\(parent)/weir-queue-kill-\(UUID().uuidString)"
        var acknowledged: Set<String> = []
        for _ in 0..<Self.kills { acknowledged.formUnion(try killOnce(folder)) }
        let service = try QueueService(folder: folder, now: wallClock)
        var found: Set<String> = []
        while case let messages = try await service.receive(
            from: Speed.queue, count: 10, visibilityTimeout: nil, wait: .zero, receiver: nil), !messages.isEmpty
        {
            found.formUnion(messages.map(\.messageID))
            _ = try await service.delete(messages.map(\.receiptHandle), from: Speed.queue)
        }
        let missing = acknowledged.subtracting(found).count
        print("\(Self.kills) kills, \(acknowledged.count) acknowledged, \(found.count) found, \(missing) missing")
        await service.close()
        try FileManager.default.removeItem(atPath: folder)
        exit(missing == 0 ? 0 : 1)
    }

    /// - Returns: the ids that the child wrote down before it was killed.
    private func killOnce(_ folder: String) throws -> [String] {
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        child.arguments = ["send-until-killed", folder]
        let pipe = Pipe()
        child.standardOutput = pipe
        try child.run()
        let reader = pipe.fileHandleForReading
        // The first word says that it is sending; the kill comes after a random number of further bytes.
        var text = try reader.read(upToCount: 1) ?? Data()
        text += try reader.read(upToCount: Int.random(in: 1...200_000)) ?? Data()
        kill(child.processIdentifier, SIGKILL)
        text += try reader.readToEnd() ?? Data()
        child.waitUntilExit()
        // A last line without its end was cut off by the kill.
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        return lines.dropLast().map(String.init)
    }

    /// The child: sends until it is killed, and writes each id once it is acknowledged.
    static func send(into folder: String) async throws {
        let service = try QueueService(folder: folder, now: wallClock)
        try await service.createQueue(Speed.queue, QueueAttributes(), given: [], tags: [])
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<callers {
                group.addTask {
                    while let sent = try? await service.send(
                        [NewMessage(body: Speed.body)], to: Speed.queue, senderID: "bench"), let id = try? sent[0].get()
                    {
                        FileHandle.standardOutput.write(Data("\(id)\n".utf8))
                    }
                }
            }
        }
    }
}

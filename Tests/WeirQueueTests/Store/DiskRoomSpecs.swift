import Foundation
import Glibc
import Testing
import WeirCore

@testable import WeirQueue

/// A file system of a fixed size in memory; only root can make one.
private final class SmallDisk {
    let path: String

    static let isPossible: Bool = (try? SmallDisk(megabytes: 1)) != nil

    init(megabytes: Int) throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("weir-disk-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard mount("weir", path, "tmpfs", 0, "size=\(megabytes)m") == 0 else {
            rmdir(path)
            throw CocoaError(.fileWriteNoPermission)
        }
    }

    deinit {
        umount2(path, Int32(MNT_DETACH))
        rmdir(path)
    }

    /// Somebody else writes until nothing more fits.
    func fill() {
        let descriptor = open(path + "/other", O_WRONLY | O_CREAT, 0o600)
        let block = [UInt8](repeating: 1, count: 4096)
        while write(descriptor, block, block.count) > 0 {}
        close(descriptor)
    }

    func makeRoom() { unlink(path + "/other") }
}

@Suite("Messages leave room on the disk")
struct DiskRoomSpecs {
    private static let reserve = EngineLimits.diskReserveBytes
    private static let large = String(repeating: "x", count: 100_000)

    private func expectRefusal(_ scene: Scene, _ body: String = "x") async throws {
        do {
            try await scene.send(body)
            Issue.record("it was accepted")
        } catch QueueError.storeFailed(let sentence) {
            #expect(sentence.contains("the disk is nearly full"))
        }
    }

    @Test("below the reserve sends are refused; receives, deletes and visibility changes are not; sends go on above it")
    func reserve() async throws {
        let disk = PretendDisk(free: Self.reserve + 1_000_000)
        let scene = try await Scene(disk: disk)
        try await scene.send("1", "2", "3")
        disk.free = Self.reserve - 1
        await scene.pass(.seconds(1))
        try await expectRefusal(scene)
        let messages = try await scene.receive(2)
        try await scene.delete(messages[0])
        try await scene.change(messages[1], to: .zero)
        #expect(try await scene.counts() == [2, 0, 0])
        disk.free = Self.reserve + 1_000_000
        await scene.pass(.seconds(1))
        try await scene.send("4")
        #expect(try await scene.counts() == [3, 0, 0])
    }

    @Test("a batch gets as far as the room reaches, and a large message needs more of it")
    func batch() async throws {
        let disk = PretendDisk(free: Self.reserve + 500_000)
        let scene = try await Scene(disk: disk)
        let results = try await scene.service.send(
            [
                NewMessage(body: Self.large), NewMessage(body: Self.large), NewMessage(body: Self.large),
                NewMessage(body: "x"),
            ],
            to: Scene.queue, senderID: "me")
        #expect(results.map { (try? $0.get()) != nil } == [true, true, false, true])
    }

    @Test("room within the database's file counts, as long as the log has its own")
    func reusable() async throws {
        let disk = PretendDisk(free: .max)
        let scene = try await Scene(disk: disk)
        try await scene.send(Self.large, Self.large, Self.large)
        for message in try await scene.receive(3) { try await scene.delete(message) }
        disk.free = Self.reserve
        await scene.pass(.seconds(1))
        try await scene.send("fits")
        disk.free = EngineLimits.checkpointBytes - 1
        await scene.pass(.seconds(1))
        try await expectRefusal(scene)
    }

    @Test("the free space is looked at now and then, not for every message")
    func looks() async throws {
        let disk = PretendDisk(free: .max)
        let scene = try await Scene(disk: disk)
        for _ in 0..<200 { try await scene.send("small") }
        #expect(disk.looks == 1)
        await scene.pass(EngineLimits.diskLookInterval)
        try await scene.send("small")
        #expect(disk.looks == 2)
        for _ in 0..<50 { try await scene.send(Self.large) }
        #expect((3...5).contains(disk.looks))
    }

    @Test("where free space is not known, nothing is refused")
    func unknown() async throws {
        let scene = try await Scene(disk: PretendDisk(free: nil))
        try await scene.send("x")
        #expect(DiskRoom.freeBytes(of: "/nowhere at all") == nil)
        #expect((DiskRoom.freeBytes(of: "/tmp") ?? 0) > 0)
    }

    @Test(
        "on a small disk, filled to the last message that is accepted, everything can be taken away, and then it goes on",
        .enabled(if: SmallDisk.isPossible))
    func smallDisk() async throws {
        let disk = try SmallDisk(megabytes: 70)
        let scene = try await Scene(folder: disk.path + "/queues")
        let count = try await sendUntilRefused(scene)
        #expect(count > 50)
        try await takeAll(scene, count)
        await scene.pass(.seconds(1))
        #expect(try await sendUntilRefused(scene) > 50, "the room of deleted messages is used again")
        await scene.service.close()
    }

    @Test(
        "when others take the last of the disk nothing is lost, and as soon as they make room it goes on",
        .enabled(if: SmallDisk.isPossible), arguments: [false, true])
    func othersFillIt(restarted: Bool) async throws {
        let disk = try SmallDisk(megabytes: 70)
        var scene = try await Scene(folder: disk.path + "/queues")
        let count = try await sendUntilRefused(scene)
        disk.fill()
        var taken = 0
        // How many go is for the log's file to say; none is lost.
        while let message = try? await scene.receiveOne(timeout: .zero), (try? await scene.delete(message)) != nil {
            taken += 1
        }
        #expect(try await scene.counts().reduce(0, +) == count - taken)
        if restarted {
            await scene.service.close()
            disk.makeRoom()
            scene = try Scene(reopening: disk.path + "/queues", clock: scene.clock)
        } else {
            disk.makeRoom()
            await scene.pass(.seconds(1))
        }
        try await takeAll(scene, count - taken)
        await scene.service.close()
    }

    private func sendUntilRefused(_ scene: Scene) async throws -> Int {
        var count = 0
        while true {
            do {
                try await scene.send(Self.large)
                count += 1
            } catch QueueError.storeFailed(let sentence) {
                #expect(sentence.contains("the disk is nearly full"))
                return count
            }
        }
    }

    private func takeAll(_ scene: Scene, _ count: Int) async throws {
        var taken = 0
        while case let messages = try await scene.receive(10), !messages.isEmpty {
            for message in messages { try await scene.delete(message) }
            taken += messages.count
        }
        #expect(taken == count)
        #expect(try await scene.counts() == [0, 0, 0])
    }
}

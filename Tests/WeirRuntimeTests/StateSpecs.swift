import Foundation
import Testing
import WeirCore

@testable import WeirRuntime

@Suite("The state folder")
struct StateFolderSpecs {
    @Test("what is made once is found again")
    func remembered() throws {
        let temporary = try TemporaryFolder()
        let first = try StateFolder(preparing: temporary.path + "/state")
        let second = try StateFolder(preparing: temporary.path + "/state/")
        #expect(first.fleetID == second.fleetID)
        #expect(first.secret == second.secret)
        #expect(first.fleetID.count == 16)
        #expect(first.secret.count == 32)
        #expect(StateFolder(lookingAt: temporary.path + "/state").fleetID == first.fleetID)
    }

    @Test("two folders never share an id or a secret")
    func distinct() throws {
        let temporary = try TemporaryFolder()
        let one = try StateFolder(preparing: temporary.path + "/one")
        let two = try StateFolder(preparing: temporary.path + "/two")
        #expect(one.fleetID != two.fleetID)
        #expect(one.secret != two.secret)
    }

    @Test("only the owner may read it")
    func permissions() throws {
        let temporary = try TemporaryFolder()
        _ = try StateFolder(preparing: temporary.path + "/state")
        #expect(try temporary.permissions(of: "state") == 0o700)
        #expect(try temporary.permissions(of: "state/secret") == 0o600)
    }

    @Test("a secret that was damaged stops the start: with another one, running workers would be locked out")
    func damagedSecret() throws {
        let temporary = try TemporaryFolder()
        _ = try StateFolder(preparing: temporary.path)
        try temporary.write("not a secret", to: "secret")
        #expect(throws: StateFailure.self) { try StateFolder(preparing: temporary.path) }
    }

    @Test("looking makes nothing")
    func looking() throws {
        let temporary = try TemporaryFolder()
        _ = StateFolder(lookingAt: temporary.path + "/nowhere")
        #expect(!FileManager.default.fileExists(atPath: temporary.path + "/nowhere"))
    }

    @Test("a folder that cannot be made is an error that names it")
    func cannotBeMade() throws {
        let temporary = try TemporaryFolder()
        try temporary.write("a file", to: "state")
        let failure = #expect(throws: StateFailure.self) { try StateFolder(preparing: temporary.path + "/state") }
        #expect(failure?.message.contains(temporary.path + "/state") == true)
    }
}

@Suite("One daemon per state folder")
struct StateLockSpecs {
    @Test("the second is refused and told who the first is")
    func refused() throws {
        let temporary = try TemporaryFolder()
        let folder = try StateFolder(preparing: temporary.path)
        let first = try StateLock(folder, purpose: "weir run a.yaml")
        let failure = #expect(throws: StateFailure.self) { _ = try StateLock(folder, purpose: "weir run b.yaml") }
        #expect(failure?.message.contains("process \(getpid()) (weir run a.yaml)") == true)
        withExtendedLifetime(first) {}
    }

    @Test("when the first has ended, the next may")
    func released() throws {
        let temporary = try TemporaryFolder()
        let folder = try StateFolder(preparing: temporary.path)
        do {
            let first = try StateLock(folder, purpose: "first")
            withExtendedLifetime(first) {}
        }
        let second = try StateLock(folder, purpose: "second")
        #expect(try temporary.read("lock").contains("second"))
        withExtendedLifetime(second) {}
    }

    @Test("when the first has ended, the next may, also while a program that is being started has a copy of the file")
    func releasedWithCopies() throws {
        let temporary = try TemporaryFolder()
        let folder = try StateFolder(preparing: temporary.path)
        var copy: Int32 = -1
        do {
            let first = try StateLock(folder, purpose: "first")
            copy = dup(try #require(openFile(temporary.path + "/lock")))
            withExtendedLifetime(first) {}
        }
        defer { close(copy) }
        let second = try StateLock(folder, purpose: "second")
        withExtendedLifetime(second) {}
    }

    /// A descriptor of this process that has the file open.
    private func openFile(_ path: String) -> Int32? {
        let real = URL(filePath: path).resolvingSymlinksInPath().path
        let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return numbers.compactMap { Int32($0) }.first {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == real
        }
    }
}

@Suite("The stored state of groups")
struct StateStoreSpecs {
    static func group(_ name: String) -> StoredGroup {
        var state = GroupState(seed: 7, createdAt: Instant(milliseconds: 1), desiredCapacity: 3)
        state.fleet = [
            Instance(
                id: InstanceID("i-0123456789abcdef0"), lifecycleState: .inService,
                launchedAt: Instant(milliseconds: 2), stateSince: Instant(milliseconds: 3))
        ]
        return StoredGroup(
            name: name, policyPath: "p.yaml", policyText: "group: g", launcher: "docker", measures: "embedded",
            state: state)
    }

    @Test("what was saved is loaded, every group, sorted by name", arguments: [true, false])
    func roundTrip(durably: Bool) throws {
        let temporary = try TemporaryFolder()
        let store = FileStateStore(try StateFolder(preparing: temporary.path))
        try store.save(Self.group("b"), durably: durably)
        try store.save(Self.group("a"), durably: durably)
        #expect(try store.loadAll() == [Self.group("a"), Self.group("b")])
        store.remove("a")
        #expect(try store.loadAll().map(\.name) == ["b"])
    }

    @Test("a file that was cut off by a crash of another program stops the start instead of orphaning instances")
    func damaged() throws {
        let temporary = try TemporaryFolder()
        let store = FileStateStore(try StateFolder(preparing: temporary.path))
        try store.save(Self.group("a"), durably: true)
        let text = try temporary.read("groups/a.json")
        try temporary.write(String(text.prefix(text.count / 2)), to: "groups/a.json")
        let failure = #expect(throws: StateFailure.self) { try store.loadAll() }
        #expect(failure?.message.contains("groups/a.json") == true)
    }

    @Test("a later version is refused")
    func laterVersion() throws {
        let temporary = try TemporaryFolder()
        let store = FileStateStore(try StateFolder(preparing: temporary.path))
        var group = Self.group("a")
        group.state.version = GroupState.currentVersion + 1
        try store.save(group, durably: true)
        #expect(throws: StateFailure.self) { try store.loadAll() }
    }

    @Test("a half-written file beside it is no group: a crash between writing and renaming loses nothing")
    func halfWritten() throws {
        let temporary = try TemporaryFolder()
        let store = FileStateStore(try StateFolder(preparing: temporary.path))
        try store.save(Self.group("a"), durably: true)
        try temporary.write("{\"na", to: "groups/a.json.new")
        #expect(try store.loadAll() == [Self.group("a")])
    }

    @Test("saving where nothing can be written says where and why")
    func unwritable() throws {
        let temporary = try TemporaryFolder()
        let folder = try StateFolder(preparing: temporary.path)
        try FileManager.default.removeItem(atPath: folder.groups)
        let failure = #expect(throws: StateFailure.self) {
            try FileStateStore(folder).save(Self.group("a"), durably: true)
        }
        #expect(failure?.message.contains("groups/a.json") == true)
    }
}

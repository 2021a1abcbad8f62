import Dispatch
import Glibc
import Synchronization

/// Tells when something happens in folders and in the folders right below them, through inotify: it costs nothing while
/// nothing happens. One watcher serves all groups, because a user may have few of them (128 by default).
///
/// What it is used for: each instance keeps a file open for writing as long as it lives, and the kernel reports the last
/// close of such a file, also when nobody was left to write down an exit code.
final class FolderWatcher: Sendable {
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "weir.folders")

    deinit {
        state.withLock { $0.source?.cancel() }
    }

    /// Yields after something was written, made or deleted in `folder` or a folder right below it. Yields that nobody
    /// took are merged into one. A folder that is not there, or a machine without inotify, yields nothing.
    func changes(below folder: String) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let id = state.withLock { state in
            if state.inotify == nil { open(&state) }
            return state.add(continuation, for: folder)
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { $0.remove(id, from: folder) }
        }
        return stream
    }

    private func open(_ state: inout State) {
        let number = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        guard number >= 0 else { return }
        let inotify = Descriptor(owning: number)
        let source = DispatchSource.makeReadSource(fileDescriptor: number, queue: queue)
        source.setEventHandler { @Sendable [weak self] in self?.readEvents() }
        // The descriptor must outlive the source that watches it.
        source.setCancelHandler { @Sendable in withExtendedLifetime(inotify) {} }
        state.inotify = inotify
        state.source = source
        source.activate()
    }

    private func readEvents() {
        let changed = state.withLock { $0.readEvents() }
        guard !changed.isEmpty else { return }
        tell(changed)
        // The kernel reports a last close a moment before it drops the locks of the file: who looked at once may have
        // seen them held, so all are told to look again.
        queue.asyncAfter(deadline: .now() + .milliseconds(FolderWatcherLimits.secondLookMilliseconds)) {
            @Sendable [weak self] in self?.tell(changed)
        }
    }

    private func tell(_ folders: [String]) {
        let continuations = state.withLock { state in
            folders.flatMap { (state.listeners[$0] ?? []).map(\.continuation) }
        }
        for continuation in continuations { continuation.yield() }
    }
}

enum FolderWatcherLimits {
    static let secondLookMilliseconds = 50
    /// Bytes of events read at once.
    static let bufferBytes = 16 << 10
}

private struct State {
    struct Watch {
        /// The folder whose listeners are told.
        var root: String
        /// The folder itself, or one right below it.
        var isRoot: Bool
    }

    struct Listener {
        var id: Int
        var continuation: AsyncStream<Void>.Continuation
    }

    var inotify: Descriptor?
    var source: (any DispatchSourceRead)?
    /// By watch descriptor; looked up, never walked where order shows.
    var watches: [Int32: Watch] = [:]
    var listeners: [String: [Listener]] = [:]
    var lastID = 0

    mutating func add(_ continuation: AsyncStream<Void>.Continuation, for folder: String) -> Int {
        lastID += 1
        listeners[folder, default: []].append(Listener(id: lastID, continuation: continuation))
        watch(folder, root: folder)
        for name in (try? Files.names(in: folder)) ?? [] { watch("\(folder)/\(name)", root: folder) }
        return lastID
    }

    mutating func remove(_ id: Int, from folder: String) {
        listeners[folder]?.removeAll { $0.id == id }
        guard let inotify, listeners[folder]?.isEmpty == true else { return }
        listeners[folder] = nil
        for (descriptor, watch) in watches where watch.root == folder {
            inotify_rm_watch(inotify.number, descriptor)
            watches[descriptor] = nil
        }
    }

    private mutating func watch(_ path: String, root: String) {
        guard let inotify else { return }
        let made = UInt32(IN_CREATE | IN_MOVED_TO | IN_DELETE | IN_MOVED_FROM)
        let mask = UInt32(IN_CLOSE_WRITE | IN_ONLYDIR) | made
        let descriptor = inotify_add_watch(inotify.number, path, mask)
        if descriptor >= 0 { watches[descriptor] = Watch(root: root, isRoot: path == root) }
    }

    /// - Returns: the roots below which something happened, each once.
    mutating func readEvents() -> [String] {
        guard let inotify else { return [] }
        var roots: [String] = []
        while let bytes = try? inotify.read(upTo: FolderWatcherLimits.bufferBytes), !bytes.isEmpty {
            for event in Self.events(in: bytes) {
                guard let watch = watches[event.descriptor] else { continue }
                if event.mask & UInt32(IN_IGNORED) != 0 { watches[event.descriptor] = nil }
                if watch.isRoot, event.mask & UInt32(IN_ISDIR) != 0, !event.name.isEmpty {
                    self.watch("\(watch.root)/\(event.name)", root: watch.root)
                }
                if !roots.contains(watch.root) { roots.append(watch.root) }
            }
        }
        return roots
    }

    private static func events(in bytes: [UInt8]) -> [(descriptor: Int32, mask: UInt32, name: String)] {
        let headBytes = MemoryLayout<inotify_event>.size
        var events: [(descriptor: Int32, mask: UInt32, name: String)] = []
        bytes.withUnsafeBytes { buffer in
            var offset = 0
            while offset + headBytes <= buffer.count {
                let head = buffer.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
                let nameStart = offset + headBytes
                let nameEnd = min(nameStart + Int(head.len), buffer.count)
                let name = String(decoding: buffer[nameStart..<nameEnd].prefix { $0 != 0 }, as: UTF8.self)
                events.append((head.wd, head.mask, name))
                offset = nameEnd
            }
        }
        return events
    }
}

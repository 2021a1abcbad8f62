import ArgumentParser
import FoundationEssentials
import Glibc
import WeirAPI
import WeirCore
import WeirRuntime

struct Top: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "A live view of the running groups.",
        discussion: """
            Examples:
              weir top
              weir top thumbnails --interval 5s
              weir top --once

            Keys: arrows or j and k choose a group, Enter shows all of it and goes back, s orders the groups by name,
            backlog or desired capacity, q or Ctrl-C ends.
            """)

    @Argument(help: ArgumentHelp("The group that is chosen at first.", valueName: "GROUP"))
    var group: String?

    @Option(help: "How often the daemon is asked.")
    var interval = TimeArgument(.seconds(1))

    @Flag(help: "Print one picture and end; also where there is no terminal.")
    var once = false

    @OptionGroup var state: StateOption

    /// After so long it is said that weir does not answer.
    private static let patience = Duration.seconds(3)

    func validate() throws {
        guard (Duration.milliseconds(100)...Duration.seconds(3600)).contains(interval.time) else {
            throw ValidationError("--interval is \(interval.time.text); expected 100ms to 1h")
        }
    }

    func run() async throws {
        let source = TopSource(ControlClient(state: state.resolved, patience: Self.patience))
        if once { return try await printOnce(source) }
        guard let screen = Screen() else {
            throw Failure.mistake(
                "top draws on a terminal, and this is none that it can draw on; 'weir status' prints the same, and 'weir top --once' one "
                    + "picture")
        }
        screen.enter()
        let failure = await live(source, on: screen)
        screen.leave()
        if let failure { throw failure }
    }

    private func printOnce(_ source: TopSource) async throws {
        if let group { _ = try await source.client.group(named: group) }
        var choice = TopChoice(group: group)
        let scene = try await source.look(choice: &choice)
        let lines = TopFrame(scene, choice, in: Window.current ?? .written).lines
        // The last line tells of keys, which nobody can press.
        for line in lines.dropLast() { Terminal.out(line.text(coloured: Terminal.hasColour)) }
    }

    private enum Event {
        case typed([UInt8])
        case signal(Int32)
        case seen(Result<TopScene, Failure>)
        case inputEnded
    }

    /// - Returns: why it could not go on; nil when somebody ended it.
    private func live(_ source: TopSource, on screen: Screen) async -> Failure? {
        let (events, continuation) = AsyncStream<Event>.makeStream()
        let signals = Signals.stream([SIGWINCH, SIGTERM, SIGINT, SIGHUP])
        let chosen = Kept<TopChoice>()
        chosen.value = TopChoice(group: group)
        let (hurries, hurry) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let tasks = [
            Task { for await signal in signals { continuation.yield(.signal(signal)) } },
            Task {
                for await bytes in Screen.input() { continuation.yield(.typed(bytes)) }
                continuation.yield(.inputEnded)
            },
            Task { await watch(source, chosen, hurries) { continuation.yield(.seen($0)) } },
            Task {
                while !Task.isCancelled {
                    try? await Task.sleep(for: interval.time)
                    hurry.yield()
                }
            },
        ]
        defer { for task in tasks { task.cancel() } }

        var scene = TopScene()
        var choice = TopChoice(group: group)
        var frame = TopFrame(scene, choice, in: Window.current ?? .usual)
        for await event in events {
            switch event {
            case .seen(.success(let seen)):
                if scene.answeredAt == nil, let group, !seen.groups.contains(where: { $0.group == group }) {
                    return ControlClient.noGroup(group, among: seen.groups)
                }
                scene = seen
            case .seen(.failure(let failure)): scene.trouble = failure.sentence
            case .signal(SIGWINCH): screen.forget()
            case .signal, .inputEnded: return nil
            case .typed(let bytes):
                for key in Key.all(in: bytes) {
                    if key == .quit { return nil }
                    if key == .suspend { screen.suspend() }
                    choice.press(key, among: choice.order.sorted(scene.groups).map(\.group), page: frame.page)
                }
            }
            if scene.answeredAt != nil { choice.settle(among: choice.order.sorted(scene.groups).map(\.group)) }
            frame = TopFrame(scene, choice, in: Window.current ?? .usual)
            choice.scrolled = min(choice.scrolled, frame.mostScrolled)
            screen.draw(frame.lines)
            // What another group decided last is asked for at once.
            if chosen.value?.group != choice.group { hurry.yield() }
            chosen.value = choice
        }
        return nil
    }

    /// Looks at once, and then whenever it is time.
    private func watch(
        _ source: TopSource, _ chosen: Kept<TopChoice>, _ hurries: AsyncStream<Void>,
        _ tell: (Result<TopScene, Failure>) -> Void
    ) async {
        var choice = TopChoice()
        func look() async {
            do throws(Failure) {
                choice = chosen.value ?? choice
                tell(.success(try await source.look(choice: &choice)))
            } catch {
                tell(.failure(error))
            }
        }
        await look()
        for await _ in hurries { await look() }
    }
}

/// Where `weir top` has it from.
struct TopSource {
    let client: ControlClient

    init(_ client: ControlClient) {
        self.client = client
    }

    /// All groups, and the chosen one with its last decisions.
    func look(choice: inout TopChoice) async throws(Failure) -> TopScene {
        var scene = TopScene()
        scene.daemon = try await client.daemon()
        scene.groups = try await client.groups()
        choice.settle(among: choice.order.sorted(scene.groups).map(\.group))
        if let group = choice.group { scene.chosen = try await client.findGroup(named: group) }
        scene.answeredAt = SystemTime().now()
        return scene
    }
}

import WeirCore

/// Runs one group: it drives the group's loop and does what the loop wishes for.
///
/// Everything slow (measuring, listing, performing) happens beside the loop and arrives in its inbox; a tick takes what is
/// there. So a hung source or a long drain never holds up a launch or an operator.
public actor GroupController {
    public nonisolated let name: String
    private var loop: GroupLoop
    private var parts: Parts
    private let time: any TimeSource
    private let fleets: FleetLedger

    /// Requests that wait for their answers.
    private var replies: [Int: CheckedContinuation<Answer.Result?, Never>] = [:]
    /// Actions under way, by the number of each.
    private var performing: [Int: Task<Void, Never>] = [:]
    private var performed = 0
    private var hookRuns = HookRuns()
    private var checking: Task<Void, Never>?
    private var watching: Task<Void, Never>?
    private var timer: Task<Void, Never>?
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    public init(_ stored: StoredGroup, policy: GroupPolicy, parts: Parts, surroundings: Surroundings) {
        self.name = stored.name
        self.parts = parts
        self.time = surroundings.time
        self.fleets = surroundings.fleets
        self.loop = GroupLoop(
            stored, policy: policy, dryRun: parts.hands.imagined, books: surroundings.books,
            at: surroundings.time.now())
        loop.setPatience(parts.source.patience)
        (self.signals, self.signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    // MARK: The loop

    /// Runs until the task is cancelled, or the group has left and its last instance is gone.
    public func run() async {
        watch()
        startChecking()
        fleets.follow(name) { [weak self] in
            Task { await self?.ceilingChanged() }
        }
        loop.begin(at: time.now())
        carryOut()
        signal.yield()
        for await _ in signals {
            if Task.isCancelled { break }
            await step()
            if loop.hasLeft { break }
        }
        loop.end(at: time.now())
        fleets.follow(name, nil)
        carryOut()
        timer?.cancel()
        watching?.cancel()
        checking?.cancel()
        hookRuns.endAll()
    }

    private func step() async {
        if loop.look(at: time.now()) {
            carryOut()
            let held = await parts.holders?.held()
            // No await from here to the end: nothing happens between reading the state and storing the new one.
            loop.tick(held: held, at: time.now())
        }
        carryOut()
        setTimer()
    }

    private func setTimer() {
        timer?.cancel()
        let time = time
        let due = loop.nextLook(after: time.now())
        let signal = signal
        timer = Task {
            try? await time.sleep(until: due)
            if !Task.isCancelled { signal.yield() }
        }
    }

    // MARK: What the loop wishes for

    private func carryOut() {
        for wish in loop.takeWishes() {
            switch wish {
            case .measure(let number): measure(number)
            case .list: list()
            case .perform(let ordered): perform(ordered)
            case .keepHooks(let fleet): hookRuns.keep(waitedForBy: fleet)
            case .tell(let notification): tell(notification)
            case .answer(let number, let result): replies.removeValue(forKey: number)?.resume(returning: result)
            }
        }
    }

    /// Something has arrived.
    private func heard() {
        carryOut()
        signal.yield()
    }

    private func measure(_ number: Int) {
        let source = parts.source
        let now = time.now()
        let watched = loop.followsTraffic ? source as? any TrafficSource : nil
        Task {
            var measurement = await source.measure(at: now)
            if let watched { measurement.traffic = await watched.traffic() }
            self.loop.measured(measurement, by: number, at: self.time.now())
            self.heard()
        }
    }

    private func list() {
        let hands = parts.hands
        Task {
            let listing: Listing
            do throws(LauncherFailure) {
                listing = .instances(try await hands.list())
            } catch {
                listing = .failed(error.message)
            }
            self.loop.listed(listing)
            self.heard()
        }
    }

    private func perform(_ ordered: OrderedAction) {
        let parts = parts
        let name = name
        if case .runHook(let id, let hook) = ordered.action {
            hookRuns.begin(id, hook) {
                let result = await parts.perform(ordered, for: name)
                if !Task.isCancelled { await self.finished(ordered.action, result) }
            }
            return
        }
        performed += 1
        let number = performed
        performing[number] = Task {
            let result = await parts.perform(ordered, for: name)
            self.finished(ordered.action, result)
            self.performing[number] = nil
        }
    }

    private func finished(_ action: Action, _ result: ActionOutcome.Result) {
        loop.finished(action, result)
        heard()
    }

    /// Once, and beside everything else.
    private func tell(_ notification: AlarmNotification) {
        guard let notifier = parts.notifier else { return }
        Task {
            guard let failure = await notifier.tell(notification, of: self.name) else { return }
            self.loop.couldNotTell(notification, failure)
        }
    }

    // MARK: What is seen beside

    /// Asks every instance in service, round after round. Only what changes something brings a tick.
    private func startChecking() {
        checking?.cancel()
        guard let checker = parts.checker, !parts.hands.imagined else { return }
        let time = time
        checking = Task {
            while !Task.isCancelled {
                let next = time.now() + checker.interval
                await self.checkAll(checker)
                do { try await time.sleep(until: next) } catch { return }
            }
        }
    }

    private func checkAll(_ checker: any HealthChecker) async {
        let fleet = loop.stored.state.fleet
        let reports = await checker.checkAll(fleet.filter { $0.lifecycleState == .inService }.map(\.id))
        if !Task.isCancelled, loop.checked(reports) { signal.yield() }
    }

    private func watch() {
        watching?.cancel()
        let changes = parts.hands.changes()
        watching = Task {
            for await _ in changes {
                self.loop.list()
                self.carryOut()
            }
        }
    }

    // MARK: What is asked

    /// Something happened in the queue that may matter now.
    public func wake() {
        loop.wake()
        signal.yield()
    }

    /// An instance may have become idle: whoever waits to end it wants to know.
    public func instanceBecameIdle() {
        if loop.instanceBecameIdle() { signal.yield() }
    }

    private func ceilingChanged() {
        loop.ceilingChanged()
        signal.yield()
    }

    /// Decides the request on a tick and gives its answer; nil when the group is gone.
    public func request(_ kind: Request.Kind) async -> Answer.Result? {
        guard let number = loop.request(kind) else { return nil }
        return await withCheckedContinuation { reply in
            replies[number] = reply
            signal.yield()
        }
    }

    /// A new policy for the same group. Running work is not touched: only what the new policy decides is done.
    /// - Returns: false when the group is over, and has to be started anew.
    public func change(to spec: GroupSpec, parts: Parts) -> Bool {
        guard loop.change(to: spec, at: time.now()) else { return false }
        self.parts = parts
        loop.setPatience(parts.source.patience)
        watch()
        startChecking()
        heard()
        return true
    }

    /// The policy was taken away: busy instances finish, idle ones end, and then the group is gone.
    public func leave() {
        loop.leave()
        signal.yield()
    }

    /// Nothing of the group is left: no instance, no remains.
    public var hasLeft: Bool { loop.hasLeft }

    public func snapshot() -> GroupSnapshot { loop.snapshot }

    public func instance(_ id: InstanceID) -> Instance? {
        loop.stored.state.fleet.first { $0.id == id }
    }

    public func countBusyTermination() {
        loop.countBusyTermination()
    }

    /// Waits for the actions that were begun, `limit` at most.
    public func settle(limit: Duration) async {
        let (settled, end) = AsyncStream<Void>.makeStream()
        let waiting = Task {
            while let task = self.performing.values.first { await task.value }
            for task in self.hookRuns.all { await task.value }
            end.finish()
        }
        let alarm = Task {
            try? await Task.sleep(for: limit)
            end.finish()
        }
        for await _ in settled {}
        alarm.cancel()
        waiting.cancel()
    }
}

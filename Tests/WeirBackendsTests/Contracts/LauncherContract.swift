import Testing
import WeirCore
import WeirRuntime

/// One launcher technology, as the contract needs to handle it.
protocol LauncherSubject: Sendable {
    /// A launcher over the same state each time it is asked, as weir has one after each restart. What it launches runs
    /// until it is told to stop, and then stops at once.
    func launcher() async throws -> any Launcher
    /// A launcher that cannot launch, because its policy asks for something that is not there.
    func refusingLauncher() async throws -> any Launcher
    /// Something that looks like an instance but that this launcher did not start.
    func bystander() async throws -> any Bystander
    /// How often the instance was really started.
    func starts(of instance: InstanceID) async throws -> Int
    /// Nothing of the instance runs, though it is alive.
    func standsStill(_ instance: InstanceID) async throws -> Bool
    /// It can make an instance that it does not start.
    var preparesWithoutStarting: Bool { get }
}

protocol Bystander: Sendable {
    /// Its id, should the launcher take it for an instance.
    var id: InstanceID { get }
    func isUntouched() async throws -> Bool
    func end() async throws
}

/// What every launcher promises. A backend's specs run all of them: `@Test(arguments: LauncherPromise.allCases)`.
enum LauncherPromise: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case launchingTwiceLaunchesOnce = "launching twice with the same token launches once"
    case launchingTogetherLaunchesOnce = "launching many times together launches once"
    case launchingAgainAfterARestartLaunchesOnce = "launching again after a restart launches nothing"
    case launchingAgainAfterTheEndLaunchesNothing = "launching again after the end launches nothing"
    case terminatingTwiceIsTerminatingOnce = "terminating twice is terminating once"
    case terminatingWhatNeverWasSucceeds = "terminating what never was succeeds"
    case everythingLaunchedIsListed = "everything launched is listed, also after a restart"
    case whatHasEndedIsListedUntilRemoved = "what has ended is listed until it is removed"
    case whatRunsIsNotRemoved = "what runs is not removed"
    case aRefusalNamesTheInstanceAndTheCause = "a refusal names the instance and the cause"
    case itNeverTouchesWhatItDidNotLaunch = "it never touches what it did not launch"
    case adoptedInstancesAreTerminated = "an instance of a former weir is terminated like any other"
    case deathsAreToldByChanges = "the end of an instance is told"
    case pausedInstancesGoOn = "a paused instance stands still, and goes on when it is resumed"
    case pausedInstancesAreTerminated = "a paused instance is terminated like any other"
    case preparedInstancesStartOnce = "what was prepared does not run until it is launched, and then once"

    var testDescription: String { rawValue }

    func check(_ subject: any LauncherSubject) async throws {
        let test = LauncherTest(subject: subject, launcher: try await subject.launcher())
        switch self {
        case .launchingTwiceLaunchesOnce: try await test.launchingTwiceLaunchesOnce()
        case .launchingTogetherLaunchesOnce: try await test.launchingTogetherLaunchesOnce()
        case .launchingAgainAfterARestartLaunchesOnce: try await test.launchingAgainAfterARestartLaunchesOnce()
        case .launchingAgainAfterTheEndLaunchesNothing: try await test.launchingAgainAfterTheEndLaunchesNothing()
        case .terminatingTwiceIsTerminatingOnce: try await test.terminatingTwiceIsTerminatingOnce()
        case .terminatingWhatNeverWasSucceeds: try await test.terminatingWhatNeverWasSucceeds()
        case .everythingLaunchedIsListed: try await test.everythingLaunchedIsListed()
        case .whatHasEndedIsListedUntilRemoved: try await test.whatHasEndedIsListedUntilRemoved()
        case .whatRunsIsNotRemoved: try await test.whatRunsIsNotRemoved()
        case .aRefusalNamesTheInstanceAndTheCause: try await test.aRefusalNamesTheInstanceAndTheCause()
        case .itNeverTouchesWhatItDidNotLaunch: try await test.itNeverTouchesWhatItDidNotLaunch()
        case .adoptedInstancesAreTerminated: try await test.adoptedInstancesAreTerminated()
        case .deathsAreToldByChanges: try await test.deathsAreToldByChanges()
        case .pausedInstancesGoOn: try await test.pausedInstancesGoOn()
        case .pausedInstancesAreTerminated: try await test.pausedInstancesAreTerminated()
        case .preparedInstancesStartOnce: try await test.preparedInstancesStartOnce()
        }
        try await test.clearAway()
    }
}

extension InstanceID {
    /// One that nobody has used before.
    static func fresh() -> InstanceID {
        InstanceID("i-" + (0..<17).map { _ in String("0123456789abcdef".randomElement() ?? "0") }.joined())
    }
}

private struct LauncherTest {
    let subject: any LauncherSubject
    let launcher: any Launcher
    let a = InstanceID.fresh()
    let b = InstanceID.fresh()

    private static let stopTimeout: Duration = .seconds(10)

    private func order(_ id: InstanceID) -> LaunchOrder { LaunchOrder(instance: id, group: "contract") }

    private func phase(of id: InstanceID, in launcher: (any Launcher)? = nil) async throws -> ListedInstance.Phase? {
        try await (launcher ?? self.launcher).list().first { $0.id == id }?.phase
    }

    private func launchAndSeeRunning(_ id: InstanceID) async throws {
        try await launcher.launch(order(id))
        #expect(try await eventually(within: .seconds(30)) { try await phase(of: id) == .running })
        // A worker has really begun; without this a second start could come after it was looked for.
        #expect(try await eventually(within: .seconds(30)) { try await subject.starts(of: id) == 1 })
    }

    private func hasExited(_ id: InstanceID) async throws -> Bool {
        guard case .exited? = try await phase(of: id) else { return false }
        return true
    }

    func launchingTwiceLaunchesOnce() async throws {
        try await launchAndSeeRunning(a)
        try await launcher.launch(order(a))
        #expect(try await launcher.list().map(\.id) == [a])
        #expect(try await subject.starts(of: a) == 1)
    }

    func launchingTogetherLaunchesOnce() async throws {
        await withTaskGroup { tasks in
            for _ in 0..<20 {
                tasks.addTask {
                    await #expect(throws: Never.self) { try await launcher.launch(order(a)) }
                }
            }
        }
        #expect(try await eventually(within: .seconds(30)) { try await phase(of: a) == .running })
        try await launchAndSeeRunning(b)
        #expect(try await subject.starts(of: a) == 1)
        #expect(try await launcher.list().map(\.id) == [a, b].sorted())
    }

    func launchingAgainAfterARestartLaunchesOnce() async throws {
        try await launchAndSeeRunning(a)
        let restarted = try await subject.launcher()
        try await restarted.launch(order(a))
        #expect(try await restarted.list() == [ListedInstance(id: a, phase: .running)])
        #expect(try await subject.starts(of: a) == 1)
    }

    func launchingAgainAfterTheEndLaunchesNothing() async throws {
        try await launchAndSeeRunning(a)
        try await launcher.terminate(a, stopTimeout: Self.stopTimeout)
        try await launcher.launch(order(a))
        #expect(try await hasExited(a))
        #expect(try await subject.starts(of: a) == 1)
    }

    func terminatingTwiceIsTerminatingOnce() async throws {
        try await launchAndSeeRunning(a)
        async let first: Void = launcher.terminate(a, stopTimeout: Self.stopTimeout)
        async let second: Void = launcher.terminate(a, stopTimeout: Self.stopTimeout)
        _ = try await (first, second)
        #expect(try await hasExited(a))
        try await launcher.terminate(a, stopTimeout: Self.stopTimeout)
        #expect(try await hasExited(a))
    }

    func terminatingWhatNeverWasSucceeds() async throws {
        try await launcher.terminate(a, stopTimeout: Self.stopTimeout)
        try await launcher.remove(a)
        #expect(try await launcher.list().isEmpty)
    }

    func everythingLaunchedIsListed() async throws {
        #expect(try await launcher.list().isEmpty)
        try await launchAndSeeRunning(a)
        try await launchAndSeeRunning(b)
        let expected = [a, b].sorted().map { ListedInstance(id: $0, phase: .running) }
        #expect(try await launcher.list().sorted { $0.id < $1.id } == expected)
        let restarted = try await subject.launcher()
        #expect(try await restarted.list().sorted { $0.id < $1.id } == expected)
    }

    func whatHasEndedIsListedUntilRemoved() async throws {
        try await launchAndSeeRunning(a)
        try await launcher.terminate(a, stopTimeout: Self.stopTimeout)
        let restarted = try await subject.launcher()
        guard case .exited? = try await phase(of: a, in: restarted) else {
            Issue.record("after a restart what has ended is not listed as ended")
            return
        }
        try await restarted.remove(a)
        #expect(try await restarted.list().isEmpty)
        try await restarted.remove(a)
        #expect(try await launcher.list().isEmpty)
    }

    func whatRunsIsNotRemoved() async throws {
        try await launchAndSeeRunning(a)
        let refusal = await #expect(throws: LauncherFailure.self) { try await launcher.remove(a) }
        #expect(refusal?.message.contains(a.text) == true)
        #expect(try await phase(of: a) == .running)
    }

    func aRefusalNamesTheInstanceAndTheCause() async throws {
        let refusing = try await subject.refusingLauncher()
        let refusal = await #expect(throws: LauncherFailure.self) { try await refusing.launch(order(a)) }
        #expect(refusal?.message.contains(a.text) == true)
        #expect((refusal?.message.count ?? 0) > a.text.count + 10, "the cause is missing")
        #expect(refusal?.retryHelps == false)
        #expect(try await refusing.list().isEmpty)
    }

    func itNeverTouchesWhatItDidNotLaunch() async throws {
        let bystander = try await subject.bystander()
        try await launchAndSeeRunning(a)
        #expect(try await launcher.list().map(\.id) == [a])
        // Whether it is refused or found not to exist, nothing may happen to it.
        try? await launcher.terminate(bystander.id, stopTimeout: .milliseconds(10))
        try? await launcher.remove(bystander.id)
        try await launcher.terminate(a, stopTimeout: Self.stopTimeout)
        try await launcher.remove(a)
        #expect(try await bystander.isUntouched())
        try await bystander.end()
    }

    func adoptedInstancesAreTerminated() async throws {
        try await launchAndSeeRunning(a)
        let restarted = try await subject.launcher()
        try await restarted.terminate(a, stopTimeout: Self.stopTimeout)
        #expect(try await hasExited(a))
    }

    func deathsAreToldByChanges() async throws {
        try await launchAndSeeRunning(a)
        // A restarted weir is told as well.
        let restarted = try await subject.launcher()
        var changes = restarted.changes().makeAsyncIterator()
        try await launcher.terminate(a, stopTimeout: Self.stopTimeout)
        while try await !hasExited(a) { await changes.next() }
    }

    func pausedInstancesGoOn() async throws {
        try await launchAndSeeRunning(a)
        try await launcher.pause(a)
        try await launcher.pause(a)
        #expect(try await subject.standsStill(a))
        // After a restart it is still there, and not taken for one that has ended.
        let restarted = try await subject.launcher()
        #expect(try await !hasExited(a))
        try await restarted.resume(a)
        try await restarted.resume(a)
        #expect(try await phase(of: a) == .running)
        #expect(try await !subject.standsStill(a))
        #expect(try await subject.starts(of: a) == 1)
    }

    func pausedInstancesAreTerminated() async throws {
        try await launchAndSeeRunning(a)
        try await launcher.pause(a)
        try await launcher.terminate(a, stopTimeout: Self.stopTimeout)
        #expect(try await hasExited(a))
    }

    /// A launcher that cannot make what it does not start says so, with the instance's name.
    func preparedInstancesStartOnce() async throws {
        guard subject.preparesWithoutStarting else {
            let refusal = await #expect(throws: LauncherFailure.self) { try await launcher.prepare(order(a)) }
            #expect(refusal?.message.contains(a.text) == true)
            #expect(try await launcher.list().isEmpty)
            return
        }
        try await launcher.prepare(order(a))
        try await launcher.prepare(order(a))
        #expect(try await phase(of: a) == .starting)
        let restarted = try await subject.launcher()
        #expect(try await phase(of: a, in: restarted) == .starting)
        try await restarted.launch(order(a))
        try await launchAndSeeRunning(a)
        try await restarted.prepare(order(a))
        #expect(try await phase(of: a) == .running)
        // One that is not needed after all goes without ever having run.
        try await launcher.prepare(order(b))
        try await launcher.terminate(b, stopTimeout: Self.stopTimeout)
        try await launcher.remove(b)
        #expect(try await subject.starts(of: b) == 0)
        #expect(try await phase(of: b) == nil)
    }

    func clearAway() async throws {
        for listed in try await launcher.list() {
            try await launcher.terminate(listed.id, stopTimeout: .zero)
            try await launcher.remove(listed.id)
        }
    }
}

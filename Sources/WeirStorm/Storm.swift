import FoundationEssentials
import Logging
import WeirCore
import WeirRuntime

/// One seed: a world, made-up time, and the real control code in it. First a storm, in which nothing wrong may happen, then a
/// calm, in which everything has to settle.
///
/// Single-threaded: whoever makes it runs it to its end.
package final class Storm {
    package let options: StormOptions
    var chance: Chance
    var agenda = Agenda<Event>()
    /// Milliseconds since the beginning, by a clock that nobody sets.
    var now: Int64 = 0
    /// What was done to the wall clock, in milliseconds.
    var skew: Int64 = 0

    var groups: [StormGroup] = []
    var workers: [Worker] = []
    /// Only asked, never walked, as its order is random.
    var positions: [InstanceID: Int] = [:]
    var runs = Slots<HandRun>()
    var measurements = Slots<AnswerOnTheWay<Measurement>>()
    var listings = Slots<AnswerOnTheWay<Listing>>()
    var holdings = Slots<[HeldMessages]?>()

    let disk = StormDisk()
    let recorder = StormRecorder()
    let index = InstanceIndex()
    /// What its groups may have together, when they share anything.
    var limit: FleetLimit?
    /// Of this process.
    var fleets = FleetLedger()
    let woken = WokenGroups()
    /// Nobody reads a storm's log.
    let logger: Logger

    // MARK: The process

    var isUp = false
    /// Counts the processes.
    var epoch = 0
    /// It dies when it has given so many more orders.
    var wishesLeft: Int?
    var restartIsPlanned = false
    /// The end is at hand: it is started no more.
    var isOver = false

    // MARK: The weather

    var isStormy = true
    var engineIsAwayUntil: Int64 = -1
    var faults = FaultCounts()
    var diskFailsUntil: Int64 = -1
    /// When the wall clock was set last.
    var clockSetAt: Int64 = -1
    var strays = 0
    let calmAt: Int64
    let endAt: Int64
    var exam = Exam()

    // MARK: What comes of it

    let checks: Checks
    package private(set) var violations: [Violation] = []
    package private(set) var ticks = 0
    package private(set) var launches = 0
    package private(set) var restarts = 0
    var digest = Digest()
    var story: StoryKeeper?
    var records: [Record] = []

    package init(_ options: StormOptions) {
        self.options = options
        var chance = Chance(seed: options.seed)
        calmAt = Int64(options.stormHours * 3_600_000)
        endAt = calmAt + Self.calmMs
        var logger = Logger(label: "weir-storm") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        self.logger = logger
        let count = chance.pick([1, 1, 1, 2, 3])
        var maker = PlanMaker(chance: Chance(seed: chance.draw()))
        var plans = (0..<count).map { maker.plan($0) }
        limit = maker.shareLimit(among: &plans)
        for (number, plan) in plans.enumerated() { groups.append(StormGroup(number: number, plan: plan)) }
        if options.bug == .dryRunActs || chance.one(in: 8) {
            var plan = maker.plan(count)
            plan.dryRun = true
            groups.append(StormGroup(number: count, plan: plan))
        }
        self.chance = chance
        checks = Checks(groups, options: options)
        if options.keepsStory { story = StoryKeeper(groups.map(\.policy)) }
    }

    /// Long enough for every cooldown, hook, refresh and back-off to end.
    static let calmMs: Int64 = 4 * 3_600_000

    /// Noon of some day.
    static let beginning: Int64 = 1_772_366_400_000

    /// What weir's clock shows.
    var wall: Instant { Instant(milliseconds: Self.beginning + now + skew) }

    // MARK: Its course

    package func run() -> StormReport {
        start()
        for group in groups { agenda.add(.arrive(group: group.number), at: chance.spell(group.plan.arrivalMs)) }
        agenda.add(.weather, at: chance.spell(options.weatherMs))
        agenda.add(.operatorActs, at: chance.spell(Self.operatorMs))
        agenda.add(.lookAfter, at: calmAt - Self.lastBlowMs)
        while violations.count < options.mostViolations, let (at, event) = agenda.next(before: endAt) {
            now = at
            happen(event)
            tellWoken()
        }
        if violations.isEmpty { checkTheEnd() }
        return StormReport(
            seed: options.seed, hours: Double(now) / 3_600_000, ticks: ticks, launches: launches, restarts: restarts,
            faults: faults, violations: violations, digest: digest.value, story: story?.lines ?? [], records: records)
    }

    static let operatorMs: Int64 = 900_000

    func violate(_ checker: CheckerName, _ text: String) {
        guard violations.count < options.mostViolations else { return }
        violations.append(Violation(checker: checker, at: now, text: text))
    }

    private func happen(_ event: Event) {
        switch event {
        case .arrive(let group): arrive(groups[group])
        case .finish(let worker, let letter): finish(worker, letter)
        case .begins(let worker, let generation): begins(worker, generation)
        case .isReady(let worker, let generation): isReady(worker, generation)
        case .ends(let worker, let generation, let code):
            // In the calm nobody dies who is not told to.
            guard workers[worker].generation == generation, isStormy || workers[worker].isStopping else { return }
            end(worker, code: code)
        case .completesHooks(let group): completeHooks(groups[group])
        case .look(let group, let epoch, let timer):
            if epoch == self.epoch, groups[group].timer == timer { signal(groups[group]) }
        case .step(let group, let epoch): if epoch == self.epoch { step(groups[group]) }
        case .tick(let group, let epoch, let held):
            let value = holdings.take(held)
            if epoch == self.epoch, let value { tick(groups[group], held: value) }
        case .measured(let slot): deliverMeasurement(slot)
        case .listed(let slot): deliverListing(slot)
        case .changed(let group, let epoch): if epoch == self.epoch { changed(groups[group]) }
        case .round(let group, let epoch, let number):
            if epoch == self.epoch, groups[group].healthRound == number { checkHealth(groups[group]) }
        case .goesOn(let run): goOn(run)
        case .engineDoes(let run): engineDoes(run)
        case .answered(let run): answered(run)
        case .weather: weather()
        case .operatorActs: operatorActs()
        case .engineReturns: for group in groups { changed(group) }
        case .restarts: restart()
        case .heals(let worker): heal(worker)
        case .comesBack(let group): comeBack(groups[group])
        case .lookAfter: lookAfter()
        case .exam(let stage): examine(stage)
        }
    }

    /// A line of the story that no record tells. It is made only when somebody listens.
    func tell(_ line: @autoclosure () -> String) {
        guard story != nil else { return }
        story?.note("\(wall.clock)  world  \(line())")
    }

    func countTick() { ticks += 1 }
    func countLaunch() { launches += 1 }
    func countRestart() { restarts += 1 }
}

/// An answer that somebody in weir waits for.
struct AnswerOnTheWay<Value> {
    var group: Int
    var life: Int
    var number: Int
    var value: Value
}

/// What one storm is told.
package struct StormOptions: Sendable {
    package var seed: UInt64
    package var stormHours = 8.0
    package var bug: PlantedBug?
    package var keepsStory = false
    /// Of the storm; in the calm little happens.
    package var keepsRecords = false
    package var mostViolations = 1
    /// Mean time between two changes of the weather.
    package var weatherMs: Int64 = 240_000

    package init(seed: UInt64) {
        self.seed = seed
    }
}

/// A rule that was broken.
package struct Violation: Sendable, Equatable {
    package var checker: CheckerName
    /// Milliseconds since the beginning of the storm.
    package var at: Int64
    package var text: String
}

/// What came of one seed.
package struct StormReport: Sendable {
    package var seed: UInt64
    package var hours: Double
    package var ticks: Int
    package var launches: Int
    package var restarts: Int
    package var faults: FaultCounts
    package var violations: [Violation]
    package var digest: UInt64
    package var story: [String]
    package var records: [Record]

    /// As weir writes them.
    package func recordLines() throws -> [Data] { try records.map { try RecordLine.encode($0) } }
}

/// A running sum over all that was decided, so that two runs can be compared.
struct Digest {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ number: Int64) {
        value = (value ^ UInt64(bitPattern: number)) &* 0x100_0000_01b3
    }

    mutating func add(_ text: String) {
        for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }

    mutating func add(_ record: Record) {
        add(record.at.milliseconds)
        add(Int64(record.decision.previousDesired * 10_000 + record.decision.desired))
        for reason in record.decision.reasons {
            add(Int64(reason.capacity))
            add(reason.code)
        }
        for planned in record.plan.actions {
            add(planned.action.word)
            add(planned.action.instance.text)
        }
        for event in record.events {
            add(event.code)
            add(event.instance.text)
        }
        add(Int64(record.answers.count * 100 + record.alarmTransitions.count))
    }
}

/// The last lines of what happened, for people.
struct StoryKeeper {
    private var teller: Storyteller
    private(set) var lines: [String] = []
    private static let most = 4000

    init(_ policies: [GroupPolicy]) {
        teller = Storyteller(policies)
    }

    mutating func tell(_ record: Record) {
        keep(teller.tell(record))
    }

    mutating func note(_ line: String) {
        keep([line])
    }

    private mutating func keep(_ more: [String]) {
        lines += more
        if lines.count > Self.most * 2 { lines.removeFirst(lines.count - Self.most) }
    }
}

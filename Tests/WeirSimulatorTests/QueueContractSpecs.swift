#if DEBUG
    import Synchronization
    import Testing
    import WeirCore
    import WeirQueue

    @testable import WeirSimulator

    /// What both queues are asked to do: who sends what when, how many receive, and what becomes of it.
    private struct Script {
        /// When each is visible for the first time, in order. Unit: milliseconds.
        var arrivals: [Int64] = []
        var services: [Int64] = []
        /// How long before it is visible each is sent. Unit: milliseconds.
        var delays: [Int64] = []
        var workers = 3
        var model = SimulationModel()

        /// Everything happens at whole tenths of seconds, and much of it at one moment.
        init(_ seed: UInt64, fails: Bool, delayed: Bool = false) {
            var chance = Randomness(seed: seed)
            workers = 1 + chance.below(5)
            model.seed = seed
            model.visibilityTimeout = .seconds(3)
            if fails {
                model.failureRate = 0.3
                model.poisonRate = 0.1
                model.maxReceiveCount = 1 + chance.below(4)
            }
            var clock: Int64 = 0
            for _ in 0..<250 {
                if chance.below(3) > 0 { clock += Int64(chance.below(12 / workers + 2)) * 1000 }
                arrivals.append(clock)
                // Nothing ends at the very moment at which its timeout does.
                services.append(Int64(1 + chance.below(79)) * 100)
                if services[services.count - 1] % 3000 == 0 { services[services.count - 1] += 100 }
                delays.append(delayed ? Int64(chance.below(4)) * 500 : 0)
            }
            // Of those that are visible at one moment, the one that was sent first is the first.
            delays = zip(arrivals, delays).sorted { ($0.0, -$0.1) < ($1.0, -$1.1) }.map(\.1)
        }
    }

    @Suite("The simulator's queue and the real one: one script, the same deliveries")
    struct QueueContractSpecs {
        @Test(
            "with failures, poison and dead letters, and much at one moment", arguments: 1...8 as ClosedRange<UInt64>)
        func failing(_ seed: UInt64) async throws {
            try await agree(Script(seed, fails: true))
        }

        @Test(
            "with messages that are kept for a minute only, among them some in flight and some that failed",
            arguments: 11...16 as ClosedRange<UInt64>)
        func expiring(_ seed: UInt64) async throws {
            // So many come that one worker cannot do them all in time.
            var script = Script(seed, fails: true)
            script.workers = 1
            for place in script.arrivals.indices { script.arrivals[place] /= 2 }
            // Nothing else happens at the moment at which one goes.
            script.model.retention = .milliseconds(60_050)
            #expect(try await agree(script).expired > 0)
        }

        @Test("with few messages in flight at a time", arguments: 31...34 as ClosedRange<UInt64>)
        func full(_ seed: UInt64) async throws {
            var script = Script(seed, fails: true)
            script.workers = 5
            script.model.mostInFlight = 3
            try await agree(script)
        }

        @Test("with delays", arguments: 21...24 as ClosedRange<UInt64>)
        func delayed(_ seed: UInt64) async throws {
            try await agree(Script(seed, fails: false, delayed: true))
        }

        @discardableResult
        private func agree(_ script: Script) async throws -> SimulationReport {
            let jobs = zip(script.arrivals, script.services).map {
                Job(arrivalNs: $0 * 1_000_000, serviceNs: $1 * 1_000_000)
            }
            var simulation = Simulation(
                Sample.fixed(script.workers), script.model, ListedJobs(jobs), beginsAt: Sample.noon)
            simulation.deliveries = []
            try simulation.run()
            let deliveries = simulation.deliveries
            let simulated = sorted(try #require(deliveries))
            var queue = try await RealQueue(script)
            let real = sorted(try await queue.run())
            let first = zip(simulated, real).enumerated().first { $1.0 != $1.1 }
            #expect(first == nil, "\(first as Any)")
            #expect(simulated.count == real.count)
            let dead = simulated.count { $0.receives == nil }
            let report = simulation.report(trace: "")
            #expect(report.deadLetters == dead)
            #expect(script.model.maxReceiveCount == nil || script.model.retention != nil || dead > 0)
            return report
        }
    }

    /// Those that became dead letters in one receive have no order among themselves.
    private func sorted(_ deliveries: [Delivery]) -> [Delivery] {
        deliveries.enumerated().sorted { left, right in
            guard left.element.atNs == right.element.atNs, left.element.receives == nil, right.element.receives == nil
            else { return left.offset < right.offset }
            return left.element.message < right.element.message
        }.map(\.element)
    }

    /// Workers around the real queue engine, on a clock that is moved by hand.
    private struct RealQueue {
        private struct AtWork {
            var untilMs: Int64
            /// In which order they began.
            var began: Int
            var worker: Int
            var message: Int
            var handle: String
        }

        private let script: Script
        private let service: QueueService
        private let clock: Clock
        private var chances: Chances
        private var deliveries: [Delivery] = []
        private var idle: [Int]
        private var atWork: [AtWork] = []
        private var began = 0
        private var poisoned: Set<Int> = []
        /// When messages that were received are visible again, if they are not deleted.
        private var timeouts: Set<Int64> = []
        private var unsent: [Int]

        private final class Clock: Sendable {
            private let state = Mutex(Sample.noon)
            var now: Instant {
                get { state.withLock { $0 } }
                set { state.withLock { $0 = newValue } }
            }
        }

        private static let timeoutMs: Int64 = 3000

        init(_ script: Script) async throws {
            self.script = script
            let clock = Clock()
            self.clock = clock
            var limits = QueueLimits.strict
            if let most = script.model.mostInFlight { limits.inFlightMessages = most }
            service = try QueueService(folder: nil, limits: limits, now: { clock.now })
            chances = Chances(script.model.seed)
            idle = Array(0..<script.workers)
            unsent = script.arrivals.indices.sorted {
                (script.arrivals[$0] - script.delays[$0], $0) < (script.arrivals[$1] - script.delays[$1], $1)
            }
            var attributes = QueueAttributes()
            if let most = script.model.maxReceiveCount {
                try await service.createQueue("dead", QueueAttributes(), given: [], tags: [])
                attributes.redrive = RedrivePolicy(deadLetterQueue: "dead", maxReceiveCount: most)
            }
            if let retention = script.model.retention { attributes.retention = retention }
            try await service.createQueue("jobs", attributes, given: [], tags: [])
        }

        mutating func run() async throws -> [Delivery] {
            var nowMs: Int64 = -10_000
            while let next = nextMoment(after: nowMs) {
                nowMs = next
                clock.now = Sample.noon + .milliseconds(nowMs)
                timeouts.remove(nowMs)
                await service.timePassed()
                try await handOut(nowMs)
                while let index = atWork.indices.min(by: {
                    (atWork[$0].untilMs, atWork[$0].began) < (atWork[$1].untilMs, atWork[$1].began)
                }), atWork[index].untilMs == nowMs {
                    try await end(atWork.remove(at: index))
                    try await handOut(nowMs)
                }
                while let message = unsent.first, script.arrivals[message] - script.delays[message] == nowMs {
                    unsent.removeFirst()
                    let new = NewMessage(
                        body: "\(message + 1)", delay: .milliseconds(script.delays[message]))
                    for sent in try await service.send([new], to: "jobs", senderID: "me") { _ = try sent.get() }
                    try await handOut(nowMs)
                }
            }
            await service.close()
            return deliveries
        }

        private func nextMoment(after nowMs: Int64) -> Int64? {
            var moments = atWork.map(\.untilMs) + timeouts
            if let message = unsent.first { moments.append(script.arrivals[message] - script.delays[message]) }
            moments += script.delays.indices.filter { script.delays[$0] > 0 }.map { script.arrivals[$0] }
            return moments.filter { $0 > nowMs }.min()
        }

        private mutating func handOut(_ nowMs: Int64) async throws {
            while let worker = idle.first {
                var got: [ReceivedMessage] = []
                do {
                    got = try await service.receive(
                        from: "jobs", count: 1, visibilityTimeout: .milliseconds(Self.timeoutMs), wait: .zero,
                        receiver: nil)
                } catch QueueError.overLimit {}
                for message in try await newDeadLetters() {
                    deliveries.append(Delivery(message: message, atNs: nowMs * 1_000_000, receives: nil))
                }
                guard let received = got.first, let message = Int(received.body) else { return }
                idle.removeFirst()
                deliveries.append(
                    Delivery(message: message, atNs: nowMs * 1_000_000, receives: received.receiveCount))
                if received.receiveCount == 1, chances.isPoison(script.model) { poisoned.insert(message) }
                let serviceMs = script.services[message - 1]
                // A worker that needs longer says so.
                let hiddenMs = (serviceMs / Self.timeoutMs + 1) * Self.timeoutMs
                if hiddenMs > Self.timeoutMs {
                    let change = (received.receiptHandle, Duration.milliseconds(hiddenMs))
                    for changed in try await service.changeVisibility([change], of: "jobs") { try changed.get() }
                }
                timeouts.insert(nowMs + hiddenMs)
                began += 1
                atWork.append(
                    AtWork(
                        untilMs: nowMs + serviceMs, began: began, worker: worker, message: message,
                        handle: received.receiptHandle))
            }
        }

        private mutating func end(_ work: AtWork) async throws {
            idle.append(work.worker)
            if poisoned.contains(work.message) || chances.attempts.happens(script.model.failureRate) { return }
            for deleted in try await service.delete([work.handle], from: "jobs") { try deleted.get() }
        }

        /// Those that came into the dead-letter queue since it was asked for last.
        private func newDeadLetters() async throws -> [Int] {
            guard script.model.maxReceiveCount != nil else { return [] }
            var found: [Int] = []
            while true {
                let more = try await service.receive(
                    from: "dead", count: 10, visibilityTimeout: .seconds(43_200), wait: .zero, receiver: nil)
                if more.isEmpty { return found }
                found += more.compactMap { Int($0.body) }
                for deleted in try await service.delete(more.map(\.receiptHandle), from: "dead") { try deleted.get() }
            }
        }
    }
#endif

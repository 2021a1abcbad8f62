import Testing

@testable import WeirSearch

@Suite("Searching")
struct SearchSpecs {
    /// Runs a search over a function.
    private static func run(
        _ families: [Family], rungs: Int = 1, budget: Int, seed: UInt64 = 1, _ verdict: (Int, [Double], Int) -> Verdict?
    ) -> Search {
        var search = Search(families, rungs: rungs, budget: budget, seed: seed)
        while true {
            let proposals = search.next()
            if proposals.isEmpty { return search }
            search.take(
                proposals.map { proposal in
                    let family = proposal.candidate.family
                    return verdict(family, families[family].values(at: proposal.candidate.places), proposal.rung)
                })
        }
    }

    private static let shares = (0..<5).map { Parameter("x\($0)", .share(least: 0, most: 1)) }

    @Test("the bottom of a bowl in five dimensions is found", arguments: [1, 2, 3] as [UInt64])
    func bowl(seed: UInt64) throws {
        let bottom = [0.2, 0.9, 0.5, 0.71, 0.35]
        let search = Self.run([Family("bowl", Self.shares)], budget: 250, seed: seed) { _, values, _ in
            Verdict(objective: zip(values, bottom).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }, violation: 0)
        }
        // Of all places at random one in a thousand is so near.
        #expect(try #require(search.best).verdict.objective < 0.03)
    }

    @Test("a best place on the edge of what is allowed is found", arguments: [1, 2, 3] as [UInt64])
    func constrained(seed: UInt64) throws {
        // x + y is least where x × y is just 100: at 10 and 10.
        let axes = [Parameter("x", .scale(least: 1, most: 1000)), Parameter("y", .scale(least: 1, most: 1000))]
        let search = Self.run([Family("edge", axes)], budget: 400, seed: seed) { _, values, _ in
            let product = values[0] * values[1]
            return Verdict(
                objective: values[0] + values[1], violation: max(0, (100 - product) / 100),
                limited: .init(value: -product, limit: -100))
        }
        let best = try #require(search.best)
        #expect(best.verdict.violation == 0)
        #expect((20...23).contains(best.verdict.objective), "\(best.verdict.objective)")
    }

    @Test("who leaves jobs undone is on no frontier, and under no limit the best")
    func undone() {
        let family = Family("idle", [Parameter("x", .share(least: 0, most: 1))])
        let search = Self.run([family], budget: 60) { _, values, _ in
            // Below a half it is the cheaper the less it does, and those that it does not do wait for nothing.
            let undone = values[0] < 0.5 ? Verdict.violation(leaving: 1, of: 2) : 0
            return Verdict(
                objective: values[0], violation: undone, undone: undone,
                limited: .init(value: values[0] < 0.5 ? 0 : 1 - values[0], limit: 0.25))
        }
        #expect(search.frontier.count > 1 && search.frontier.allSatisfy { $0.verdict.undone == 0 })
        let idle = Verdict(objective: 0, violation: 2, undone: 2, limited: .init(value: 0, limit: 1))
        #expect(idle.limited(by: 4).violation == 2)
    }

    @Test("of two kinds the better one is found, though most of it is worse than the other")
    func kinds() throws {
        let families = [
            Family("flat", [Parameter("x", .share(least: 0, most: 1))]),
            Family("valley", [Parameter("x", .share(least: 0, most: 1)), Parameter("y", .share(least: 0, most: 1))]),
        ]
        let search = Self.run(families, budget: 300) { family, values, _ in
            family == 0
                ? Verdict(objective: 1 + values[0], violation: 0)
                : Verdict(objective: min(3, 10 * (abs(values[0] - 0.3) + abs(values[1] - 0.8))), violation: 0)
        }
        let best = try #require(search.best)
        #expect(best.candidate.family == 1)
        #expect(best.verdict.objective < 1)
    }

    @Test("small parts of the load sort out most candidates, and only those that are tried on all of it are the best")
    func rungs() throws {
        var tried = [0, 0, 0]
        let search = Self.run([Family("bowl", Self.shares)], rungs: 3, budget: 200) { _, values, rung in
            tried[rung] += 1
            // A small part flatters, and says where the bottom is all the same.
            let objective = values.reduce(0) { $0 + ($1 - 0.4) * ($1 - 0.4) } + Double(rung)
            return Verdict(objective: objective, violation: 0)
        }
        #expect(search.trials.count == 200)
        #expect(tried[0] > tried[1] && tried[2] < 120, "\(tried)")
        let best = try #require(search.best)
        #expect(best.rung == 2 && best.verdict.objective < 2.05)
    }

    @Test("the same seed proposes the same, another seed another")
    func determinism() {
        func places(_ seed: UInt64) -> [[Double]] {
            Self.run([Family("bowl", Self.shares)], rungs: 2, budget: 100, seed: seed) { _, values, _ in
                Verdict(objective: values.reduce(0, +), violation: 0)
            }.trials.map(\.candidate.places)
        }
        #expect(places(5) == places(5))
        #expect(places(5) != places(6))
    }

    @Test("where it begins is tried first and on everything, and it is the best until something better is found")
    func start() throws {
        let families = [Family("given", Self.shares, start: [0.1, 0.2, 0.3, 0.4, 0.5])]
        var search = Search(families, rungs: 3, budget: 1, seed: 1)
        let first = search.next()
        #expect(first.count == 1 && first[0].rung == 2)
        let values = families[0].values(at: first[0].candidate.places)
        #expect(zip(values, [0.1, 0.2, 0.3, 0.4, 0.5]).allSatisfy { abs($0 - $1) < 1e-9 })
        search.take([Verdict(objective: 3, violation: 0)])
        #expect(search.next().isEmpty)
        #expect(try #require(search.best).number == 0)
    }

    @Test("what cannot be tried is passed over, and what was given up early is never the best")
    func passedOver() throws {
        let search = Self.run([Family("bowl", Self.shares)], budget: 60) { _, values, _ in
            if values[0] < 0.3 { return nil }
            return Verdict(objective: values[0], violation: 0, isWhole: values[1] < 0.5)
        }
        #expect(try #require(search.best).verdict.isWhole)
        #expect(search.trials.allSatisfy { families in families.candidate.places[0] >= 0.29 })
    }

    @Test("no solution of the frontier is worse than another in both")
    func frontier() {
        let search = Self.run([Family("bowl", Self.shares)], budget: 120) { _, values, _ in
            Verdict(
                objective: 1 / (0.1 + values[0]) + values[1], violation: 0,
                limited: .init(value: values[0] + values[2], limit: 1))
        }
        let edge = search.frontier
        #expect(edge.count > 3)
        for (left, right) in zip(edge, edge.dropFirst()) {
            #expect(left.verdict.objective > right.verdict.objective)
            #expect((left.verdict.limited?.value ?? 0) < (right.verdict.limited?.value ?? 0))
        }
        for trial in search.trials {
            #expect(
                edge.contains {
                    $0.verdict.objective <= trial.verdict.objective
                        && ($0.verdict.limited?.value ?? 0) <= (trial.verdict.limited?.value ?? 0)
                })
        }
    }
}

@Suite("Figures that a search may move")
struct ParameterSpecs {
    @Test(
        "every value has a place, and the place has that value",
        arguments: [
            (Parameter.Domain.counts(least: 1, most: 20), [1.0, 2, 7, 19, 20]),
            (.counts(least: 0, most: 500), [0, 1, 2, 33, 499, 500]),
            (.scale(least: 0.5, most: 4000), [0.5, 1, 12.3, 456, 4000]),
            (.share(least: 0.3, most: 1), [0.3, 0.77, 1]),
            (.choice([10, 30, 60, 300]), [10, 30, 60, 300]),
        ])
    func places(domain: Parameter.Domain, values: [Double]) {
        let parameter = Parameter("x", domain)
        for value in values {
            let place = parameter.place(of: value)
            #expect((0...1).contains(place))
            #expect(abs(parameter.value(at: place) - value) <= value * 1e-9, "\(value) in \(domain)")
        }
        #expect(parameter.value(at: 0) == values[0])
        #expect(parameter.value(at: 1) == values[values.count - 1])
    }

    @Test("small counts are told apart better than large ones")
    func scale() {
        let parameter = Parameter("x", .counts(least: 1, most: 1000))
        let drawn = (0..<1000).map { parameter.value(at: Double($0) / 999) }
        #expect(drawn.count { $0 <= 30 } > 450)
        #expect(Set(drawn).isSuperset(of: (1...10).map(Double.init)))
    }

    @Test("numbers have three digits that matter")
    func digits() {
        let parameter = Parameter("x", .scale(least: 0.001, most: 1e6))
        for step in 0...100 {
            let text = "\(parameter.value(at: Double(step) / 100))"
            let digits = text.filter(\.isNumber).drop { $0 == "0" }
            #expect(digits.reversed().drop { $0 == "0" }.count <= 3 || text.contains("e"), "\(text)")
        }
    }
}

@Suite("What is wanted")
struct ObjectiveSpecs {
    private static let names = FieldNames(["wait_s.p95", "worker_hours", "launches"], hasBase: false)

    private static func figures(_ wait: Double, _ hours: Double, _ launches: Double = 0) -> Figures {
        Figures { ["wait_s.p95": wait, "worker_hours": hours, "launches": launches][$0.name] }
    }

    @Test("least of a figure, subject to a limit")
    func least() throws {
        let objective = try Objective("min worker_hours subject to wait_s.p95 <= 60", over: Self.names)
        #expect(objective.objective(Self.figures(70, 100)) == 100)
        #expect(objective.violation(Self.figures(60, 100)) == 0)
        #expect(abs(objective.violation(Self.figures(90, 100)) - 0.5) < 1e-9)
        #expect(objective.limit?.field == "wait_s.p95" && objective.limit?.most == 60)
        #expect(objective.leastField == "worker_hours")
    }

    @Test("of two conditions both count, of alternatives the nearer one")
    func several() throws {
        let both = try Objective("min worker_hours subject to wait_s.p95 <= 1m and launches < 10", over: Self.names)
        #expect(abs(both.violation(Self.figures(90, 1, 20)) - 1.5) < 1e-9)
        let one = try Objective("min worker_hours subject to wait_s.p95 <= 1m or launches < 10", over: Self.names)
        #expect(abs(one.violation(Self.figures(90, 1, 20)) - 0.5) < 1e-9)
        #expect(one.limit == nil)
        let no = try Objective("min worker_hours subject to not wait_s.p95 > 60", over: Self.names)
        #expect(no.violation(Self.figures(60, 1)) == 0 && no.violation(Self.figures(61, 1)) > 0)
    }

    @Test("most of a figure, or of a sum, subject to nothing")
    func most() throws {
        let objective = try Objective("max launches - 2 * worker_hours", over: Self.names)
        #expect(objective.objective(Self.figures(0, 3, 10)) == -4)
        #expect(objective.violation(Self.figures(0, 3)) == 0)
    }

    @Test(
        "a mistake is told",
        arguments: [
            ("worker_hours", "expected such as: min worker_hours"),
            ("min", "expected such as"),
            ("min worker_hour", "did you mean 'worker_hours'?"),
            ("min worker_hours subject to wait_s.p95", "expected a comparison"),
            ("min worker_hours > 3", "expected a number or a field"),
            ("min base.worker_hours", "there is no figure 'base.worker_hours'"),
        ])
    func mistakes(text: String, problem: String) {
        #expect {
            _ = try Objective(text, over: Self.names)
        } throws: { error in
            (error as? ExpressionMistake)?.problem.contains(problem) == true
        }
    }

    @Test("who keeps the condition comes before who does not, and then the objective counts")
    func rules() {
        let cheap = Verdict(objective: 1, violation: 0.1)
        let dear = Verdict(objective: 9, violation: 0)
        #expect(dear.isBetter(than: cheap) && !cheap.isBetter(than: dear))
        #expect(Verdict(objective: 8, violation: 0).isBetter(than: dear))
        #expect(cheap.isBetter(than: Verdict(objective: 0, violation: 0.2)))
        #expect(!dear.isBetter(than: dear))
    }
}

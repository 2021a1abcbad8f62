import Testing
import WeirCore

@testable import WeirBackends

@Suite("Rates from totals")
struct CounterRatesSpecs {
    struct Step: Sendable, CustomTestStringConvertible {
        var second: Int64
        var arrived: Double?
        var completed: Double?
        var arrival: Reading = .missing(.notTold)
        var completion: Reading = .missing(.notTold)
        var because: String
        var testDescription: String { because }
    }

    @Test("are those since the totals before, and missing where nothing can be said")
    func rates() {
        var rates = CounterRates()
        for step in [
            Step(second: 0, arrived: 100, completed: 40, because: "the first look has nothing to compare with"),
            Step(
                second: 10, arrived: 120, completed: 45, arrival: .value(2), completion: .value(0.5),
                because: "both grew"),
            Step(
                second: 20, arrived: 120, completed: 45, arrival: .value(0), completion: .value(0),
                because: "nothing came"),
            Step(
                second: 30, arrived: 3, completed: 50, completion: .value(0.5), because: "a total that fell began anew"),
            Step(second: 40, arrived: 13, completed: nil, arrival: .value(1), because: "a total that is not told"),
            Step(
                second: 50, arrived: 13, completed: 60, arrival: .value(0),
                because: "nor is there a rate right after it"),
            Step(second: 50, arrived: 14, completed: 61, because: "no time has passed"),
            Step(second: 45, arrived: 15, completed: 62, because: "the clock was set back"),
        ] {
            let told = rates.next(
                arrived: step.arrived, completed: step.completed, at: Instant(milliseconds: step.second * 1000))
            #expect(told.arrival == step.arrival, "\(step.because)")
            #expect(told.completion == step.completion, "\(step.because)")
        }
    }
}

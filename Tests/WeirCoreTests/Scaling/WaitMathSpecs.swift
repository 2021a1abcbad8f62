import Foundation
import Testing

@testable import WeirCore

@Suite("Buckets and functions that round alike everywhere")
struct WaitMathSpecs {
    @Test("each edge is the beginning of its bucket's successor, eight to an octave from a millisecond")
    func buckets() {
        #expect(LogScale.work.bucket(0) == 0 && LogScale.work.bucket(0.001) == 0)
        #expect(LogScale.work.bucket(0.002) == 9 && LogScale.work.bucket(0.0019) == 8)
        for bucket in 1..<240 {
            let edge = LogScale.work.edge(bucket)
            #expect(LogScale.work.bucket(edge * 0.999_999) == bucket)
            #expect(LogScale.work.bucket(edge * 1.000_001) == bucket + 1)
        }
    }

    @Test("exponential, logarithm and normal distribution are those of a mathematics library, within 1e-12")
    func functions() {
        for x in stride(from: -20.0, through: 20, by: 0.37) {
            #expect(abs(exponential(x) / exp(x) - 1) < 1e-12)
            #expect(abs(logarithm(exp(x)) - x) < 1e-12)
        }
        for z in stride(from: -6.5, through: 6.5, by: 0.13) {
            #expect(abs(normalShare(below: z) - 0.5 * erfc(-z / 2.0.squareRoot())) < 1e-12)
        }
    }

    @Test("service times of one look have no order: however many they are, each counts as much as the others")
    func batch() {
        var tally = Tally()
        tally.add(3000, of: 10)
        tally.add(1000, of: 200)
        var service = ServiceTimes()
        service.learn(tally)
        #expect(abs(service.weights[10] / service.weights[200] - 3) < 1e-9)
        // One at a time is what it is one after the other.
        var (one, other) = (ServiceTimes(), ServiceTimes())
        for bucket in [5, 7, 5] {
            var single = Tally()
            single.add(of: bucket)
            one.learn(single)
            other.learn(single)
        }
        #expect(one == other && abs(one.weights[7] - (1 - 1 / ServiceTimes.memory)) < 1e-12)
    }

    @Test("of exponential times, an instance that is free now receives 1 + time ÷ mean messages")
    func renewals() throws {
        var service = ServiceTimes()
        var chance: UInt64 = 0
        var tally = Tally()
        for _ in 0..<4000 {
            chance += 1
            let unit = Double(Random.number(seed: 3, position: chance) >> 11) / 9_007_199_254_740_992
            tally.add(of: LogScale.work.bucket(-logarithm(1 - unit) * 20))
        }
        service.learn(tally)
        var tables = WaitTables(
            WaitTables.Basis(service: service, inHand: Tally(), planned: 60, target: 60, at: noon))
        #expect(abs(tables.renewals.received(within: 60) - 4) < 0.3, "\(tables.renewals.received(within: 60))")
        // It has no memory, so neither has the expectation.
        let (early, late) = (LogScale.work.bucket(1), LogScale.work.bucket(25))
        tables.prepareAll()
        let (young, old) = (try #require(tables.working[early]), try #require(tables.working[late]))
        #expect(abs(young.next - old.next) < 0.6)
    }
}

import Testing

@testable import WeirCore

@Suite("Numbers and times as text")
struct TextSpecs {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (1_772_366_400_000, "2026-03-01T12:00:00Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z"), (951_782_400_000, "2000-02-29T00:00:00Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (-62_135_596_800_000, "0001-01-01T00:00:00Z"), (1_735_689_599_050, "2024-12-31T23:59:59.050Z"),
        ] as [(Int64, String)])
    func rfc3339(_ milliseconds: Int64, _ expected: String) {
        #expect(Instant(milliseconds: milliseconds).rfc3339 == expected)
    }

    @Test func clock() {
        #expect(Instant.at(63).clock == "12:01:03")
        #expect(Instant(milliseconds: -1000).clock == "23:59:59")
    }

    @Test(
        arguments: [
            (0, "0"), (240, "240"), (-3, "-3"), (1.5, "1.5"), (-0.25, "-0.25"), (12.3456, "12.346"), (0.0001, "0.0001"),
            (0.0000033333, "0.00000333"), (-0.0099996, "-0.01"), (0.0025, "0.0025"), (0.01, "0.01"), (1e-14, "1e-14"),
            (1.0004, "1"), (99.9996, "100"), (1e15, "1000000000000000"), (1e300, "1e+300"),
            (Double.infinity, "infinity"), (-Double.infinity, "-infinity"),
            (Double.nan, "not a number"),
        ] as [(Double, String)])
    func numbers(_ number: Double, _ expected: String) {
        #expect(numberText(number) == expected)
    }

    @Test(
        arguments: [
            (4444, "4.4 a second"), (1000, "1 a second"), (980, "58.8 a minute"), (22.2, "1.3 a minute"),
            (0.556, "2 an hour"), (0.0347, "3 a day"), (1_200_000, "1200 a second"),
        ] as [(Double, String)])
    func rates(_ perThousandSeconds: Double, _ expected: String) {
        #expect(rateText(perThousandSeconds / 1000) == expected)
    }

    @Test(arguments: [
        (Duration.seconds(60), "60s"), (.milliseconds(1500), "1.5s"), (.milliseconds(250), "250ms"), (.zero, "0s"),
        (.seconds(86_400), "86400s"),
    ])
    func durations(_ duration: Duration, _ expected: String) {
        #expect(duration.text == expected)
    }

    @Test(arguments: [
        (1, "instance", "1 instance"), (0, "instance", "0 instances"), (-1, "unit", "-1 unit"),
        (2, "launch", "2 launches"), (3, "policy", "3 policies"), (1, "policy", "1 policy"),
        (2, "dead letter", "2 dead letters"),
    ])
    func counts(_ count: Int, _ noun: String, _ expected: String) {
        #expect(counted(count, noun) == expected)
    }

    @Test(
        arguments: [
            (4, "4 s"), (125, "2 min 5 s"), (-1, "0 ms"), (.nan, "0 ms"), (-.infinity, "0 ms"),
            (.infinity, "3472222 d 5 h"),
        ] as [(Double, String)])
    func ages(_ seconds: Double, _ expected: String) {
        #expect(ageText(seconds) == expected)
    }

    @Test func milliseconds() {
        #expect(Duration.seconds(604_800).wholeMilliseconds == 604_800_000)
        #expect(Duration.microseconds(1999).wholeMilliseconds == 1)
        // On both sides of the length up to which the quick way is taken.
        #expect((Duration.seconds(302_231) + .microseconds(454_001)).wholeMilliseconds == 302_231_454)
        #expect((Duration.seconds(302_231) + .microseconds(454_999)).wholeMilliseconds == 302_231_454)
        #expect(Duration.nanoseconds(999_999).wholeMilliseconds == 0)
        #expect(Duration.milliseconds(-2500).wholeMilliseconds == -2500)
        #expect(Instant.at(5) - Instant.at(2.5) == .milliseconds(2500))
    }

    @Test(arguments: [(0, "0 launches"), (1, "1 launch"), (2, "2 launches")])
    func counts(_ count: Int, _ expected: String) {
        #expect(counted(count, "launch") == expected)
    }

    @Test func names() {
        let ids = ["i-1", "i-2"].map { InstanceID($0) }
        #expect(named(ids, of: 2) == "i-1, i-2")
        #expect(named(ids, of: 5) == "i-1, i-2 and 3 more")
    }

    @Test("the generator gives the published sequence of its recipe")
    func splitmix() {
        let numbers = (0..<3).map { Random.number(seed: 1_234_567, position: $0) }
        #expect(numbers == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
    }
}

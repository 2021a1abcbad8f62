import Testing

@testable import WeirPolicy

@Suite("Did you mean …?")
struct NearestWordSpecs {
    static let keys = [
        "group", "queue", "workers", "min_size", "max_size", "desired_capacity", "default_cooldown",
        "protect_from_scale_in", "termination_policies", "metrics", "alarms", "scaling_policies",
    ]

    struct Row: Sendable, CustomTestStringConvertible {
        var written: String
        var meant: String?
        var because: String
        var testDescription: String { "\(written) → \(meant ?? "nothing"): \(because)" }
    }

    static let rows: [Row] = [
        .init(written: "max_sise", meant: "max_size", because: "one letter is mistaken"),
        .init(written: "max_siez", meant: "max_size", because: "two neighbours are swapped"),
        .init(written: "maxsize", meant: "max_size", because: "only the underscore is missing"),
        .init(written: "MaxSize", meant: "max_size", because: "AWS writes it so"),
        .init(written: "max-size", meant: "max_size", because: "a dash is an underscore"),
        .init(written: "alarm", meant: "alarms", because: "one letter is missing"),
        .init(written: "alrams", meant: "alarms", because: "two neighbours are swapped"),
        .init(written: "worker", meant: "workers", because: "one letter is missing"),
        .init(written: "grup", meant: "group", because: "one letter is missing"),
        .init(written: "quue", meant: "queue", because: "one letter is missing"),
        .init(written: "desired", meant: "desired_capacity", because: "it is a part of only one word"),
        .init(written: "cooldown", meant: "default_cooldown", because: "it is a part of only one word"),
        .init(written: "protect", meant: "protect_from_scale_in", because: "it is a part of only one word"),
        .init(written: "policies", meant: nil, because: "it is a part of two words"),
        .init(written: "size", meant: nil, because: "it is a part of two words"),
        .init(written: "colour", meant: nil, because: "nothing is near"),
        .init(written: "x", meant: nil, because: "a single letter is near to everything"),
        .init(written: "", meant: nil, because: "nothing was written"),
        .init(written: "max_size_of_the_group", meant: nil, because: "too much is added"),
    ]

    @Test(arguments: rows)
    func nearest(_ row: Row) {
        #expect(NearestWord.to(row.written, among: Self.keys) == row.meant)
    }

    @Test("Of two equally near words the first is named, so that the answer is always the same")
    func ties() {
        #expect(NearestWord.to("cat", among: ["bat", "hat"]) == "bat")
        #expect(NearestWord.to("cat", among: ["hat", "bat"]) == "hat")
    }

    @Test(
        "A key as AWS spells it is spelt as ours are; one without a capital stays as it is",
        arguments: [
            ("MinSize", "min_size"), ("OKActions", "ok_actions"), ("minSize", "min_size"), ("Min-Size", "min_size"),
            ("VPCZoneIdentifier", "vpc_zone_identifier"), ("MIN_SIZE", "min_size"), ("P99", "p99"),
            ("Phase2Steps", "phase2_steps"), ("min_size", "min_size"), ("min-size", "min-size"), ("", ""),
        ])
    func snakeCase(_ written: String, _ ours: String) {
        #expect(NearestWord.snakeCase(written) == ours)
    }

    @Test(
        "Slips are counted",
        arguments: [
            ("", "", 0), ("a", "", 1), ("", "ab", 2), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "abd", 1),
            ("kitten", "sitting", 3),
        ])
    func slips(_ left: String, _ right: String, _ expected: Int) {
        #expect(NearestWord.slipsBetween(Array(left), Array(right)) == expected)
        #expect(NearestWord.slipsBetween(Array(right), Array(left)) == expected)
    }
}

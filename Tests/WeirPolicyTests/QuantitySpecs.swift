import Testing

@testable import WeirPolicy

@Suite("Times and sizes")
struct QuantitySpecs {
    @Test(
        "Times that are right",
        arguments: [
            ("500ms", 500), ("30s", 30_000), ("5m", 300_000), ("1h", 3_600_000), ("1d", 86_400_000), ("0s", 0),
            ("1.5h", 5_400_000), ("0.5s", 500), ("1h30m", 5_400_000), ("1d12h", 129_600_000), ("1m500ms", 60_500),
            ("0.001s", 1), ("100000d", 8_640_000_000_000),
        ])
    func times(_ text: String, _ milliseconds: Int) {
        #expect(Quantity.duration(text) == .success(.milliseconds(milliseconds)))
    }

    @Test(
        "Times that are wrong, and what is said",
        arguments: [
            ("300", Quantity.Mistake.noUnit(fix: "300s")), ("0.5", .noUnit(fix: "0.5s")), ("0", .noUnit(fix: "0s")),
            ("5 min", .spelling(fix: "5m")), ("5min", .spelling(fix: "5m")), ("30 s", .spelling(fix: "30s")),
            ("30S", .spelling(fix: "30s")), ("2 hours", .spelling(fix: "2h")),
            ("100 milliseconds", .spelling(fix: "100ms")),
            ("", .unreadable), ("s", .unreadable), ("-5s", .unreadable), ("+5s", .unreadable), ("5s5s", .unreadable),
            ("30m1h", .unreadable), ("1,5h", .unreadable), ("1.h", .unreadable), (".5s", .unreadable),
            ("1.0001s", .unreadable), ("5w", .unreadable), ("٣s", .unreadable), ("1e3s", .unreadable),
            ("99999999999999999999s", .unreadable), ("9223372036854775807d", .unreadable), ("1h 30m", .unreadable),
        ])
    func wrongTimes(_ text: String, _ mistake: Quantity.Mistake) {
        #expect(Quantity.duration(text) == .failure(mistake))
    }

    @Test(
        "Times as they are written",
        arguments: [
            (0, "0s"), (500, "500ms"), (1500, "1500ms"), (30_000, "30s"), (60_000, "60s"), (300_000, "300s"),
            (600_000, "10m"), (3_600_000, "1h"), (5_400_000, "90m"), (86_400_000, "1d"), (90_000_000, "25h"),
        ])
    func timeText(_ milliseconds: Int, _ text: String) {
        #expect(Quantity.text(.milliseconds(milliseconds)) == text)
        #expect(Quantity.duration(text) == .success(.milliseconds(milliseconds)))
    }

    @Test(
        "Sizes that are right",
        arguments: [
            ("1B", 1), ("0B", 0), ("1kB", 1000), ("1MB", 1_000_000), ("1GB", 1_000_000_000), ("1TB", 1_000_000_000_000),
            ("1KiB", 1024), ("256MiB", 268_435_456), ("1.5GiB", 1_610_612_736), ("1TiB", 1_099_511_627_776),
        ])
    func sizes(_ text: String, _ bytes: Int) {
        #expect(Quantity.size(text) == .success(bytes))
    }

    @Test(
        "Sizes that are wrong, and what is said",
        arguments: [
            ("256", Quantity.Mistake.noUnit(fix: "256MiB")), ("536870912", .noUnit(fix: "536870912B")),
            ("512m", .spelling(fix: "512MiB")), ("512Mi", .spelling(fix: "512MiB")),
            ("512 MiB", .spelling(fix: "512MiB")),
            ("1gb", .spelling(fix: "1GB")), ("64k", .spelling(fix: "64KiB")), ("1KB", .spelling(fix: "1kB")),
            ("", .unreadable), ("MiB", .unreadable), ("-1MiB", .unreadable), ("1MiB1KiB", .unreadable),
            ("lots", .unreadable),
            ("1.5B", .unreadable), ("99999999999TiB", .unreadable),
        ])
    func wrongSizes(_ text: String, _ mistake: Quantity.Mistake) {
        #expect(Quantity.size(text) == .failure(mistake))
    }

    @Test(
        "Sizes as they are written",
        arguments: [
            (0, "0B"), (1, "1B"), (1000, "1kB"), (1024, "1KiB"), (268_435_456, "256MiB"), (1_000_000_000, "1GB"),
            (1001, "1001B"),
        ])
    func sizeText(_ bytes: Int, _ text: String) {
        #expect(Quantity.text(sizeBytes: bytes) == text)
        #expect(Quantity.size(text) == .success(bytes))
    }
}

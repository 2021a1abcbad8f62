import Testing

@testable import WeirCore

@Suite("Which alarms are taken")
struct AlarmLimitsSpecs {
    @Test("the rules of CloudWatch and those of weir differ in the two shortest periods")
    func limits() {
        var alarm = AlarmDefinition.up()
        for seconds in [1, 5, 10, 20, 30, 60, 120] {
            alarm.period = .seconds(seconds)
            #expect(AlarmRequest(alarm).problems(under: .weir) == [])
            #expect(AlarmRequest(alarm).problems(under: .cloudWatch).map(\.field) == (seconds < 10 ? [.period] : []))
        }
        alarm.period = .seconds(15)
        #expect(
            AlarmRequest(alarm).problems(under: .weir)
                == [AlarmProblem(.period, expected: "1s, 5s, 10s, 20s, 30s or a multiple of 60s")])
        alarm.period = .seconds(60)
        alarm.evaluationPeriods = 1441
        alarm.datapointsToAlarm = 1442
        alarm.actions.ok = Array(repeating: .command(["x"]), count: 6)
        #expect(
            AlarmRequest(alarm).problems(under: .weir) == [
                AlarmProblem(.evaluationPeriods, expected: "1 to 1440"),
                AlarmProblem(.datapointsToAlarm, expected: "1 to 1441"),
                AlarmProblem(.okActions, expected: "at most 5"),
            ])
    }

    struct Row: CustomTestStringConvertible {
        var because: String
        var fields: [AlarmProblem.Field]
        var change: @Sendable (inout AlarmRequest) -> Void
        var testDescription: String { because }

        init(
            _ because: String, _ fields: AlarmProblem.Field..., change: @escaping @Sendable (inout AlarmRequest) -> Void
        ) {
            self.because = because
            self.fields = fields
            self.change = change
        }
    }

    @Test(
        "one thing wrong is one complaint about it",
        arguments: [
            Row("as it is, it is right") { _ in },
            Row("a name has at least one character", .name) { $0.name = "" },
            Row("and at most 255", .name) { $0.name = String(repeating: "ä", count: 256) },
            Row("none of them a control character", .name) { $0.name = "a\tb" },
            Row("a description has its own length", .description) {
                $0.description = String(repeating: "a", count: 1025)
            },
            Row("statistics are CloudWatch's", .statistic) { $0.statistic = "Median" },
            Row("a percentile is an extended one", .statistic) { $0.statistic = "p99" },
            Row("one of the two is needed", .statistic) { $0.statistic = nil },
            Row("but not both", .extendedStatistic) { $0.extendedStatistic = "p99" },
            Row("an average is not extended", .extendedStatistic) {
                $0.statistic = nil
                $0.extendedStatistic = "Average"
            },
            Row("thirty dimensions are enough", .dimensions) { $0.dimensions = 31 },
            Row("a static alarm needs its threshold", .threshold) { $0.threshold = nil },
            Row("a band takes its place") {
                $0.threshold = nil
                $0.comparison = "GreaterThanUpperThreshold"
                $0.thresholdMetricID = "ad1"
            },
            Row("the threshold is a number", .threshold) { $0.threshold = .infinity },
            Row("operators are CloudWatch's", .comparison) { $0.comparison = ">" },
            Row("so are treatments", .missingData) { $0.missingData = "zero" },
            Row("and those of few samples", .lowSamples) { $0.lowSamples = "skip" },
            Row("at least one period is judged", .evaluationPeriods, .datapointsToAlarm) { $0.evaluationPeriods = 0 },
            Row("and one datapoint", .datapointsToAlarm) { $0.datapointsToAlarm = 0 },
            Row("metric math comes without a metric of its own", .queries) {
                $0.queries = [AlarmRequest.Query(id: "e1", isExpression: true, returnsData: true)]
                $0.statistic = nil
            },
        ])
    func complaints(_ row: Row) {
        var request = AlarmRequest(.up())
        row.change(&request)
        #expect(request.problems(under: .cloudWatch).map(\.field) == row.fields)
    }

    @Test(
        "the entries of metric math",
        arguments: [
            ([("m1", false), ("e1", true)], 1, true), ([("m1", false), ("m1", true)], 1, false),
            ([("M1", true)], 1, false), ([("m-1", true)], 1, false), ([("m1", true), ("m2", true)], 2, false),
            ([], 0, false), ((0..<11).map { ("m\($0)", false) }, 1, false),
            ((0..<20).map { ("m\($0)", $0 % 2 == 0) }, 1, true), ([("m1", true)], 0, false),
        ])
    func queries(_ entries: [(id: String, isExpression: Bool)], _ returning: Int, _ isRight: Bool) {
        var request = AlarmRequest()
        request.queries = entries.enumerated().map {
            AlarmRequest.Query(id: $1.id, isExpression: $1.isExpression, returnsData: $0 < returning)
        }
        #expect(request.problems(under: .cloudWatch).isEmpty == isRight)
    }
}

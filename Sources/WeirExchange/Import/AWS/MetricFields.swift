import WeirCore
import WeirPolicy

/// A metric of AWS in weir's words.
struct ReadMetric {
    /// A metric that every group has, or the name of an expression of the policy.
    var word: String
    var statistic: Statistic
    var period: Duration
    /// One unit of the AWS figure in weir's unit: thresholds and step bounds are multiplied by it.
    var scale = 1.0
    /// Why a figure means something else now; nil while it means the same.
    var change: String?
}

extension AWSImport {
    /// What CloudWatch publishes a sample of each minute, and weir measures.
    /// Source: "Available CloudWatch metrics for Amazon SQS", "Amazon CloudWatch metrics for Amazon EC2 Auto Scaling".
    static let gauges: [String: [String: BuiltInMetric]] = [
        "AWS/SQS": [
            "ApproximateNumberOfMessagesVisible": .visible,
            "ApproximateNumberOfMessagesNotVisible": .inFlight,
            "ApproximateNumberOfMessagesDelayed": .delayed,
            "ApproximateAgeOfOldestMessage": .oldestAge,
        ],
        "AWS/AutoScaling": [
            "GroupInServiceInstances": .inService,
            "GroupPendingInstances": .pending,
            "GroupTerminatingInstances": .terminating,
            "GroupDesiredCapacity": .desired,
        ],
    ]
    /// Counts of a period, of which weir knows the rate.
    static let counters: [String: BuiltInMetric] = [
        "NumberOfMessagesSent": .arrivalRate, "NumberOfMessagesDeleted": .completionRate,
    ]

    /// Of an alarm or a customized metric: one metric with its statistic.
    func readMetric(of item: Item, statistic: Item?, period: Item?) throws(NotCarried) -> ReadMetric {
        let seconds = try readPeriod(period)
        let operand = try readOperand(item)
        guard let statistic, let word = statistic.text(as: "statistic"), let read = Statistic(word) else {
            throw NotCarried("its statistic is none that weir has")
        }
        if item["Unit"] != nil { item["Unit"]?.notNeeded("a metric of weir has one unit") }
        return try Self.metric(operand, read, seconds)
    }

    func readPeriod(_ item: Item?) throws(NotCarried) -> Int {
        guard let item else { return 60 }
        guard let seconds = item.integer(as: "period"), AlarmLimits.weir.allows(period: .seconds(seconds)) else {
            throw NotCarried("its period is none that weir has")
        }
        return seconds
    }

    /// Which metric: namespace, name and dimensions.
    func readOperand(_ item: Item) throws(NotCarried) -> BuiltInMetric {
        guard let namespace = item["Namespace"], let name = item["MetricName"], let space = namespace.plain,
            let metric = name.plain
        else { throw NotCarried("its metric cannot be told") }
        let counter = space == "AWS/SQS" ? Self.counters[metric] : nil
        guard let word = Self.gauges[space]?[metric] ?? counter else {
            throw NotCarried("weir does not measure \(metric) of \(space)")
        }
        if !options.movesQueue {
            if counter != nil { throw NotCarried("the sqs source does not tell \(metric); --embedded-queue does") }
            if word == .oldestAge { throw NotCarried("the sqs source does not tell \(metric); --embedded-queue does") }
        }
        let dimensions = item["Dimensions"]
        for dimension in dimensions?.items ?? [] { try check(dimension, of: space) }
        if dimensions == nil { throw NotCarried("\(metric) without a dimension is that of no queue and no group") }
        namespace.notNeeded("the metric's word says it")
        name.carried("metric")
        return word
    }

    private func check(_ dimension: Item, of namespace: String) throws(NotCarried) {
        guard let name = dimension["Name"], let value = dimension["Value"] else { return }
        switch (namespace, name.plain) {
        case ("AWS/SQS", "QueueName"):
            guard let queue, queue.isCalled(value.plain) else {
                throw NotCarried("it watches another queue than '\(queue?.name ?? "")', and a group has one")
            }
            value.carried("queue")
        case ("AWS/AutoScaling", "AutoScalingGroupName"):
            guard group.isCalled(value.plain) else { throw NotCarried("it watches another group") }
            value.notNeeded("a group's own metrics are its own")
        default: throw NotCarried("the dimension \(name.plain ?? "") is none that weir has")
        }
        name.notNeeded("the metric's word says it")
    }

    /// CloudWatch has one sample a minute of a gauge, weir one of each measurement: a sum of them is so many averages.
    static func metric(
        _ operand: BuiltInMetric, _ statistic: Statistic, _ seconds: Int
    ) throws(NotCarried) -> ReadMetric {
        let period = Duration.seconds(seconds)
        let isCounter = counters.values.contains(operand)
        if isCounter {
            guard statistic == .sum else { throw NotCarried("of a count only the Sum has a meaning here") }
            return ReadMetric(
                word: operand.rawValue, statistic: .average, period: period, scale: 1 / Double(seconds),
                change: "a Sum of \(seconds) s is weir's rate in a second times \(seconds)")
        }
        switch statistic {
        case .sum:
            let scale = 60 / Double(seconds)
            let change =
                "CloudWatch has a sample of it each minute, weir has more: the Sum is the average, times "
                + PlainNumber.text(1 / scale)
            return ReadMetric(
                word: operand.rawValue, statistic: .average, period: period, scale: scale,
                change: change)
        case .sampleCount, .trimmedCount, .trimmedSum:
            throw NotCarried("how many samples there are is another number here")
        case .average, .minimum, .maximum, .percentile, .trimmedMean, .winsorizedMean, .percentileRank:
            return ReadMetric(word: operand.rawValue, statistic: statistic, period: period)
        }
    }
}

import Testing

@testable import WeirCore

@Suite("Conformance: which alarms are taken")
struct AlarmValidationVectors {
    @Test(arguments: VectorFile.vectors("alarm-validation"))
    func validation(_ vector: Vector) throws {
        try vector.expectsOnly(["valid"])
        let problems = try request(vector).problems(under: .cloudWatch)
        #expect(problems.isEmpty == vector.expected["valid"]?.bool, "\(problems)")
    }

    /// The fields of PutMetricAlarm, in small or capital first letters.
    private func request(_ vector: Vector) throws -> AlarmRequest {
        var request = AlarmRequest()
        for (field, value) in vector.input.sorted(by: { $0.key < $1.key }) where value != .null {
            switch field.prefix(1).lowercased() + field.dropFirst() {
            case "alarmName": request.name = value.text
            case "alarmDescription": request.description = value.text
            case "metricName": request.metricName = value.text
            case "namespace": request.namespace = value.text
            case "statistic": request.statistic = value.text
            case "extendedStatistic": request.extendedStatistic = value.text
            case "dimensions": request.dimensions = value.count
            case "period": request.period = value.double.map { .milliseconds(Int64($0 * 1000)) }
            case "unit": request.unit = value.text
            case "evaluationPeriods": request.evaluationPeriods = value.int
            case "datapointsToAlarm": request.datapointsToAlarm = value.int
            case "threshold": request.threshold = value.double
            case "thresholdMetricId": request.thresholdMetricID = value.text
            case "comparisonOperator": request.comparison = value.text
            case "treatMissingData": request.missingData = value.text
            case "evaluateLowSampleCountPercentile": request.lowSamples = value.text
            case "okActions", "oKActions": request.okActions = value.count
            case "alarmActions": request.alarmActions = value.count
            case "insufficientDataActions": request.insufficientDataActions = value.count
            case "metrics": request.queries = queries(value)
            case "actionsEnabled", "tags": break
            default: Issue.record("\(vector.id) has a field '\(field)', which the runner does not know")
            }
        }
        return request
    }

    /// A list of entries, or only how many: then the first is an expression that returns data.
    private func queries(_ value: JSON) -> [AlarmRequest.Query]? {
        if let count = value.int {
            return (0..<count).map { index in
                AlarmRequest.Query(id: "m\(index)", isExpression: index % 2 == 0, returnsData: index == 0)
            }
        }
        return value.list?.map { entry in
            func field(_ name: String) -> JSON? { entry[name] ?? entry[name.prefix(1).uppercased() + name.dropFirst()] }
            return AlarmRequest.Query(
                id: field("id")?.text ?? "", isExpression: field("expression") ?? .null != .null,
                returnsData: field("returnData")?.bool ?? true)
        }
    }
}

extension JSON {
    /// A number, or how many a list holds.
    fileprivate var count: Int? { int ?? list?.count }
}

import WeirCore

extension AlarmStatus: JSONWritable {
    func write(to json: inout JSONText) {
        json.object { json in
            json.member("name", name)
            json.member("state", state.rawValue)
            json.member("since", since)
            json.member("lastJudgement", lastJudgement)
            json.member("lastInvoked", lastInvoked)
            json.member("nextEvaluation", nextEvaluation)
        }
    }
}

extension AlarmTransition: JSONWritable {
    func write(to json: inout JSONText) {
        json.object { json in
            json.member("alarm", alarm)
            json.member("from", from.rawValue)
            json.member("to", to.rawValue)
            json.member("judgement", judgement)
        }
    }
}

extension AlarmJudgement: JSONWritable {
    func write(to json: inout JSONText) {
        switch self {
        case .metric(let judgement): judgement.write(to: &json)
        case .rule: json.write(coded: self)
        }
    }
}

extension MetricJudgement: JSONWritable {
    func write(to json: inout JSONText) {
        json.object { json in
            json.member("metric", metric)
            json.member("statistic", statistic.text)
            json.member("newest", newest)
            json.member("newestAge", newestAge)
            json.member("comparison", comparison.rawValue)
            json.member("threshold", threshold)
            json.member("breaching", breaching)
            json.member("datapointsToAlarm", datapointsToAlarm)
            json.member("evaluationPeriods", evaluationPeriods)
            json.member("period", period)
            json.member("missing", missing)
            json.member("rule", rule)
            json.member("filledIn", filledIn)
        }
    }
}

extension EvaluationRule: JSONWritable {
    func write(to json: inout JSONText) {
        switch self {
        case .datapoints: json.bytes.append("{\"datapoints\":{}}")
        case .filled, .kept, .noDatapoint, .lastingBreach, .tooEarly, .fewSamples: json.write(coded: self)
        }
    }
}

import WeirCore

extension Listing: JSONWritable {
    func write(to json: inout JSONText) {
        switch self {
        case .instances(let instances):
            json.choice("instances") { $0.member("_0", instances) }
        case .failed, .neverSucceeded: json.write(coded: self)
        }
    }
}

extension ListedInstance: JSONWritable {
    func write(to json: inout JSONText) {
        json.object { json in
            json.member("id", id)
            json.member("phase", phase)
            json.member("health", coded: health)
            json.member("templateVersion", templateVersion)
        }
    }
}

extension ListedInstance.Phase: JSONWritable {
    func write(to json: inout JSONText) {
        switch self {
        case .starting: json.bytes.append("{\"starting\":{}}")
        case .running: json.bytes.append("{\"running\":{}}")
        case .paused: json.bytes.append("{\"paused\":{}}")
        case .exited: json.write(coded: self)
        }
    }
}

extension FleetCeiling: JSONWritable {
    func write(to json: inout JSONText) {
        json.object { json in
            json.member("fleet", fleet)
            json.member("limit", limit)
            json.member("units", units)
            json.member("instances", instances)
            json.member("withPool", withPool)
            json.member("launches", launches)
            json.member("others", codedList: others)
        }
    }
}

extension Traffic: JSONWritable {
    func write(to json: inout JSONText) {
        json.object { json in
            json.member("a", arrivals)
            json.member("s", services)
            json.member("w", waits)
            json.member("h", inHand)
        }
    }
}

extension Tally: JSONWritable {
    func write(to json: inout JSONText) {
        json.list(entries) { json, entry in
            entry.value.write(to: &json)
            json.bytes.append(UInt8(ascii: ","))
            entry.count.write(to: &json)
        }
    }
}

extension MetricID: JSONWritable {
    func write(to json: inout JSONText) { word.write(to: &json) }
}

extension MetricHistory: JSONWritable {
    func write(to json: inout JSONText) {
        json.object { json in
            json.member("series", series)
            json.member("lastKnown", coded: lastKnown)
        }
    }
}

extension MetricHistory.Series: JSONWritable {
    func write(to json: inout JSONText) {
        json.object { json in
            json.member("metric", metric)
            json.member("start", samples.first?.at)
            var last = samples.first?.at.milliseconds ?? 0
            json.bytes.appendName("steps")
            json.list(samples) { json, sample in
                json.bytes.append(sample.at.milliseconds - last)
                last = sample.at.milliseconds
            }
            json.bytes.appendName("values")
            json.list(samples) { $1.sum.write(to: &$0) }
            let joined = samples.indices.filter { samples[$0].count > 1 }
            if !joined.isEmpty {
                json.bytes.appendName("joined")
                json.list(joined) { json, index in
                    let sample = samples[index]
                    json.object { json in
                        json.member("index", index)
                        json.member("minimum", sample.minimum)
                        json.member("maximum", sample.maximum)
                        json.member("count", sample.count)
                    }
                }
            }
            json.memberUnlessEmpty("filledIn", samples.indices.filter { samples[$0].isFilledIn })
        }
    }
}

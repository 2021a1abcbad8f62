import WeirCore

extension Record: JSONWritable {
    func write(to json: inout JSONText) {
        json.object { json in
            json.member("version", Self.currentVersion)
            json.member("group", group)
            if tick != 0 { json.member("tick", tick) }
            json.member("at", at)
            if dryRun { json.member("dryRun", true) }
            if $checkpoint.isThere { json.member("checkpoint", checkpoint) }
            json.bytes.appendName("seen")
            json.write(seen: observation)
            json.member("desired", decision.desired)
            if decision.previousDesired != decision.desired { json.member("was", decision.previousDesired) }
            json.member("reasons", decision.reasons)
            json.memberUnlessEmpty("transitions", alarmTransitions)
            json.memberUnlessEmpty("actions", coded: plan.actions)
            json.memberUnlessEmpty("answers", coded: answers)
            json.memberUnlessEmpty("events", coded: events)
            json.memberUnlessEmpty("notifications", coded: notifications)
            if let next {
                json.member("next", [next.tick, next.measurement].map { $0.milliseconds - at.milliseconds })
            }
        }
    }
}

extension Record.Checkpoint: JSONWritable {
    func write(to json: inout JSONText) {
        json.object { json in
            json.member("policy", coded: policy)
            json.member("state", state)
        }
    }
}

// What was seen is shorter on its way in a record than in its own `Codable` form.

extension JSONText {
    fileprivate mutating func write(seen observation: Observation) {
        object { json in
            if let measurement = observation.measurement {
                json.bytes.appendName("measurement")
                json.write(seen: measurement)
            }
            json.member("listing", observation.listing)
            if let held = observation.held {
                json.bytes.appendName("held")
                json.write(seen: held)
            }
            json.memberUnlessEmpty("outcomes", coded: observation.outcomes)
            json.memberUnlessEmpty("requests", coded: observation.requests)
            if observation.restarted { json.member("restarted", true) }
            json.memberUnlessEmpty("health", coded: observation.health)
            if observation.$ceiling.isThere { json.member("ceiling", observation.ceiling) }
        }
    }

    private mutating func write(seen held: [HeldMessages]) {
        list(held) { json, held in
            json.bytes.append(UInt8(ascii: "["))
            held.instance.write(to: &json)
            json.bytes.append(UInt8(ascii: ","))
            held.messages.write(to: &json)
            json.bytes.append(UInt8(ascii: "]"))
        }
    }

    private mutating func write(seen measurement: Measurement) {
        object { json in
            json.figure("visible", measurement.visible)
            json.figure("inFlight", measurement.inFlight)
            json.figure("delayed", measurement.delayed)
            json.figure("oldestAge", measurement.oldestAge)
            json.figure("arrivalRate", measurement.arrivalRate)
            json.figure("completionRate", measurement.completionRate)
            json.member("asOf", measurement.asOf)
            if measurement.$traffic.isThere { json.member("traffic", measurement.traffic) }
        }
    }

    @inline(__always)
    private mutating func figure(_ name: StaticString, _ reading: Reading) {
        switch reading {
        case .value(let value): member(name, value)
        case .missing(.notTold): break
        case .estimate, .missing: member(name, coded: reading)
        }
    }
}

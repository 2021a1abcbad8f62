import WeirCore

extension StoredGroup: JSONWritable {
    func write(to json: inout JSONText) {
        json.object { json in
            json.member("name", name)
            json.member("policyPath", policyPath)
            json.member("policyText", policyText)
            json.member("launcher", launcher)
            json.member("measures", measures)
            json.member("templates", codedList: templates)
            json.member("state", state)
        }
    }
}

extension GroupState: JSONWritable {
    func write(to json: inout JSONText) {
        json.object { json in
            json.member("version", version)
            json.member("seed", seed)
            json.member("drawn", drawn)
            json.member("createdAt", createdAt)
            json.member("lastTick", lastTick)
            json.member("desiredCapacity", desiredCapacity)
            json.member("fleet", fleet)
            json.member("alarms", alarms)
            json.member("history", history)
            json.member("cooldown", coded: cooldown)
            json.member("suspended", codedList: suspended)
            json.member("launchBackoff", coded: launchBackoff)
            json.member("sourceBackoff", coded: sourceBackoff)
            json.member("remains", codedList: remains)
            json.member("heldPolicies", codedList: heldPolicies)
            json.member("lastMeasured", lastMeasured)
            json.member("nextMeasurement", nextMeasurement)
            json.member("templateDigest", templateDigest)
            json.member("templateVersion", templateVersion)
            json.member("latestTemplateVersion", latestTemplateVersion)
            json.member("formerTemplateVersion", formerTemplateVersion)
            json.member("refresh", coded: refresh)
            json.member("scheduledSizes", coded: scheduledSizes)
            json.member("scheduleMark", scheduleMark)
            json.member("restartedAt", restartedAt)
            json.member("policyOutcomes", policyOutcomes)
            json.member("silence", coded: silence)
            json.member("believed", believed)
            json.member("progressWatch", progressWatch)
            json.member("noProgress", coded: noProgress)
            json.member("backlogMemories", coded: backlogMemories)
            json.member("waitMemories", coded: waitMemories)
        }
    }
}

extension PolicyOutcome: JSONWritable {
    func write(to json: inout JSONText) {
        json.object { json in
            json.member("policy", policy)
            json.member("alarm", alarm)
            json.member("at", at)
            json.member("reasons", reasons)
        }
    }
}

extension BelievedBacklog: JSONWritable {
    func write(to json: inout JSONText) {
        json.object { json in
            json.member("outstanding", outstanding)
            json.member("at", at)
            json.member("suddenZeros", suddenZeros)
        }
    }
}

extension ProgressWatch: JSONWritable {
    func write(to json: inout JSONText) {
        json.object { json in
            json.member("since", since)
            json.member("outstanding", outstanding)
            json.member("lastSeen", lastSeen)
            json.member("templateVersion", templateVersion)
        }
    }
}

extension Instance: JSONWritable {
    func write(to json: inout JSONText) {
        json.object { json in
            json.member("id", id)
            json.member("lifecycleState", lifecycleState.rawValue)
            json.member("launchedAt", launchedAt)
            json.member("runningSince", runningSince)
            json.member("inServiceAt", inServiceAt)
            json.member("stateSince", stateSince)
            json.member("protectedFromScaleIn", protectedFromScaleIn)
            json.member("heldMessages", heldMessages)
            json.member("dueOrder", coded: dueOrder)
            json.member("failedOrders", failedOrders)
            json.member("drainsAwaited", drainsAwaited)
            json.member("launchFailed", launchFailed)
            json.member("foundIdle", foundIdle)
            json.member("template", template)
            json.member("zone", zone)
            json.member("hooks", codedList: hooks)
            json.member("unhealthy", coded: unhealthy)
            json.member("failedHealthChecks", failedHealthChecks)
            json.member("departure", coded: departure)
            json.member("isPaused", isPaused)
            json.member("cameFromPool", cameFromPool)
        }
    }
}

extension LaunchTemplate: JSONWritable {
    func write(to json: inout JSONText) {
        json.object { json in
            json.member("name", name)
            json.member("version", version)
            json.member("isConfiguration", isConfiguration)
            json.member("order", order)
        }
    }
}

import WeirCore
import WeirRuntime

/// `GET /healthz`: whether weir is there and means to stay.
enum Health {
    static func answer(groups: [GroupSnapshot], policyTrouble: String?, isShuttingDown: Bool) -> APIResponse {
        let body = JSONWriter.object { json in
            json.member("status", isShuttingDown ? "shutting down" : "ok")
            // Not in force does not mean ill: weir goes on under the policies that it has.
            if let policyTrouble { json.member("policy_trouble", policyTrouble) }
            json.name("groups")
            json.array { json in
                for group in groups {
                    json.object { json in
                        json.member("group", group.policy.name)
                        json.member("desired_capacity", group.state.desiredCapacity)
                        json.member("in_service", group.state.fleet.count { $0.lifecycleState == .inService })
                        json.member("dry_run", group.dryRun)
                        json.member("leaving", group.leaving)
                    }
                }
            }
        }
        return APIResponse(status: isShuttingDown ? 503 : 200, contentType: "application/json", body: body)
    }
}

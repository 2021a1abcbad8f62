import Foundation
import Testing
import WeirCore

@testable import WeirAPI

@Suite("What an operator asks over the socket")
struct OperatorRequestSpecs {
    private static let policy: GroupPolicy = {
        var policy = GroupPolicy(name: "emails", minSize: 0, maxSize: 4)
        policy.instanceRefresh = RefreshPreferences(minHealthyPercentage: 75, checkpointPercentages: [50, 100])
        return policy
    }()

    private static func decided(_ json: String) throws -> Request.Kind {
        try JSONDecoder().decode(OperatorRequest.self, from: Data(json.utf8)).decided(policy)
    }

    @Test(
        arguments: [
            (
                #"{"kind": "enter_standby", "instances": ["i-1"]}"#,
                .enterStandby([InstanceID("i-1")], decrementDesired: true)
            ),
            (
                #"{"kind": "enter_standby", "instances": ["i-1"], "decrement_desired": false}"#,
                .enterStandby([InstanceID("i-1")], decrementDesired: false)
            ),
            (#"{"kind": "exit_standby", "instances": ["i-1"]}"#, .exitStandby([InstanceID("i-1")])),
            (
                #"{"kind": "complete_hook", "hook": "h", "instance": "i-1"}"#,
                .completeLifecycle(hook: "h", instance: InstanceID("i-1"), token: nil, .continue)
            ),
            (
                #"{"kind": "complete_hook", "hook": "h", "token": "t", "result": "abandon"}"#,
                .completeLifecycle(hook: "h", instance: nil, token: "t", .abandon)
            ),
            (
                #"{"kind": "record_heartbeat", "hook": "h", "instance": "i-1"}"#,
                .recordHeartbeat(hook: "h", instance: InstanceID("i-1"), token: nil)
            ),
            (
                #"{"kind": "set_health", "instance": "i-1", "healthy": false}"#,
                .setHealth(InstanceID("i-1"), healthy: false, respectGracePeriod: false)
            ),
            (
                #"{"kind": "set_health", "instance": "i-1", "healthy": true, "respect_grace_period": true}"#,
                .setHealth(InstanceID("i-1"), healthy: true, respectGracePeriod: true)
            ),
            (#"{"kind": "start_refresh"}"#, .startRefresh(policy.instanceRefresh)),
            (
                #"{"kind": "start_refresh", "preferences": {"min_healthy_percentage": 80, "max_healthy_percentage": 120, "skip_matching": true}}"#,
                .startRefresh(
                    RefreshPreferences(
                        minHealthyPercentage: 80, maxHealthyPercentage: 120, checkpointPercentages: [50, 100],
                        skipMatching: true))
            ),
            (#"{"kind": "cancel_refresh"}"#, .cancelRefresh), (#"{"kind": "roll_back_refresh"}"#, .rollBackRefresh),
        ] as [(String, Request.Kind)])
    func `becomes a request of the group`(_ json: String, kind: Request.Kind) throws {
        #expect(try Self.decided(json) == kind)
    }

    @Test(arguments: [
        (#"{"kind": "enter_standby"}"#, "'instances' is missing"),
        (#"{"kind": "exit_standby", "instances": []}"#, "'instances' is missing"),
        (#"{"kind": "complete_hook", "instance": "i-1"}"#, "'hook' is missing"),
        (#"{"kind": "record_heartbeat", "hook": "h"}"#, "'instance' is missing"),
        (#"{"kind": "set_health", "instance": "i-1"}"#, "'healthy' is missing"),
        (
            #"{"kind": "start_refresh", "preferences": {"min_healthy_percentage": 200}}"#,
            "min_healthy_percentage is 200; 0 to 100 is expected"
        ),
        (
            #"{"kind": "start_refresh", "preferences": {"checkpoints": [], "checkpoint_delay_s": 5}}"#,
            "checkpoint_delay is given, but no checkpoints"
        ),
        (
            #"{"kind": "start_refresh", "preferences": {"max_healthy_percentage": 120}}"#,
            "With max_healthy_percentage, min_healthy_percentage must be given too"
        ),
    ])
    func `is told what is missing`(_ json: String, sentence: String) {
        #expect(throws: OperatorRequestMistake(sentence)) { try Self.decided(json) }
    }
}

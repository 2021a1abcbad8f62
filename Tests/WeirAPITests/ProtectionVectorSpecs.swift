import Testing
import WeirCore
import WeirQueue
import WeirRuntime

@testable import WeirAPI

@Suite("Protection can be set in service only")
struct ProtectionVectorSpecs {
    struct Vector: Decodable, Sendable, CustomTestStringConvertible {
        struct Input: Decodable {
            var lifecycleState: String
            var instanceIds: Int
        }
        struct Expected: Decodable {
            var accepted: Bool
            var error: String?
        }
        var id: String
        var input: Input
        var expected: Expected
        var testDescription: String { id }

        /// Some states of the API never occur in weir: a launch that proceeds is in service, and what has ended is gone.
        var state: LifecycleState? { LifecycleState(rawValue: input.lifecycleState) }
    }

    @Test(arguments: try Vectors.read("set-instance-protection", Vector.self).filter { $0.state != nil })
    func `every vector`(_ vector: Vector) async throws {
        let bench = try Bench()
        let state = try #require(vector.state)
        bench.fleet.change("thumbnails") { $0.state.fleet[0].lifecycleState = state }
        let response = await bench.protect([Bench.worker])
        #expect((response.status == 200) == vector.expected.accepted)
        if let error = vector.expected.error { #expect(response.text.contains("<Code>\(error)</Code>")) }
        await bench.queues.close()
    }

    @Test("Most of the states occur in weir")
    func states() throws {
        let states = try Vectors.read("set-instance-protection", Vector.self).compactMap(\.state)
        #expect(
            states == [
                .inService, .enteringStandby, .standby, .pending, .pendingWait, .terminating, .warmedStopped,
            ])
    }

    @Test("One call names 50 instances at most, and the group is not asked about more")
    func fifty() async throws {
        let bench = try Bench()
        let ids = (0...50).map { InstanceID("i-\($0)") }
        let response = await bench.protect(ids)
        #expect(response.status == 400)
        #expect(response.text.contains("<Code>LimitExceeded</Code>"))
        #expect(await bench.protect(Array(ids.dropLast())).text.contains("is not part of Auto Scaling group"))
        await bench.queues.close()
    }

    @Test("Inside of a cooldown that is to be honoured, another activity is in progress")
    func cooldown() async throws {
        let bench = try Bench()
        bench.fleet.refuseNext(.coolingDown(until: Bench.start))
        let form = "Action=SetDesiredCapacity&AutoScalingGroupName=thumbnails&DesiredCapacity=4&HonorCooldown=true"
        let response = await bench.form(form)
        #expect(response.status == 400)
        #expect(response.text.contains("<Code>ScalingActivityInProgress</Code>"))
        await bench.queues.close()
    }
}

extension Bench {
    func protect(_ instances: [InstanceID]) async -> APIResponse {
        let members = instances.enumerated().map { "&InstanceIds.member.\($0.offset + 1)=\($0.element)" }
        return await form(
            "Action=SetInstanceProtection&AutoScalingGroupName=thumbnails&ProtectedFromScaleIn=true\(members.joined())")
    }

    func form(_ form: String, from sender: Sender = .account) async -> APIResponse {
        let request = APIRequest(
            method: "POST", path: "/",
            headers: [("host", Bench.host), ("content-type", "application/x-www-form-urlencoded")],
            body: Array("Version=2011-01-01&\(form)".utf8))
        return await handler.respond(to: self.request(request, from: sender), entrance: sender.entrance)
    }
}

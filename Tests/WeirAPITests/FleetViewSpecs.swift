import Foundation
import Testing
import WeirCore
import WeirRuntime

@testable import WeirAPI

@Suite("The limit that a group shares is shown")
struct FleetViewSpecs {
    /// Two instances of two units each, five desired, and room for three.
    private static var limited: GroupSnapshot {
        var snapshot = Bench.thumbnails
        snapshot.policy.fleet = FleetMembership(name: "machine", priority: 10, units: 2)
        snapshot.state.desiredCapacity = 5
        snapshot.ceiling = FleetCeiling(
            fleet: "machine", limit: 12, units: 2, instances: 3, launches: 1,
            others: [.init(group: "urgent", share: 6, taken: 4)])
        return snapshot
    }

    @Test("fleet, limit, share, and who has the rest")
    func view() throws {
        let view = GroupView(Self.limited, at: Bench.start)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(
            String(decoding: try encoder.encode(view.fleet), as: UTF8.self)
                == #"{"instances":3,"launches":1,"limit":12,"limited":true,"name":"machine","#
                + #""others":[{"group":"urgent","share":6,"taken":4}],"priority":10,"taken":4,"units":2}"#)
        #expect(try JSONDecoder().decode(GroupView.self, from: JSONEncoder().encode(view)) == view)
    }

    @Test("A group under no limit has no such member, and no such metric")
    func none() throws {
        let snapshot = Bench.thumbnails
        let text = String(decoding: try JSONEncoder().encode(GroupView(snapshot, at: Bench.start)), as: UTF8.self)
        #expect(!text.contains(#""fleet""#))
        #expect(!metrics([snapshot]).contains("weir_fleet"))
    }

    @Test("What is left is not what is desired: within the limit a group is not limited by it")
    func within() {
        var snapshot = Self.limited
        snapshot.state.desiredCapacity = 3
        #expect(GroupView(snapshot, at: Bench.start).fleet?.limited == false)
        snapshot.state.desiredCapacity = 4
        snapshot.leaving = true
        #expect(GroupView(snapshot, at: Bench.start).fleet?.limited == false)
    }

    @Test("Metrics: the limit once for each fleet, the rest for each group")
    func metrics() {
        var other = Self.limited
        other.policy.name = "urgent"
        other.state.desiredCapacity = 1
        let lines = metrics([Self.limited, other]).split(separator: "\n").filter { $0.hasPrefix("weir_fleet") }
        #expect(
            lines == [
                #"weir_fleet_limit_units{fleet="machine"} 12"#,
                #"weir_fleet_taken_units{fleet="machine",group="thumbnails"} 4"#,
                #"weir_fleet_taken_units{fleet="machine",group="urgent"} 4"#,
                #"weir_fleet_ceiling_instances{fleet="machine",group="thumbnails"} 3"#,
                #"weir_fleet_ceiling_instances{fleet="machine",group="urgent"} 3"#,
                #"weir_fleet_limited{fleet="machine",group="thumbnails"} 1"#,
                #"weir_fleet_limited{fleet="machine",group="urgent"} 0"#,
            ])
    }

    private func metrics(_ groups: [GroupSnapshot]) -> String {
        Metrics(groups: groups, queues: [], policiesAreInForce: true, now: Bench.start).text
    }
}

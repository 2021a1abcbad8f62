import Foundation
import Testing
import WeirBackends
import WeirCore
import WeirPolicy

@testable import WeirExchange

@Suite("To CloudFormation and back")
struct RoundTripSpecs {
    private static func rich() throws -> String { try Fixtures.text("policies/pictures.yaml") }

    private func read(_ text: String) throws -> PolicyFile {
        let result = PolicyReader(catalogue: Registry.catalogue).read(former: text, path: "pictures.yaml")
        #expect(!result.hasErrors, "\(result.text)")
        return try #require(result.files.first)
    }

    private func back(_ text: String, as name: String) throws -> ImportedPolicy {
        try #require(try PolicyImport.read([(name, text)], options: ImportOptions(movesQueue: true)).first)
    }

    @Test("A policy comes back as it was", arguments: [PolicyExport.Syntax.yaml, .json])
    func same(_ syntax: PolicyExport.Syntax) throws {
        let file = try read(Self.rich())
        let exported = PolicyExport.write(file, to: .cloudformation, as: syntax)
        let imported = try back(exported.text, as: "template")
        let again = try imported.read()
        #expect(again.group == file.group)
        #expect(again.source == file.source)
        for account in imported.accounts { #expect(!account.isUnknown, "\(account.path)") }
        #expect(
            Set(exported.notes.compactMap(\.path)) == [
                "scheduled_actions.fair.start_time", "workers.docker", "warm_pool.preparation_time",
            ])
    }

    @Test("What comes back is exported as the same template again")
    func stable() throws {
        let first = PolicyExport.write(try read(Self.rich()), to: .cloudformation, as: .yaml)
        let second = PolicyExport.write(try back(first.text, as: "t").read(), to: .cloudformation, as: .yaml)
        #expect(second.text == first.text)
    }

    @Test("What AWS printed is exported, and comes back with the same decisions")
    func fromAWS() throws {
        let options = ImportOptions(group: "Thumbnails_Workers", movesQueue: true)
        let file = try #require(try PolicyImport.read(Fixtures.aws(), options: options).first).read()
        let exported = PolicyExport.write(file, to: .cloudformation, as: .json)
        let again = try back(exported.text, as: "t").read().group
        var expected = file.group
        // AWS chooses the shape of target tracking's alarms itself, and neither tool switches a policy off.
        expected.scalingPolicies = expected.scalingPolicies.filter { $0.name == "out-by-backlog" }
        #expect(again.scalingPolicies.filter { $0.name == "out-by-backlog" } == expected.scalingPolicies)
        #expect(
            again.alarms.first { $0.name == "thumbnails-behind" }
                == file.group.alarms.first { $0.name == "thumbnails-behind" })
        #expect(again.metrics == file.group.metrics && again.scheduledActions == file.group.scheduledActions)
        #expect(again.warmPool == file.group.warmPool && again.lifecycleHooks == file.group.lifecycleHooks)
        #expect(exported.notes.contains { $0.path == "scaling_policies.in-when-idle.enabled" })
        #expect(exported.notes.contains { $0.path?.hasPrefix("scaling_policies.keep-up.") == true })
    }

    @Test(
        "Every policy that is shipped can be exported, and what is left of it comes back",
        arguments: try FileManager.default.contentsOfDirectory(atPath: Fixtures.policies.path)
            .filter { $0.hasSuffix(".yaml") && !$0.hasSuffix(".stories.yaml") }.sorted())
    func shipped(_ name: String) throws {
        let text = try String(contentsOf: Fixtures.policies.appendingPathComponent(name), encoding: .utf8)
        let file = try read(text)
        let exported = PolicyExport.write(file, to: .cloudformation, as: .yaml)
        #expect(exported.notes.contains { $0.path == "workers.\(file.launcher.word)" })
        let again = try back(exported.text, as: name).read().group
        #expect(again.minSize == file.group.minSize && again.maxSize == file.group.maxSize)
        let lost = exported.notes.filter { $0.kind == .notCarried }.compactMap(\.path)
        for policy in file.group.scalingPolicies
        where policy.enabled && !lost.contains("scaling_policies.\(policy.name)") {
            #expect(again.scalingPolicies.contains { $0.name == policy.name }, "\(policy.name)")
        }
        for policy in file.group.scalingPolicies
        where !again.scalingPolicies.contains(where: { $0.name == policy.name }) {
            #expect(exported.notes.contains { $0.path?.hasPrefix("scaling_policies.\(policy.name)") == true })
        }
    }

    @Test("What has no counterpart is told, one note for each")
    func losses() throws {
        let file = try read(
            """
            group: far
            queue: { http: { url: "http://localhost:1/" }, poll_interval: 30s, fallback: { floor: 2 } }
            workers: { process: { command: [work] }, concurrency: 4, stop_timeout: 5s }
            max_size: 4
            fleet: machine
            alarms:
              some: { metric: visible, period: 60s, comparison: ">", threshold: 1, statistic: sum }
            scaling_policies:
              up: { alarm: some, adjustment_type: change_in_capacity, adjustment: 1 }
            """)
        let exported = PolicyExport.write(file, to: .cloudformation, as: .yaml)
        let told = Set(exported.notes.filter { $0.kind == .notCarried }.compactMap(\.path))
        #expect(
            told.isSuperset(of: [
                "queue.http", "queue.poll_interval", "queue.fallback", "workers.process", "workers.concurrency",
                "workers.stop_timeout", "fleet", "scaling_policies.up", "alarms.some",
            ]))
        #expect(exported.notes.allSatisfy { exported.text.contains($0.why) })
    }
}

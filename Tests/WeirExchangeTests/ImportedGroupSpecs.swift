import Testing
import WeirCore
import WeirPolicy

@testable import WeirExchange

@Suite("Which groups are imported")
struct ImportedGroupSpecs {
    private static func scaledObject(_ name: String, _ namespace: String = "default") -> String {
        """
        apiVersion: keda.sh/v1alpha1
        kind: ScaledObject
        metadata: { name: \(name), namespace: \(namespace) }
        spec:
          scaleTargetRef: { name: \(name) }
          triggers: [{ type: redis, metadata: { listName: \(namespace), host: redis } }]

        """
    }

    private static let two = """
        {"AutoScalingGroups": [
          {"AutoScalingGroupName": "Web_Workers", "MinSize": 1, "MaxSize": 2},
          {"AutoScalingGroupName": "web-workers", "MinSize": 3, "MaxSize": 4}]}
        """

    @Test("Two that would have one name are refused, with the places of both and what would help")
    func sameName() {
        let objects = Self.scaledObject("orders", "shop") + "---\n" + Self.scaledObject("orders", "depot")
        for (file, text, expected) in [
            (
                "orders.yaml", objects,
                "two groups would be called 'orders': 'orders' at orders.yaml:1 and 'orders' at orders.yaml:8; give one of "
                    + "them another name, or import their files one by one"
            ),
            (
                "groups.json", Self.two,
                "two groups would be called 'web-workers': 'Web_Workers' at groups.json:2 and 'web-workers' at "
                    + "groups.json:3; name one with --group Web_Workers or --group web-workers, and give the other another name"
            ),
        ] {
            let mistake = #expect(throws: ImportMistake.self) { try PolicyImport.read([(file, text)]) }
            #expect(mistake?.text == expected)
        }
    }

    @Test("Its name as it is there says which one", arguments: [("Web_Workers", 1), ("web-workers", 3)])
    func exactName(name: String, minSize: Int) throws {
        let policies = try PolicyImport.read([("groups.json", Self.two)], options: ImportOptions(group: name))
        #expect(try policies.map { try $0.read().group.minSize } == [minSize])
    }

    @Test("What else a chart of Kubernetes makes is told, and stands in nobody's way")
    func chart() throws {
        let text =
            """
            # Source: orders/templates/service.yaml
            apiVersion: v1
            kind: Service
            metadata: { name: orders }
            spec: { ports: [{ port: 80 }] }
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: { name: orders }
            data: { MODE: fast }
            ---

            """ + Self.scaledObject("orders")
        let policy = try #require(try PolicyImport.read([("chart.yaml", text)]).first)
        let told = policy.notes.map(\.text)
        #expect(told.contains { $0.hasPrefix("chart.yaml:2: Service has no counterpart") })
        #expect(told.contains { $0.hasPrefix("chart.yaml:7: ConfigMap has no counterpart") })
        for account in policy.accounts { #expect(!account.isUnknown, "\(account.path)") }
        let alone = #expect(throws: ImportMistake.self) {
            try PolicyImport.read([("chart.yaml", String(text.prefix { $0 != "-" }))])
        }
        #expect(alone?.text.hasPrefix("there is no group among what was read") == true)
    }

    @Test("Two descriptions of queues are two queues")
    func twoQueues() throws {
        let other = try Fixtures.text("aws/queue.json").replacing("thumbnails", with: "others")
        let files = try Fixtures.aws() + [("other.json", other)]
        let options = ImportOptions(group: "Thumbnails_Workers", movesQueue: true)
        let policy = try #require(try PolicyImport.read(files, options: options).first)
        for account in policy.accounts { #expect(!account.isUnknown, "\(account.file) \(account.path)") }
    }
}

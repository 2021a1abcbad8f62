import Testing
import WeirCore
import WeirPolicy

@testable import WeirExchange

@Suite("Importing a queue of RabbitMQ")
struct RabbitSpecs {
    private func imported(_ metadata: String) throws -> ImportedPolicy {
        let text = """
            apiVersion: keda.sh/v1alpha1
            kind: ScaledObject
            metadata: { name: orders }
            spec:
              triggers:
                - { type: rabbitmq, metadata: { queueName: orders, mode: QueueLength, value: "30", \(metadata) } }
            """
        let policy = try #require(try PolicyImport.read([("orders.yaml", text)]).first)
        for account in policy.accounts { #expect(!account.isUnknown, "\(account.line) \(account.path)") }
        return policy
    }

    @Test(
        "Over AMQP only messages that are ready count, over HTTP all that are not done",
        arguments: [
            ("host: amqp://rabbit:5672/shop", false), ("host: AMQPS://rabbit:5671/shop", false),
            ("host: http://rabbit:15672/shop", true), ("host: https://rabbit/shop", true),
            ("protocol: amqp, hostFromEnv: RABBIT", false), ("protocol: http, hostFromEnv: RABBIT", true),
            ("protocol: auto, host: amqp://rabbit/shop", false),
            ("protocol: http, host: http://rabbit/shop, excludeUnacknowledged: \"true\"", false),
        ])
    func counts(metadata: String, both: Bool) throws {
        let policy = try imported(metadata)
        let file = try policy.read()
        #expect(file.source.options.text("visible") == "/messages_ready")
        #expect(file.source.options.text("in_flight") == (both ? "/messages_unacknowledged" : nil))
        guard case .backlogTracking(_)? = file.group.scalingPolicies.last?.kind else {
            Issue.record("no backlog tracking")
            return
        }
        #expect(!policy.notes.contains { $0.path == "queue.http.in_flight" })
    }

    @Test("Ready messages wake a group as well that some messages do not wake")
    func activation() throws {
        let group = try imported("host: amqp://rabbit/shop, activationValue: \"3\"").read().group
        #expect(group.metrics.first?.expression.text == "visible / max(in_service, 1)")
    }

    @Test("Where the address is hidden a person has to say what nothing says")
    func hidden() throws {
        let policy = try imported("hostFromEnv: RABBIT")
        #expect(try policy.read().source.options.text("url") == "${RABBITMQ_API}/api/queues/%2F/orders")
        let told = policy.notes.filter { $0.kind == .fillIn }
        #expect(told.contains { $0.path == "queue.http.in_flight" && $0.why.contains("AMQP") })
        #expect(told.contains { $0.path == "queue.http.url" && $0.why.contains("the virtual host is not in what") })
        let named = try imported("hostFromEnv: RABBIT, vhostName: shop")
        #expect(try named.read().source.options.text("url") == "${RABBITMQ_API}/api/queues/shop/orders")
        #expect(!named.notes.contains { $0.why.contains("virtual host") })
    }

    @Test(
        "A virtual host in an address has escapes, an own key has none",
        arguments: [
            ("host: amqp://rabbit:5672/%2F", "%2F"), ("host: http://rabbit:15672/a/my%20shop", "my%20shop"),
            ("host: \"amqp://rabbit/shop?heartbeat=5\"", "shop"), ("host: amqp://rabbit", "%2F"),
            ("host: amqp://rabbit/100%", "100%25"), ("host: amqp://rabbit/x, vhostName: 50%2F", "50%252F"),
        ])
    func virtualHost(metadata: String, expected: String) throws {
        let url = try imported(metadata).read().source.options.text("url")
        #expect(url == "${RABBITMQ_API}/api/queues/\(expected)/orders")
    }
}

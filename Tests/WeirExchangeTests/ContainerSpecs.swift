import Testing
import WeirCore
import WeirPolicy

@testable import WeirExchange

@Suite("Importing what a container is given")
struct ContainerSpecs {
    private func imported(_ container: String) throws -> ImportedPolicy {
        let text = """
            apiVersion: keda.sh/v1alpha1
            kind: ScaledObject
            metadata: { name: orders }
            spec:
              scaleTargetRef: { name: orders }
              triggers: [{ type: redis, metadata: { listName: orders, host: redis } }]
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: { name: orders }
            spec:
              template:
                spec:
                  containers:
                    - image: orders:2
            \(container.split(separator: "\n").map { "          \($0)\n" }.joined())
            """
        let policy = try #require(try PolicyImport.read([("orders.yaml", text)]).first)
        for account in policy.accounts { #expect(!account.isUnknown, "\(account.line) \(account.path)") }
        return policy
    }

    @Test("A variable may be empty, and so may an argument")
    func empty() throws {
        let docker = try imported(
            """
            args: ["--prefix", "", "go"]
            env:
              - { name: PREFIX, value: "" }
              - { name: SUFFIX }
              - { name: TOKEN, value: "" }
              - { name: KEY, valueFrom: { secretKeyRef: { name: orders, key: key } } }
              - { name: MODE, value: fast }
            """
        ).read().launcher.options
        #expect(docker.textMap("environment").map(\.name) == ["PREFIX", "SUFFIX", "TOKEN", "MODE"])
        #expect(docker.textMap("environment").map(\.value) == ["", "", "", "fast"])
        #expect(docker.texts("command") == ["--prefix", "", "go"])
    }

    @Test("What Kubernetes puts in the place of a reference is told, wherever it stands")
    func references() throws {
        let policy = try imported(
            """
            command: [work]
            args: ["--queue=$(QUEUE)", "--fast"]
            env:
              - { name: QUEUE, value: orders }
              - { name: LOG, value: /logs/$(QUEUE).log }
            """)
        let container = "spec.template.spec.containers[0]"
        for path in ["args[0]", "env[1].value"] {
            #expect(policy.why("\(container).\(path)")?.contains("in the place of $(NAME)") == true, "\(path)")
        }
        #expect(policy.notes.count { $0.why.contains("$(NAME)") } == 2)
    }

    @Test("An empty variable of a Dockerrun file stays, and a reference is none there")
    func dockerrun() throws {
        let text = """
            {"AWSEBDockerrunVersion": 2, "containerDefinitions": [{"name": "a", "image": "a:1", "command": ["-p", ""],
             "environment": [{"name": "PREFIX", "value": ""}, {"name": "PRICE", "value": "$(five)"}]}]}
            """
        let policy = try #require(try PolicyImport.read([("v2.json", text)]).first)
        let docker = try policy.read().launcher.options
        #expect(docker.textMap("environment").map(\.value) == ["", "$(five)"])
        #expect(docker.texts("command") == ["-p", ""])
        #expect(!policy.notes.contains { $0.why.contains("$(NAME)") })
    }
}

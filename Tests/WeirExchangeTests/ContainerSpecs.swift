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

    // MARK: Dockerrun files

    private func dockerrun(_ text: String) throws -> ImportedPolicy {
        let policy = try #require(try PolicyImport.read([("d.json", text)]).first)
        for account in policy.accounts { #expect(!account.isUnknown, "\(account.path)") }
        return policy
    }

    @Test("With an entrypoint a command is its arguments, and no shell reads them")
    func argumentsOfEntrypoint() throws {
        let policy = try dockerrun(
            """
            {"AWSEBDockerrunVersion": "1", "Image": {"Name": "a/b"}, "Entrypoint": "/app/run",
             "Command": "--home $HOME --name 'two words' --empty \\"\\""}
            """)
        let docker = try policy.read().launcher.options
        #expect(docker.texts("entrypoint") == ["/app/run"])
        #expect(docker.texts("command") == ["--home", "$HOME", "--name", "two words", "--empty", ""])
        #expect(policy.why("Command")?.contains("no shell reads them") == true)
    }

    @Test("Without one a line that needs a shell has one")
    func commandLine() throws {
        let policy = try dockerrun(
            #"{"AWSEBDockerrunVersion": "1", "Image": {"Name": "a/b"}, "Command": "work --home $HOME"}"#)
        #expect(try policy.read().launcher.options.texts("command") == ["/bin/sh", "-c", "work --home $HOME"])
        #expect(policy.why("Command") == "a line that a shell has to read: it runs in /bin/sh")
    }

    @Test("What the docker launcher does alike is carried over, and a volume that is mounted is")
    func definition() throws {
        let policy = try dockerrun(
            """
            {"AWSEBDockerrunVersion": 2,
             "volumes": [{"name": "data", "host": {"sourcePath": "/srv/data"}}, {"name": "other", "host": {"sourcePath": "/x"}}],
             "containerDefinitions": [{"name": "a", "image": "a:1", "stopTimeout": 45,
              "mountPoints": [{"sourceVolume": "data", "containerPath": "/data"}],
              "extraHosts": [{"hostname": "db", "ipAddress": "10.0.0.5"}], "dockerLabels": {"team": "media"},
              "linuxParameters": {"initProcessEnabled": false, "tmpfs": [{"containerPath": "/t", "size": 5}]},
              "healthCheck": {"command": ["CMD-SHELL", "curl -f localhost"], "interval": 20, "retries": 3, "timeout": 4}}]}
            """)
        let file = try policy.read()
        let docker = file.launcher.options
        #expect(docker.texts("mounts") == ["/srv/data:/data"])
        #expect(docker.texts("extra_hosts") == ["db:10.0.0.5"])
        #expect(docker.textMap("labels").map(\.value) == ["media"])
        #expect(docker.boolean("init") == false)
        #expect(docker.texts("health_command") == ["/bin/sh", "-c", "curl -f localhost"])
        #expect(docker.duration("health_interval") == .seconds(20))
        #expect(file.group.stopTimeout == .seconds(45))
        let container = "containerDefinitions[0]"
        #expect(
            Set(policy.notes.compactMap(\.path)).subtracting(["queue", "workers"]) == [
                "volumes[1].name", "volumes[1].host", "\(container).linuxParameters.tmpfs",
                "\(container).healthCheck.timeout",
            ])
        #expect(policy.why("volumes[1].host") == "the container that is carried over does not mount it")
    }
}

import Foundation
import Testing
import WeirCore
import WeirPolicy
import WeirRuntime

@testable import WeirBackends

@Suite("Docker's API, in bytes")
struct DockerWireSpecs {
    // MARK: What is sent

    @Test("a container carries weir's labels, its variables once each, and every limit of the policy file")
    func create() throws {
        var options = DockerOptions(Options(values: []))
        options.image = "thumbnails:1.4"
        options.command = ["python3", "worker.py"]
        options.entrypoint = ["/init"]
        options.environment = [.init(name: "LOG", value: "info"), .init(name: "AWS_REGION", value: "theirs")]
        options.cpus = 0.5
        options.memoryBytes = 256 << 20
        options.network = "host"
        options.mounts = [try #require(.init("/data:/in:ro")), try #require(.init("cache:/cache"))]
        options.user = "1000:1000"
        options.processes = 64
        options.labels = [.init(name: "team", value: "media")]
        options.workingDirectory = "/srv"
        options.healthCommand = ["test", "-e", "/ready"]
        options.healthInterval = .seconds(5)
        let order = LaunchOrder(
            instance: InstanceID("i-1"), group: "thumbs", templateVersion: 3,
            environment: [EnvironmentVariable("AWS_REGION", "ours"), EnvironmentVariable("KEY", "a=b")])
        let body = try DockerWire.create(order, options, fleet: "f1")
        #expect(
            String(decoding: body, as: UTF8.self) == """
                {"Cmd":["python3","worker.py"],"Entrypoint":["/init"],\
                "Env":["LOG=info","WEIR_GROUP=thumbs","WEIR_INSTANCE_ID=i-1","AWS_REGION=ours","KEY=a=b"],\
                "Healthcheck":{"Interval":5000000000,"Test":["CMD","test","-e","/ready"]},\
                "HostConfig":{"Binds":["/data:/in:ro","cache:/cache"],"ExtraHosts":[],"Init":true,"Memory":268435456,\
                "NanoCpus":500000000,"NetworkMode":"host","PidsLimit":64},"Image":"thumbnails:1.4",\
                "Labels":{"team":"media","weir.fleet":"f1","weir.group":"thumbs","weir.instance":"i-1","weir.template":"3"},\
                "User":"1000:1000","WorkingDir":"/srv"}
                """)
    }

    @Test("what the policy file leaves out is left to the image")
    func bare() throws {
        var options = DockerOptions(Options(values: []))
        options.image = "w"
        options.network = "none"
        options.usesInit = false
        let order = LaunchOrder(instance: InstanceID("i-1"), group: "g")
        let body = try DockerWire.create(order, options, fleet: "f")
        #expect(
            String(decoding: body, as: UTF8.self) == """
                {"Env":["WEIR_GROUP=g","WEIR_INSTANCE_ID=i-1"],\
                "HostConfig":{"Binds":[],"ExtraHosts":[],"Init":false,"NetworkMode":"none"},"Image":"w",\
                "Labels":{"weir.fleet":"f","weir.group":"g","weir.instance":"i-1"}}
                """)
    }

    @Test(
        "weir's machine has a name on every network that is not its own",
        arguments: [
            ("bridge", [], ["host.docker.internal:host-gateway"], "the default network"),
            ("back", ["db:10.0.0.9"], ["db:10.0.0.9", "host.docker.internal:host-gateway"], "a network of the user's"),
            ("back", ["host.docker.internal:10.0.0.1"], ["host.docker.internal:10.0.0.1"], "the file says which it is"),
            ("host", [], [], "it is 127.0.0.1 already"),
            ("none", [], [], "there is nothing to reach"),
        ])
    func hosts(_ network: String, _ given: [String], _ expected: [String], because: String) throws {
        var options = DockerOptions(Options(values: []))
        options.network = network
        options.extraHosts = given
        let body = try DockerWire.create(
            LaunchOrder(instance: InstanceID("i-1"), group: "g"), options, fleet: "f")
        let json = try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
        let host = try #require(json["HostConfig"] as? [String: Any])
        #expect(host["ExtraHosts"] as? [String] == expected, "\(because)")
    }

    @Test("filters name every label")
    func filters() throws {
        #expect(
            try DockerWire.filters(labels: [("weir.fleet", "f"), ("weir.group", "g")], type: "container")
                == #"{"label":["weir.fleet=f","weir.group=g"],"type":["container"]}"#)
    }

    @Test(
        "a pull names one image, never all tags of it",
        arguments: [
            ("busybox", ["fromImage=busybox", "tag=latest"]),
            ("busybox:1.36", ["fromImage=busybox:1.36"]),
            ("127.0.0.1:5000/team/app", ["fromImage=127.0.0.1:5000/team/app", "tag=latest"]),
            ("127.0.0.1:5000/team/app:2", ["fromImage=127.0.0.1:5000/team/app:2"]),
            ("app@sha256:0123", ["fromImage=app@sha256:0123"]),
        ])
    func pull(_ image: String, _ expected: [String]) {
        #expect(DockerWire.pull(image).map { "\($0)=\($1)" } == expected)
    }

    @Test("a query keeps its value, whatever is in it")
    func escape() {
        #expect(DockerEngine.escape(#"{"a":["b=c&d"]}"#) == "%7B%22a%22%3A%5B%22b%3Dc%26d%22%5D%7D")
        #expect(DockerEngine.escape("A-z_0.9~") == "A-z_0.9~")
        #expect(DockerEngine.escape("ü") == "%C3%BC")
    }

    // MARK: What comes back

    @Test("a list gives states and labels")
    func containers() throws {
        let containers = try DockerWire.containers(fixture("containers.json"))
        #expect(containers.map(\.state) == [.running, .created, .exited, .paused])
        #expect(containers.map(\.instance?.text) == ["i-3", "i-2", "i-1", nil])
        #expect(containers.map { $0.belongs(to: "f", group: "g") } == [true, true, true, false])
        #expect(!containers[0].belongs(to: "f2", group: "g") && !containers[0].belongs(to: "f", group: "g2"))
    }

    @Test(
        "an inspection tells how a container ended",
        arguments: [
            ("inspect-exited.json", 3, false), ("inspect-out-of-memory.json", 137, true),
            ("inspect-podman.json", 0, false),
            ("inspect-child-out-of-memory.json", 0, false),
        ])
    func inspection(_ name: String, _ code: Int, _ outOfMemory: Bool) throws {
        let inspection = try DockerWire.inspection(fixture(name))
        #expect(inspection.container.state == .exited)
        #expect(inspection.exitCode == code)
        #expect(inspection.outOfMemory == outOfMemory)
    }

    @Test(
        "a state that is not known counts as running: nothing is declared dead on a guess",
        arguments: [
            ("created", DockerContainer.State.created), ("running", .running), ("paused", .paused),
            ("restarting", .running), ("removing", .removing), ("exited", .exited), ("dead", .exited),
            ("configured", .created), ("stopped", .exited), ("stopping", .running), ("levitating", .running),
        ])
    func states(_ word: String, _ state: DockerContainer.State) {
        #expect(DockerContainer.State(word: word) == state)
    }

    @Test(
        "the end of a status tells what the engine's own checks found",
        arguments: [
            ("Up 2 minutes (healthy)", HealthCheckResult.healthy), ("Up 3 seconds (health: starting)", .starting),
            ("Up 2 hours (unhealthy)", .failed("its container's health check fails")),
        ])
    func health(_ status: String, _ found: HealthCheckResult) {
        #expect(DockerWire.health(status) == found)
        #expect(DockerWire.health("Up 2 minutes") == nil && DockerWire.health("Up 2 hours (Paused)") == nil)
    }

    @Test("an inspection tells where a container answers: on its first network that gives it an address")
    func address() throws {
        func address(_ networks: String) throws -> String? {
            let body =
                #"{"Id":"a","State":{"Status":"running"},"Config":{},"NetworkSettings":{"Networks":\#(networks)}}"#
            return try DockerWire.inspection(Array(body.utf8)).address
        }
        #expect(try address(#"{"z":{"IPAddress":"172.18.0.3"},"a":{"IPAddress":"172.17.0.2"}}"#) == "172.17.0.2")
        #expect(try address(#"{"a":{"IPAddress":""},"z":{"IPAddress":"172.18.0.3"}}"#) == "172.18.0.3")
        #expect(try address(#"{"host":{"IPAddress":""}}"#) == nil)
        #expect(
            try DockerWire.inspection(Array(#"{"Id":"a","State":{"Status":"running"},"Config":{}}"#.utf8)).address
                == nil)
    }

    @Test(
        "an answer that is not what was asked for is refused, with what is wrong",
        arguments: [
            ("{}", "'Id' is not in it"), ("", "it is not the JSON that was expected"),
            ("[1", "it is not the JSON that was expected"),
        ])
    func unreadable(_ body: String, because: String) {
        #expect(throws: DockerFailure.unreadable(because)) { try DockerWire.created(Array(body.utf8)) }
    }

    @Test(
        "a refusal's message is one plain line, also when it is no JSON",
        arguments: [
            (#"{"message":"No such image: nosuch:1"}"#, "No such image: nosuch:1"),
            ("page not found\n", "page not found"),
            (#"{"message":"two\nlines\u001b[31m"}"#, "two lines[31m"),
            ("", ""),
        ])
    func message(_ body: String, _ expected: String) {
        #expect(DockerWire.message(Array(body.utf8)) == expected)
    }

    @Test("a long refusal is cut")
    func longMessage() {
        let message = DockerWire.message([UInt8](repeating: UInt8(ascii: "x"), count: 10_000))
        #expect(message.count == DockerLimits.quotedCharacters + 1 && message.hasSuffix("…"))
    }

    @Test("the frames of both streams become the lines that were printed")
    func log() {
        let frames = frame(1, "out 1\nout ") + frame(2, "err 1\n") + frame(1, "2\n") + frame(0, "in\n")
        #expect(DockerWire.logTail(frames: frames) == ["out 1", "out err 1", "2", "in"])
        #expect(DockerWire.logTail(frames: []) == [])
    }

    @Test(
        "a broken frame ends the log, and nothing worse",
        arguments: [
            [1, 0, 0, 0, 0, 0, 0], [9, 9, 9, 9, 9, 9, 9, 9, 9], [1, 0, 0, 0, 255, 255, 255, 255, 65],
        ] as [[UInt8]])
    func brokenLog(_ end: [UInt8]) {
        let tail = DockerWire.logTail(frames: frame(1, "fine\n") + end)
        #expect(tail.first == "fine" && tail.count <= 2)
    }

    @Test("the tail of a log is its last lines, each of a bearable length, without what moves a cursor")
    func tail() {
        let lines = (1...100).map { "line \($0)" } + [String(repeating: "x", count: 5000), "\u{1b}[2Jgone"]
        let tail = DockerWire.logTail(frames: frame(1, lines.joined(separator: "\n")))
        #expect(tail.count == DockerLimits.logLines)
        #expect(tail.first == "line 83" && tail.last == "[2Jgone")
        #expect(tail[18].count == DockerLimits.logLineCharacters + 1)
    }

    @Test(
        "only events that can change the list matter",
        arguments: [
            (#"{"Type":"container","Action":"die","Actor":{}}"#, true), (#"{"Action":"start"}"#, true),
            (#"{"Action":"remove"}"#, true), (#"{"Action":"exec_create: sh -c true"}"#, false),
            (#"{"Action":"exec_die"}"#, false), (#"{"Action":"health_status: unhealthy"}"#, true), ("{}", false),
            ("noise", false),
        ])
    func events(_ line: String, _ matters: Bool) {
        #expect(DockerWire.mattersToList(Array(line.utf8)) == matters)
    }

    @Test("a pull's failure is in a line of its progress")
    func pullError() {
        #expect(DockerWire.pullError(Array(#"{"status":"Pulling from library/x","id":"latest"}"#.utf8)) == nil)
        // As engines write it today, and as the newest version of their API announces it.
        let lines = [
            #"{"errorDetail":{"message":"manifest unknown"},"error":"manifest unknown"}"#,
            #"{"errorDetail":{"message":"manifest unknown"}}"#,
        ]
        for line in lines { #expect(DockerWire.pullError(Array(line.utf8)) == "manifest unknown") }
    }

    // MARK: Helpers

    private func frame(_ stream: UInt8, _ text: String) -> [UInt8] {
        let count = text.utf8.count
        let length = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) }
        return [stream, 0, 0, 0] + length + Array(text.utf8)
    }

    private func fixture(_ name: String) throws -> [UInt8] {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/docker/\(name)", withExtension: nil))
        return Array(try Data(contentsOf: url))
    }
}

import Testing
import WeirPolicy

@testable import WeirBackends

@Suite("The options of docker")
struct DockerOptionsSpecs {
    @Test(
        "mounts",
        arguments: [
            ("/data:/in", true, "a folder"), ("/data:/in:ro", true, "read only"),
            ("/data:/in:rw", true, "said in full"),
            ("cache:/cache", true, "a volume"), ("data/in:/in", false, "a relative folder would become a volume"),
            ("/data", false, "no target"), ("/data:in", false, "a relative target"), (":/in", false, "no source"),
            ("/data:/in:z", false, "an option that is not known"), ("/a:/b:ro:x", false, "too much"),
        ])
    func mounts(_ text: String, _ isRight: Bool, because: String) {
        #expect((DockerOptions.Mount(text) != nil) == isRight, "\(because)")
    }

    @Test(
        "engines",
        arguments: [
            ("unix:///var/run/docker.sock", "http://docker", "/var/run/docker.sock"),
            ("tcp://127.0.0.1:2375", "http://127.0.0.1:2375", nil),
            ("http://127.0.0.1:2375/", "http://127.0.0.1:2375", nil),
        ])
    func engines(_ text: String, _ origin: String, _ socket: String?) throws {
        let address = try #require(DockerEngine.Address(text))
        #expect(address.origin == origin && address.unixSocket == socket)
    }

    @Test(
        "what is no engine",
        arguments: [
            "", "unix://", "unix://relative", "/var/run/docker.sock", "tcp://", "http://h/path", "ssh://host",
            "npipe:////./pipe",
        ])
    func noEngines(_ text: String) {
        #expect(DockerEngine.Address(text) == nil)
    }

    @Test("labels of weir's own may not be written")
    func labels() {
        let labels: Options.Value = .map([
            .init(name: "team", value: .text("a")), .init(name: "weir.group", value: .text("b")),
        ])
        let mistakes = DockerOptions.section.check(Options(values: [.init(name: "labels", value: labels)]))
        #expect(mistakes.map(\.message) == ["'weir.group' is one of weir's own labels"])
    }

    @Test("every key that is declared is read, and every default is the one that is declared")
    func defaults() {
        let options = DockerOptions(Options(values: [.init(name: "image", value: .text("w"))]))
        for field in DockerOptions.section.fields {
            switch field.name {
            case "image": #expect(options.image == "w")
            case "network": #expect(options.network == field.defaultText)
            case "init": #expect("\(options.usesInit)" == field.defaultText)
            case "pull": #expect(options.pull.rawValue == field.defaultText)
            default: #expect(field.defaultText == nil, "'\(field.name)' has a default that is not looked at here")
            }
        }
    }
}

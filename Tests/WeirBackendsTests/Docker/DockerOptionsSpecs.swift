import Testing
import WeirCore
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

    private static let hash = String(repeating: "0123456789abcdef", count: 4)

    @Test(
        "images",
        arguments: [
            ("thumbnails", "a name"), ("thumbnails:1.4", "with a tag"), ("1.40", "digits"),
            ("a__b--c_d.e", "separators"),
            ("library/redis", "a path"), ("a/b/c/d:X_y.z-1", "a long path"), ("localhost/a", "this machine"),
            ("registry.example.com/webhooks:2025-06", "a host"), ("registry:5000/a", "a port"),
            ("registry:5000/a:1", "a port and a tag"), ("REGISTRY/a", "a host in upper case"),
            ("[::1]:5000/a:1", "an address"), ("127.0.0.1:5000/a", "an older address"),
            ("a@sha256:\(hash)", "a digest"), ("h:1/a/b:1@sha256:\(hash)", "everything"),
            ("a@sha512:\(hash)\(hash)", "another digest"), ("sha256:\(hash)", "an id"), (hash, "an id"),
            ("0123456789ab", "the start of an id"), ("xn--bcher-kva.example/a", "a host in punycode"),
        ])
    func images(_ text: String, because: String) {
        #expect(ImageReference.isRight(text), "\(because)")
    }

    @Test(
        "what is no image",
        arguments: [
            ("", "nothing"), ("bad image:::", "a blank"), ("a:", "an empty tag"), ("a:b:c", "two tags"),
            ("Thumbnails", "a path in upper case"), ("a/B", "a path in upper case"), ("-a", "a separator first"),
            ("a-", "a separator last"), ("a___b", "too many underscores"), ("a..b", "two dots"),
            ("a//b", "an empty part"),
            ("/a", "an empty host"), ("a/", "an empty path"), ("a:\(String(repeating: "x", count: 129))", "a long tag"),
            ("a@sha256:abc", "a short digest"), ("a@", "an empty digest"),
            ("a@sha256:\(hash)@sha256:\(hash)", "two digests"),
            ("docker://a", "a scheme"), ("http://h/a", "a URL"),
            ("a:${TAG}", "a reference, which is not resolved here"),
            ("é", "a letter that no path has"), ("h:port/a", "no port"),
            (String(repeating: "a", count: 256), "a long name"),
        ])
    func noImages(_ text: String, because: String) {
        #expect(!ImageReference.isRight(text), "\(because)")
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
            case "health_interval": #expect(options.healthInterval.text == field.defaultText)
            default: #expect(field.defaultText == nil, "'\(field.name)' has a default that is not looked at here")
            }
        }
    }
}

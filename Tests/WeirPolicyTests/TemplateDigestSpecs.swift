import Testing
import WeirCore

@testable import WeirPolicy

@Suite("What makes another version of the launch template")
struct TemplateDigestSpecs {
    private func digest(_ workers: String, _ lines: String = "") throws -> String {
        let text = "group: a\nqueue: { embedded: a }\nmax_size: 5\nworkers: { \(workers) }\n\(lines)"
        let result = reader.read(text: text, path: "a.yaml")
        #expect(result.text == "")
        return try #require(result.files.first?.group.templateDigest)
    }

    private static let usual = "docker: { image: a:1, command: [work], environment: { A: x, B: y } }"

    @Test("It is short, and the same in every process and every release")
    func stable() throws {
        #expect(try digest("docker: a:1") == "a456f4789f5a1a47")
    }

    @Test(
        "What is launched counts",
        arguments: [
            "docker: { image: a:2, command: [work], environment: { A: x, B: y } }",
            "docker: { image: a:1, command: [wor, k], environment: { A: x, B: y } }",
            "docker: { image: a:1, command: [work], environment: { A: y, B: x } }",
            "docker: { image: a:1, command: [work], environment: { A: x } }",
            "docker: { image: a:1, command: [work], environment: { A: x, B: \"${B}\" } }",
            "docker: { image: a:1, entrypoint: [work], environment: { A: x, B: y } }",
            "docker: { image: a:1, command: [work], environment: { A: x, B: y }, network: host }",
            "docker: { image: a:1, command: [work], environment: { A: x, B: y }, memory: 256MiB }",
            "process: { command: [work], environment: { A: x, B: y } }",
        ])
    func counts(_ workers: String) throws {
        #expect(try digest(workers) != digest(Self.usual))
    }

    @Test(
        "How it is written does not",
        arguments: [
            "docker: { environment: { B: y, A: x }, command: [work], image: \"a:1\" }",
            "docker: { image: a:1, command: [work], environment: { A: x, B: y }, network: bridge, init: true }",
        ])
    func spelling(_ workers: String) throws {
        #expect(try digest(workers) == digest(Self.usual))
    }

    @Test(
        "How instances come and go does not: that holds for running ones too",
        arguments: [
            "concurrency: 4", "warmup: 10s", "stop_timeout: 5s", "launch_timeout: 20s",
            "health_check_grace_period: 5s", "health_check: { http: 80 }",
        ])
    func life(_ option: String) throws {
        #expect(try digest("\(Self.usual), \(option)") == digest(Self.usual))
    }

    @Test("Nothing outside of the launcher counts")
    func outside() throws {
        let lines = """
            min_size: 1
            max_instance_lifetime: 1d
            warm_pool: {}
            lifecycle_hooks: { a: { transition: launching, heartbeat_timeout: 30s } }
            instance_refresh: { on_change: true }
            """
        #expect(try digest(Self.usual, lines) == digest(Self.usual))
    }

    @Test("A secret counts by its reference")
    func secrets() throws {
        let one = try digest("docker: { image: a, environment: { T: \"${ONE}\" } }")
        let other = try digest("docker: { image: a, environment: { T: file:/run/secrets/one } }")
        #expect(one != other)
    }
}

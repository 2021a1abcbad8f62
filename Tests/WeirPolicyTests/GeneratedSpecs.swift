import Foundation
import Testing

@testable import WeirPolicy

/// What is made from the declarations, beside the exact text. With `WEIR_RECORD_EXPECTED=1` in the environment the texts
/// are written anew, to be read before they are committed; the tests fail then.
@Suite("Made from the declarations")
struct GeneratedSpecs {
    private func compare(_ text: String, with name: String) throws {
        let url = Fixtures.folder.appendingPathComponent("generated/\(name)")
        if ProcessInfo.processInfo.environment["WEIR_RECORD_EXPECTED"] != nil {
            try text.write(to: url, atomically: true, encoding: .utf8)
            Issue.record("recorded anew")
        }
        let wanted = try Fixtures.text(url)
        #expect(text == wanted)
    }

    @Test("A file explained: every value, and where it comes from")
    func explanation() throws {
        let text = try Fixtures.text(Fixtures.folder.appendingPathComponent("good/explained.yaml"))
        let result = reader.read(text: text, path: "emails.yaml")
        #expect(result.text == "")
        let file = try #require(result.files.first)
        let explained = result.explain(file)
        try compare(explained, with: "explained.txt")
        for secret in ["hunter2", "topsecret", "token=abc", "zzz"] { #expect(!explained.contains(secret)) }
    }

    @Test("The JSON Schema")
    func schema() throws {
        try compare(PolicySchema.text(catalogue: .test), with: "schema.json")
    }

    @Test("The reference page")
    func reference() throws {
        try compare(PolicyReference.text(catalogue: .test), with: "reference.md")
    }

    @Test("docs/policy-reference.md has the pages that do not depend on which backends there are")
    func shippedReference() throws {
        let shipped = try Fixtures.text(Fixtures.docs.appendingPathComponent("policy-reference.md"))
        let pages = PolicyReference.text(catalogue: .test).components(separatedBy: "\n## ")
        let common = pages.filter { page in
            !page.hasPrefix("`queue") && (!page.hasPrefix("`workers") || page.hasPrefix("`workers.health_check"))
        }
        #expect(common.count >= 5)
        for page in common { #expect(shipped.contains(page)) }
    }

    @Test("The schema is JSON, and knows every key that is read")
    func schemaKnowsEveryKey() throws {
        let data = Data(PolicySchema.text(catalogue: .test).utf8)
        let schema = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
        let group = try #require(schema["else"] as? [String: Any])
        #expect(group["additionalProperties"] as? Bool == false)
        try expect(group, knows: PolicyDeclaration.root(.test))
        let fleet = try #require(schema["then"] as? [String: Any])
        #expect(fleet["additionalProperties"] as? Bool == false)
        try expect(fleet, knows: FleetSection.file)
    }

    /// Goes through schema and declarations side by side.
    private func expect(_ schema: [String: Any], knows section: Section) throws {
        let properties = try #require(schema["properties"] as? [String: [String: Any]])
        #expect(properties.keys.sorted() == section.keys.map(\.name).sorted())
        let required = schema["required"] as? [String] ?? []
        #expect(required == section.keys.filter(\.required).map(\.name))
        for key in section.keys {
            let property = try #require(properties[key.name])
            #expect((property["description"] as? String)?.isEmpty == false, "\(key.name) has no description")
            guard case .section(let child) = key.shape else { continue }
            let alternatives = property["anyOf"] as? [[String: Any]]
            #expect((alternatives != nil) == (child.shorthand != nil))
            try expect(alternatives?.last ?? property, knows: child)
        }
    }

    @Test(
        "Patterns of the schema take what the reader takes",
        arguments: [
            (Quantity.durationPattern, "1h30m", true), (Quantity.durationPattern, "500ms", true),
            (Quantity.durationPattern, "1.5h", true), (Quantity.durationPattern, "300", false),
            (Quantity.durationPattern, "30m1h", false), (Quantity.sizePattern, "256MiB", true),
            (Quantity.sizePattern, "256", false), (Quantity.sizePattern, "1mb", false),
        ])
    func patterns(_ pattern: String, _ text: String, _ matches: Bool) throws {
        let expression = try Regex(pattern)
        #expect((text.wholeMatch(of: expression) != nil) == matches)
        if pattern == Quantity.durationPattern {
            #expect(((try? Quantity.duration(text).get()) != nil) == matches)
        } else {
            #expect(((try? Quantity.size(text).get()) != nil) == matches)
        }
    }

    @Test("Every default is accepted by its own declaration")
    func defaults() {
        var defaults = 0
        PolicyDeclaration.root(.test).forEachKey { key in
            guard case .value(_, default: .some) = key.shape else { return }
            defaults += 1
            #expect(key.defaultValue != nil, "\(key.name)")
        }
        #expect(defaults > 10)
    }
}

extension Section {
    /// Every key at every depth.
    fileprivate func forEachKey(_ body: (Key) -> Void) {
        for key in keys {
            body(key)
            key.shape.forEachKey(body)
        }
    }
}

extension Key.Shape {
    fileprivate func forEachKey(_ body: (Key) -> Void) {
        switch self {
        case .value: break
        case .section(let section), .sequence(let section, _): section.forEachKey(body)
        case .named(_, let shape): shape.forEachKey(body)
        case .variants(let variants): for (_, section) in variants.sections { section.forEachKey(body) }
        case .either(let either): for section in either.sections { section.forEachKey(body) }
        }
    }
}

import Testing
import WeirCore
import WeirPolicy

@Suite("Fleets and the groups that join them")
struct FleetFileSpecs {
    private func group(_ name: String, _ lines: String) -> (path: String, text: String) {
        let text = """
            group: \(name)
            \(lines)
            queue: { embedded: \(name) }
            workers: { docker: worker:1 }
            """
        return ("\(name).yaml", text)
    }

    private func fleet(_ name: String = "machine", _ maxSize: Int = 12) -> (path: String, text: String) {
        ("\(name)-fleet.yaml", "fleet: \(name)\nmax_size: \(maxSize)\n")
    }

    @Test("A file declares it, groups join it in short or at length, and others have nothing to do with it")
    func joined() {
        let result = reader.read(texts: [
            group("bulk", "fleet: machine\nmax_size: 9"), fleet(),
            group("urgent", "fleet: { name: machine, priority: 10, units: 2 }\nmax_size: 3"),
            group("free", "max_size: 1"),
        ])
        #expect(result.text == "")
        #expect(
            result.fleets == [FleetFile(path: "machine-fleet.yaml", limit: FleetLimit(name: "machine", maxSize: 12))])
        #expect(
            result.files.map(\.group.fleet) == [
                FleetMembership(name: "machine"), FleetMembership(name: "machine", priority: 10, units: 2), nil,
            ])
    }

    @Test("Explained, both read back to the same values")
    func explained() throws {
        let result = reader.read(texts: [
            fleet(), group("urgent", "fleet: { name: machine, units: 2 }\nmax_size: 3"),
        ])
        let declared = result.explain(try #require(result.fleets.first))
        #expect(
            declared == """
                # machine-fleet.yaml, as weir understands it
                fleet: machine  # policy line 1
                max_size: 12    # policy line 2

                """)
        let joined = result.explain(try #require(result.files.first))
        #expect(joined.contains("fleet:\n  name: machine"))
        let again = reader.read(texts: [("machine-fleet.yaml", declared), ("urgent.yaml", joined)])
        #expect(again.text == "")
        #expect(again.files.map(\.group) == result.files.map(\.group))
        #expect(again.fleets == result.fleets)
    }

    @Test("A name that no file declares, with the nearest that one does")
    func misspelt() {
        let result = reader.read(texts: [fleet(), group("bulk", "fleet: machin\nmax_size: 9")])
        #expect(
            result.text == """
                bulk.yaml:2:8: error: no file declares fleet 'machin'
                    2 | fleet: machin
                      |        ^^^^^^ did you mean 'machine'?
                machine-fleet.yaml:1:8: warning: no group joins fleet 'machine'
                    1 | fleet: machine
                      |        ^^^^^^^ expected 'fleet: machine' in the file of a group

                """)
        #expect(result.files.isEmpty)
        #expect(result.fleets.count == 1)
    }

    @Test("A fleet counts as declared also when its file has another mistake")
    func mistakenFleet() {
        let result = reader.read(texts: [
            ("machine.yaml", "fleet: machine\nmax_size: many\n"), group("bulk", "fleet: machine\nmax_size: 9"),
        ])
        #expect(result.diagnostics.map(\.message) == ["'max_size' is not a whole number"])
    }

    @Test("Two fleets of one name")
    func twice() {
        let result = reader.read(texts: [
            fleet(), ("other.yaml", "max_size: 3\nfleet: machine\n"), group("bulk", "fleet: machine\nmax_size: 9"),
        ])
        #expect(
            result.text == """
                other.yaml:2:8: error: there is another fleet 'machine'
                    2 | fleet: machine
                      |        ^^^^^^^ first in machine-fleet.yaml:1

                """)
    }

    @Test("A group may be called as its fleet is")
    func sameWord() {
        let result = reader.read(texts: [fleet(), group("machine", "fleet: machine\nmax_size: 9")])
        #expect(result.text == "")
    }

    @Test("Minimums that do not fit together are refused with their sum")
    func minimums() {
        let result = reader.read(texts: [
            fleet("machine", 9), group("urgent", "fleet: { name: machine, units: 4 }\nmin_size: 2\nmax_size: 3"),
            group("bulk", "fleet: machine\nmin_size: 2\nmax_size: 9"), group("none", "fleet: machine\nmax_size: 9"),
        ])
        #expect(
            result.text == """
                machine-fleet.yaml:2:11: error: 'max_size' is 9, but the minimums of its groups take 10 units: urgent 2 × 4, bulk 2
                    2 | max_size: 9
                      |           ^ expected at least 10, or smaller minimums

                """)
    }

    @Test("An instance that is larger than the limit could never be launched")
    func tooLarge() {
        let result = reader.read(texts: [
            fleet("machine", 3), group("urgent", "fleet: { name: machine, units: 4 }\nmax_size: 3"),
        ])
        #expect(
            result.text == """
                urgent.yaml:2:32: error: one instance takes 4 units, and fleet 'machine' has 3
                    2 | fleet: { name: machine, units: 4 }
                      |                                ^ expected 1 to 3

                """)
    }

    @Test("What was right once is read again without the files beside it")
    func former() {
        let file = group("bulk", "fleet: machine\nmax_size: 9")
        #expect(reader.read(text: file.text, path: file.path).hasErrors)
        let result = reader.read(former: file.text, path: file.path)
        #expect(result.text == "")
        #expect(result.files.first?.group.fleet == FleetMembership(name: "machine"))
    }
}

import Foundation
import Testing

@testable import WeirPolicy

/// Good files with accidents: whatever a file holds, reading it ends, and ends with a file or with a complaint.
@Suite("Mutations")
struct MutationSpecs {
    @Test("Nothing that happens to a file goes unanswered", arguments: 1...40 as ClosedRange<UInt64>)
    func neverSilent(_ seed: UInt64) throws {
        var random = Generator(state: seed)
        for name in Fixtures.names(in: Fixtures.policies) {
            let text = try Fixtures.text(Fixtures.policies.appendingPathComponent(name + ".yaml"))
            let mutated = Self.mutate(text, &random)
            let result = reader.read(text: mutated, path: name)
            #expect(result.files.count == 1 || result.hasErrors, "seed \(seed), \(name):\n\(mutated)")
            for diagnostic in result.diagnostics {
                let place = try #require(diagnostic.place)
                #expect(place.line >= 1 && place.column >= 1 && place.carets.hasSuffix("^"))
            }
        }
    }

    @Test("The same text gives the same complaints")
    func repeatable() {
        var random = Generator(state: 7)
        let text = Self.mutate(smallest("alarms: { a: { metric: visibl } }"), &random)
        #expect(reader.read(text: text, path: "x").text == reader.read(text: text, path: "x").text)
    }

    private static let pieces = [
        ":", " ", "\n", "\t", "- ", "{", "}", "[", "]", "\"", "'", "#", "&a ", "*a", "<<: ", "!!int ", "%", "@", "?",
        "|", ">",
        "0", "-1", "99999999999999999999", "é", "🙂", "\u{0}", "\u{85}", "\u{2028}", "\u{FEFF}", "${", "null", "---\n",
        "\r\n",
    ]

    private static func mutate(_ text: String, _ random: inout Generator) -> String {
        var scalars = Array(text.unicodeScalars)
        for _ in 0..<random.below(6) + 1 {
            let index = random.below(scalars.count)
            switch random.below(4) {
            case 0: scalars.remove(at: index)
            case 1: scalars.insert(contentsOf: pieces[random.below(pieces.count)].unicodeScalars, at: index)
            case 2: scalars.swapAt(index, random.below(scalars.count))
            default: repeatLine(at: index, in: &scalars, &random)
            }
        }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// Duplicates, or removes, the line around a place.
    private static func repeatLine(at index: Int, in scalars: inout [Unicode.Scalar], _ random: inout Generator) {
        let start = scalars[..<index].lastIndex(of: "\n").map { $0 + 1 } ?? 0
        let end = scalars[index...].firstIndex(of: "\n").map { $0 + 1 } ?? scalars.count
        let line = Array(scalars[start..<end])
        if random.below(2) == 0 {
            scalars.insert(contentsOf: line, at: end)
        } else {
            scalars.removeSubrange(start..<end)
        }
        if scalars.isEmpty { scalars = ["x"] }
    }

    /// SplitMix64: the same seed, the same accidents.
    private struct Generator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }

        mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(bound, 1))) }
    }
}

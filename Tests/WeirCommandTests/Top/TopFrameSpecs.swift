import Testing
import WeirAPI
import WeirCore

@testable import weir

@Suite("The picture that weir top draws")
struct TopFrameSpecs {
    private let three = [
        TopGroups.group("emails", visible: 0), TopGroups.group("reports", visible: nil),
        TopGroups.group("thumbnails", desired: 6, visible: 1400, alarm: .alarm, decisions: 3),
    ]

    @Test("80 columns and 24 lines hold the list, the chosen group and its last decisions")
    func usualWindow() {
        let lines = TopGroups.frame(TopGroups.scene(three), choosing: "thumbnails").lines.map(\.plain)
        #expect(lines.count == 24)
        #expect(lines[0].hasPrefix("weir top  3 groups  desired 10, in service 6  visible 1400  1 in ALARM"))
        #expect(lines[0].hasSuffix("12:00:00"))
        #expect(lines[1] == "  GROUP      DESIRED SERVICE BUSY PENDING VISIBLE OLDEST  ALARMS")
        #expect(lines[4].hasPrefix("▸ thumbnails       6       2    1       0    1400     3s  thumbnails-high "))
        #expect(lines[5].hasPrefix("── thumbnails ────"))
        #expect(lines[6] == "capacity   desired 6 (0 to 1000)  InService 2")
        #expect(lines.contains("alarms     thumbnails-high ALARM since 12:00:00"))
        #expect(lines.contains("decided    12:00:02  desired 2 → 3"))
        #expect(lines.contains { $0.hasPrefix("instances  i-100000  InService  holds 1") })
        #expect(lines[23].hasPrefix("q quit"))
    }

    @Test("no line is longer than the window is wide, and none is too many, whatever its size")
    func everyWindow() {
        let scene = TopGroups.scene(
            three + [TopGroups.group("日本語のとても長い名前のグループ", visible: 12), TopGroups.group("much", instances: 30)])
        for columns in [1, 7, 39, 80, 200] {
            for rows in [1, 2, 9, 24] {
                for isWhole in [false, true] {
                    for group in ["much", "日本語のとても長い名前のグループ"] {
                        let lines = TopGroups.frame(
                            scene, choosing: group, whole: isWhole, columns: columns, rows: rows
                        ).lines
                        #expect(lines.count == rows, "\(columns)×\(rows)")
                        #expect(lines.allSatisfy { $0.cells <= columns }, "\(columns)×\(rows)")
                    }
                }
            }
        }
    }

    @Test("a wide window shows more columns, and what was decided last")
    func wideWindow() {
        let heading = TopGroups.frame(TopGroups.scene(three), columns: 160).lines[1].plain
        for title in ["RANGE", "ENDING", "LAST DECISION"] { #expect(heading.contains(title)) }
        let row = TopGroups.frame(TopGroups.scene(three), columns: 160).lines[4].plain
        #expect(row.contains("12:00:02  2 → 3  set to 3 by an operator"))
    }

    @Test("of many groups those around the chosen one are shown, and it says which")
    func manyGroups() {
        let many = (10..<60).map { TopGroups.group("g\($0)") }
        let lines = TopGroups.frame(TopGroups.scene(many), choosing: "g45").lines.map(\.plain)
        #expect(lines.contains { $0.hasPrefix("▸ g45") })
        #expect(lines[1].hasPrefix("  GROUP 33–39 of 50"))
        let last = TopGroups.frame(TopGroups.scene(many), choosing: "g59").lines.map(\.plain)
        #expect(last[1].hasPrefix("  GROUP 44–50 of 50"))
    }

    @Test("alarms, decisions and instances share the room; what is left out is counted")
    func sharedRoom() {
        let scene = TopGroups.scene([TopGroups.group("much", desired: 300, instances: 300, decisions: 20)])
        let lines = TopGroups.frame(scene).lines.map(\.plain)
        #expect(lines.contains { $0.hasPrefix("decided    12:00:19  19 → 20") }, "the newest comes first")
        let more = lines.filter { $0.contains("… ") && $0.hasSuffix(" more") }
        #expect(more == ["           … 13 more", "           … 293 more"])
    }

    @Test("the whole group can be scrolled to its end and not further")
    func scrolling() {
        let scene = TopGroups.scene([TopGroups.group("much", instances: 100)])
        let first = TopGroups.frame(scene, whole: true)
        #expect(first.lines[2].plain.hasPrefix("capacity"))
        let last = TopGroups.frame(scene, whole: true) { $0.scrolled = 1_000_000 }
        #expect(last.lines[22].plain.contains("i-100099"))
        #expect(last.mostScrolled == first.mostScrolled && first.mostScrolled > 0)
    }

    @Test("a daemon that does not answer is said so, with what is known of it and from when")
    func unreachable() {
        var scene = TopScene()
        scene.trouble = "no weir runs with the state folder /var/lib/weir"
        let lines = TopGroups.frame(scene).lines.map(\.plain)
        #expect(lines[1] == "no weir runs with the state folder /var/lib/weir; it is tried again")
        scene = TopGroups.scene(three)
        scene.trouble = "no weir runs here"
        let later = TopGroups.frame(scene).lines.map(\.plain)
        #expect(later[1] == "no weir runs here; what stands here is of 12:00:00; it is tried again")
        #expect(later.contains { $0.hasPrefix("▸ emails") })
    }

    @Test("what a worker printed cannot write to the terminal")
    func harmless() {
        var group = TopGroups.group("evil")
        group.silence = nil
        group.alarms[0].reason = "\u{1B}]0;title\u{7}\u{1B}[2J\u{202E}gone\r\n"
        let text = TopGroups.frame(TopGroups.scene([group])).lines.map { $0.text(coloured: true) }.joined()
        let codes = text.split(separator: "\u{1B}[").dropFirst().map { $0.prefix { $0 != "m" } }
        #expect(Set(codes).isSubset(of: ["0", "1", "2", "7", "31", "32", "33"]))
        #expect(!text.contains("\u{202E}") && !text.contains("\u{7}") && !text.contains("\r"))
    }

    @Test("colours are only where they are wanted")
    func colours() {
        let lines = TopGroups.frame(TopGroups.scene(three)).lines
        #expect(lines.map { $0.text(coloured: false) }.joined().contains("\u{1B}") == false)
        #expect(lines[4].text(coloured: true).contains("\u{1B}[31mthumbnails-high\u{1B}[0m"))
    }
}

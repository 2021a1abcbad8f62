import Testing
import WeirAPI

@testable import weir

@Suite("The keys of weir top")
struct TopKeySpecs {
    @Test(
        "what a terminal sends is a key, or nothing",
        arguments: [
            ("\u{1B}[A\u{1B}OB", [Key.up, .down]), ("kjgG", [.up, .down, .home, .end]),
            ("\u{1B}[5~\u{1B}[6~\u{1B}[H\u{1B}[4~", [.pageUp, .pageDown, .home, .end]), ("\r", [.enter]),
            ("\u{1B}", [.escape]), ("q\u{3}", [.quit, .quit]), ("\u{1B}[1;5Ax!\u{1B}[200~", [.up]), ("\u{1B}[", []),
        ])
    func keys(sent: String, are keys: [Key]) {
        #expect(Key.all(in: Array(sent.utf8)) == keys)
    }

    @Test("one goes from group to group, and no further than there are some")
    func choosing() {
        let names = ["a", "b", "c"]
        var choice = TopChoice()
        choice.press(.down, among: names, page: 10)
        #expect(choice.group == "b")
        choice.press(.pageDown, among: names, page: 10)
        #expect(choice.group == "c")
        choice.press(.down, among: names, page: 10)
        #expect(choice.group == "c")
        choice.press(.home, among: names, page: 10)
        #expect(choice.group == "a")
    }

    @Test("when the chosen group goes, the one that takes its place is chosen")
    func gone() {
        var choice = TopChoice(group: "b")
        choice.press(.enter, among: ["a", "b", "c"], page: 1)
        #expect(choice.isWhole)
        choice.settle(among: ["a", "c"])
        #expect(choice.group == "c" && !choice.isWhole)
        choice.settle(among: [])
        #expect(choice.group == nil)
    }

    @Test("ordered by backlog, those with the most come first, and equals by name")
    func orders() {
        let groups = [
            TopGroups.group("c", visible: 5), TopGroups.group("b", visible: nil), TopGroups.group("a", visible: 5),
            TopGroups.group("d", visible: 70),
        ]
        #expect(TopChoice.Order.backlog.sorted(groups).map(\.group) == ["d", "a", "c", "b"])
        var choice = TopChoice()
        for order in [TopChoice.Order.backlog, .desired, .name] {
            choice.press(.sort, among: groups.map(\.group), page: 1)
            #expect(choice.order == order)
        }
    }
}

@Suite("Text in cells of a terminal")
struct CellSpecs {
    @Test(
        "wide characters take two, marks none",
        arguments: [("abc", 3), ("日本", 4), ("e\u{301}", 1), ("👍", 2), ("é→…", 3), ("", 0)])
    func cells(text: String, are count: Int) {
        #expect(text.cells == count)
    }

    @Test("what is cut ends with an ellipsis, and no character is halved")
    func cutting() {
        #expect("thumbnails".cut(toCells: 6) == "thumb…")
        #expect("日本語".cut(toCells: 6) == "日本語")
        #expect("日本語".cut(toCells: 5) == "日本…")
        #expect("日本語".cut(toCells: 4) == "日…")
        #expect("abc".cut(toCells: 0) == "")
    }

    @Test("a line of several colours is cut where it is too long, also between two of them")
    func styledCutting() {
        let line = StyledLine("one", .red) + StyledLine("two", .green)
        #expect(line.cut(to: 6) == line)
        #expect(line.cut(to: 5).plain == "onet…")
        #expect(line.cut(to: 3).plain == "on…")
        #expect(StyledLine(painted: "a \u{1B}[31mred\u{1B}[0m b").plain == "a red b")
        #expect(StyledLine(painted: "\u{1B}[31mred\u{1B}[0m") == StyledLine("red", .red))
    }
}

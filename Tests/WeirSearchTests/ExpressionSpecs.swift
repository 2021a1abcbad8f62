import Testing

@testable import WeirSearch

@Suite("Conditions over the figures of a report")
struct ExpressionSpecs {
    static let names = FieldNames(["wait_s.p95", "wait_s.max", "worker_hours", "launches"], hasBase: true)

    private static func figures(_ own: [String: Double], base: [String: Double] = [:]) -> Figures {
        Figures { field in field.isOfBase ? base[field.name] : own[field.name] }
    }

    private func condition(_ text: String) throws -> Expression { try Expression.condition(text, over: Self.names) }

    @Test(
        "they are true or false",
        arguments: [
            ("wait_s.p95 > 60", true),
            ("wait_s.p95 > 80", false),
            ("wait_s.p95 > 1m", true),
            ("wait_s.p95 >= 71.2s and launches == 7", true),
            ("wait_s.p95 < 60 or launches != 7", false),
            ("worker_hours > 1.05 * base.worker_hours", true),
            ("worker_hours > 115% * base.worker_hours", false),
            ("not wait_s.p95 > 80", true),
            ("not (wait_s.p95 > 60 and launches < 8) or launches > 100", false),
            ("worker_hours - base.worker_hours > 1 + 2 * 4", true),
            ("worker_hours - base.worker_hours - 5 - 5 > 0", false),
            ("(worker_hours - base.worker_hours) / base.worker_hours >= 0.1", true),
            ("-launches < 0", true),
            ("launches > 8 and launches > 9 or launches < 8", true),
        ])
    func truth(text: String, expected: Bool) throws {
        let figures = Self.figures(
            ["wait_s.p95": 71.2, "worker_hours": 110, "launches": 7], base: ["worker_hours": 100])
        #expect(try condition(text).holds(for: figures) == expected)
    }

    @Test("what is not known is neither more nor less")
    func unknown() throws {
        let figures = Self.figures([:])
        #expect(try condition("wait_s.p95 > 0").holds(for: figures) == false)
        #expect(try condition("wait_s.p95 <= 0").holds(for: figures) == false)
    }

    @Test("a sentence says which comparison made it true, and with which numbers")
    func sentences() throws {
        let figures = Self.figures(
            ["wait_s.p95": 71.2, "worker_hours": 2431.4, "launches": 7], base: ["worker_hours": 2200])
        let both = try condition("wait_s.p95 > 60 or worker_hours > 1.05 * base.worker_hours or launches > 7")
        #expect(
            both.grounds(for: figures) == [
                "wait_s.p95 is 71.2 s, more than 60",
                "worker_hours is 2431 h, more than 1.05 * base.worker_hours, which is 2310 h",
            ])
        #expect(try condition("not wait_s.p95 <= 1m").grounds(for: figures) == ["wait_s.p95 is 71.2 s, more than 1m"])
        #expect(try condition("launches > 7").grounds(for: figures) == [])
    }

    @Test(
        "a mistake names its place, what is wrong, and the nearest word",
        arguments: [
            ("wait.p95 > 60", "wait.p95", "there is no figure 'wait.p95'; did you mean 'wait_s.p95'?"),
            ("base.worker_hour > 6", "base.worker_hour", "did you mean 'base.worker_hours'?"),
            ("wait_s.p95 > 60 && launches > 1", "&&", "write 'and' for '&&'"),
            ("wait_s.p95 = 60", "=", "write '==' for '='"),
            ("wait_s.p95", "wait_s.p95", "expected a comparison"),
            ("wait_s.p95 > 60 and launches", "launches", "expected a comparison"),
            ("(wait_s.p95 > 60", "(", "this parenthesis is not closed"),
            ("wait_s.p95 > 60)", ")", "')' is not expected here"),
            ("wait_s.p95 > 60min", "60min", "'60min' is no number"),
            ("wait_s.p95 >", " ", "something is missing"),
            ("1 < launches < 3", "<", "a comparison has two sides"),
            ("launches > 3 $", "$", "'$' means nothing here"),
            ("(launches > 3) + 1 > 2", "launches > 3", "expected a number or a field"),
        ])
    func mistakes(text: String, place: String, problem: String) {
        do throws(ExpressionMistake) {
            _ = try Expression.condition(text, over: Self.names)
            Issue.record("'\(text)' is taken")
        } catch {
            #expect(error.problem.contains(problem), "\(error.problem)")
            let characters = Array(text + " ")
            #expect(String(characters[error.range]) == place)
            let lines = error.description.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.last?.contains("^") == true)
        }
    }

    @Test("parentheses without end are refused before the stack is full")
    func depth() {
        #expect(throws: ExpressionMistake.self) {
            try condition(String(repeating: "(", count: 500) + "1" + String(repeating: ")", count: 500) + " > 2")
        }
    }
}

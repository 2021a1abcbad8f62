import Foundation
import Testing

@testable import WeirCore

@Suite("Metric expressions")
struct ExpressionSpecs {
    private func value(_ text: String) throws -> Double? {
        let expression = try MetricExpression.parse(text, names: ["backlog"])
        let series: [String: [Double?]] = ["visible": [120], "in_flight": [30], "in_service": [0], "backlog": [7]]
        return expression.values(of: series)[0]
    }

    @Test(arguments: [
        ("1 + 2 * 3", 7.0), ("(1 + 2) * 3", 9), ("10 - 4 - 3", 3), ("100 / 10 / 5", 2), ("2 ^ 3 ^ 2", 512),
        ("-2 ^ 2", -4), ("(-2) ^ 2", 4), ("2 ^ -1", 0.5), ("2 ^ 0.5 * 2 ^ 0.5", 2.0000000000000004), ("--3", 3),
        ("1.5e2 + 5e-1 ", 150.5), ("visible / max(in_service, 1)", 120), ("visible + in_flight", 150),
        ("min(4, 2, 9)", 2), ("max(1, 1)", 1), ("abs(-4.5)", 4.5), ("ceil(1.2) + floor(-1.2)", 0),
        ("if(visible > 100, 1, 2)", 1), ("if(0, oldest_age, 2)", 2), ("if(-1, 5, oldest_age)", 5),
        ("3 >= 3", 1), ("3 != 3", 0), ("1 + 1 == 2", 1), ("2 < 1", 0), ("2 <= 1", 0), ("backlog * 2", 14), ("0 ^ 0", 1),
    ])
    func values(_ text: String, _ expected: Double) throws {
        #expect(try value(text) == expected)
    }

    @Test(
        "missing stays missing where there is nothing beside it",
        arguments: [
            "oldest_age", "oldest_age * 0", "visible / in_service", "max(1, oldest_age)", "if(oldest_age, 1, 2)",
            "0 ^ -1", "(-8) ^ 0.5", "-oldest_age", "oldest_age == oldest_age", "10 ^ 400", "if(0, 3, visible / 0)",
            "if(0, 3)",
        ])
    func missing(_ text: String) throws {
        #expect(try value(text) == nil)
    }

    struct Mistake: CustomTestStringConvertible {
        var text: String
        var offset: Int
        var message: String
        var expected: String
        var testDescription: String { text }
    }

    private static let operand = "a number, a metric, a function or '('"

    @Test(arguments: [
        Mistake(text: "", offset: 0, message: "the expression ends too early", expected: operand),
        Mistake(text: "visible /", offset: 9, message: "the expression ends too early", expected: operand),
        Mistake(text: "visible 3", offset: 8, message: "'3' does not belong here", expected: "an operator or the end"),
        Mistake(text: "3 $ 4", offset: 2, message: "'$' does not belong here", expected: "an operator or the end"),
        Mistake(text: "* 3", offset: 0, message: "'*' does not belong here", expected: operand),
        Mistake(text: "(1 + 2", offset: 6, message: "a parenthesis is not closed", expected: "')'"),
        Mistake(text: "max(1, 2", offset: 8, message: "a parenthesis is not closed", expected: "')'"),
        Mistake(
            text: "1 + visibel", offset: 4, message: "there is no metric 'visibel'",
            expected: "a metric, or a name under 'metrics' that stands above this one"),
        Mistake(
            text: "sqrt(4)", offset: 0, message: "there is no function 'sqrt'",
            expected: "one of max, min, abs, ceil, floor, if, fill"),
        Mistake(text: "1 + max", offset: 7, message: "'max' is a function", expected: "max(a, b, …)"),
        Mistake(
            text: "2 * if(1)", offset: 4, message: "'if' does not take 1 argument",
            expected: "if(condition, then, else)"),
        Mistake(text: "1.2.3", offset: 0, message: "'1.2.3' is not a number", expected: "a number such as 0.5"),
        Mistake(text: ".5", offset: 0, message: "'.5' is not a number", expected: "a number such as 0.5"),
        Mistake(text: "0x10", offset: 0, message: "'0x10' is not a number", expected: "a number such as 0.5"),
        Mistake(text: "3m", offset: 0, message: "'3m' is not a number", expected: "a number such as 0.5"),
    ])
    func mistakes(_ mistake: Mistake) {
        #expect(
            throws: ExpressionError(offset: mistake.offset, message: mistake.message, expected: mistake.expected)
        ) { try MetricExpression.parse(mistake.text) }
    }

    @Test("neither depth nor length is without bound")
    func bounds() {
        let deep = String(repeating: "(", count: 200) + "1" + String(repeating: ")", count: 200)
        #expect(throws: ExpressionError.self) { try MetricExpression.parse(deep) }
        let minus = String(repeating: "-", count: 900) + "1"
        #expect(throws: ExpressionError.self) { try MetricExpression.parse(minus) }
        let long = "1" + String(repeating: " ", count: 1001)
        #expect(throws: ExpressionError.self) { try MetricExpression.parse(long) }
    }

    @Test("it knows the metrics in it, and travels as its text")
    func travel() throws {
        let expression = try MetricExpression.parse("backlog / max(in_service, 1) + backlog", names: ["backlog"])
        #expect(expression.metrics == [.named("backlog"), .builtIn(.inService)])
        let data = try JSONEncoder().encode([expression])
        #expect(String(decoding: data, as: UTF8.self) == #"["backlog \/ max(in_service, 1) + backlog"]"#)
        let back = try JSONDecoder().decode([MetricExpression].self, from: data)
        #expect(back == [expression])
        #expect(back[0].metrics == expression.metrics)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([MetricExpression].self, from: Data(#"["1 +"]"#.utf8))
        }
    }
}

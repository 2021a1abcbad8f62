import Yams

/// The parser's complaint in the words of someone who writes a policy file.
struct YAMLProblem {
    private var message: String
    private var hint: String?
    private var span: SourceSpan

    init(_ error: YamlError, source: SourceText) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
            self.init(problem: problem, context: context, mark: mark, source: source)
        case .composer(_, let problem, let mark, _):
            self.init(composer: problem, mark: mark, source: source)
        case .reader(_, _, let value, _):
            self.init(controlCharacter: value, source: source)
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded, .duplicatedKeysInMapping:
            self.init("the file cannot be read as YAML", at: .start)
        }
    }

    func report(to findings: inout Findings) {
        findings.error(message, at: span, hint: hint)
    }

    private init(_ message: String, at span: SourceSpan, hint: String? = nil) {
        self.message = message
        self.span = span
        self.hint = hint
    }

    /// The parser's sentences are fixed in its source; what is not in this table is shown as it is.
    private init(problem: String, context: YamlError.Context?, mark: Mark, source: SourceText) {
        let here = Self.place(mark, in: source)
        let opening = context.map { Self.place($0.mark, in: source) } ?? here
        let doing = context?.text ?? ""
        switch problem {
        case "mapping values are not allowed in this context":
            self.init(
                "a ':' cannot stand here", at: here,
                hint: "expected the text in quotes, or the key on a line of its own")
        case "could not find expected ':'":
            self.init("this is neither a key nor a value of its own", at: opening, hint: "expected ':' after a key")
        case "did not find expected key":
            self.init(
                "this does not line up with the keys before it", at: here,
                hint: "expected a key in column \(opening.column)")
        case "did not find expected '-' indicator":
            self.init(
                "this does not line up with the list before it", at: here,
                hint: "expected '-' in column \(opening.column)")
        case "did not find expected ',' or ']'":
            self.init("the list that begins here is not closed", at: opening, hint: "expected ',' or ']'")
        case "did not find expected ',' or '}'":
            self.init("the mapping that begins here is not closed", at: opening, hint: "expected ',' or '}'")
        case "found unexpected end of stream" where doing.contains("quoted scalar"):
            self.init("the text that begins here is not closed", at: opening, hint: "expected a closing quote")
        case "found character that cannot start any token" where source.text(of: here) == "\t":
            self.init("a tab is used to indent", at: here, hint: "expected blanks")
        case "found character that cannot start any token":
            self.init("this character cannot begin a value", at: here, hint: "expected the text in quotes")
        case "found unknown escape character":
            self.init("there is no such escape", at: here, hint: "expected \\\\ for a backslash, or single quotes")
        case "found a tab character that violates indentation",
            "found a tab character where an indentation space is expected":
            self.init("a tab is used to indent", at: here, hint: "expected blanks")
        case "block sequence entries are not allowed in this context":
            self.init("a list cannot begin here", at: here, hint: "expected '-' on a line of its own")
        case _ where problem.hasPrefix("Maximum nesting level reached"):
            self.init("nested too deeply", at: here, hint: "expected at most \(Limits.deepestNesting) levels")
        default:
            self.init("not readable as YAML: \(problem)", at: here, hint: doing.isEmpty ? nil : doing)
        }
    }

    private init(composer problem: String, mark: Mark, source: SourceText) {
        let here = Self.place(mark, in: source)
        if problem == "but found another document" {
            self.init("a second document begins here", at: here, hint: "expected one group in one file")
        } else {
            self.init("there is no anchor of this name above", at: here, hint: "expected quotes if this is no alias")
        }
    }

    /// The offset that the parser gives is not dependable here; the character is found in the text itself.
    private init(controlCharacter value: Int32, source: SourceText) {
        let forbidden = { (scalar: Unicode.Scalar) in
            scalar != "\t"
                && (scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0xFFFE
                    || scalar.value == 0xFFFF)
        }
        for number in 1...source.lastLine {
            let scalars = Array(source.line(number).unicodeScalars)
            guard let index = scalars.firstIndex(where: forbidden) else { continue }
            self.init(
                "the control character \(TextRules.code(scalars[index])) stands here",
                at: SourceSpan(line: number, column: index + 1), hint: "expected text")
            return
        }
        self.init("the file holds a character that YAML does not allow", at: .start, hint: "expected text in UTF-8")
    }

    /// Marks at the end of the file may lie one line beyond the last.
    private static func place(_ mark: Mark, in source: SourceText) -> SourceSpan {
        guard mark.line <= source.lastLine else {
            let last = source.line(source.lastLine)
            return SourceSpan(line: source.lastLine, column: last.unicodeScalars.count + 1)
        }
        return SourceSpan(line: max(mark.line, 1), column: max(mark.column, 1))
    }
}

/// One mistake in a file that a person wrote: where, what, and what was expected instead.
public struct Diagnostic: Sendable, Equatable {
    public enum Severity: String, Sendable, Equatable {
        /// The file cannot be used.
        case error
        /// The file can be used, but something in it has no effect or not the effect it seems to have.
        case warning
    }

    public var severity: Severity
    public var path: String
    /// Nil when the complaint is about the file as a whole, for instance when it cannot be read.
    public var place: Place?
    /// What is wrong, in the words of the file.
    public var message: String
    /// What was expected, or the nearest right word.
    public var hint: String?

    /// Counted from 1; columns in characters.
    public struct Place: Sendable, Equatable {
        public var line: Int
        public var column: Int
        /// The line of the file, shortened when it is very long, without the text of secrets.
        public var excerpt: String
        /// Blanks and carets that stand under the excerpt.
        public var carets: String
    }
}

extension Diagnostic {
    /// By file, line and column; what stands at one place keeps its order.
    static func comesBefore(_ left: Diagnostic, _ right: Diagnostic) -> Bool {
        if left.path != right.path { return left.path < right.path }
        let leftPlace = (left.place?.line ?? 0, left.place?.column ?? 0)
        let rightPlace = (right.place?.line ?? 0, right.place?.column ?? 0)
        return leftPlace < rightPlace
    }
}

/// The mistakes found so far in one file.
struct Findings: Sendable {
    let source: SourceText
    private var diagnostics: [Diagnostic] = []

    init(source: SourceText) {
        self.source = source
    }

    /// How many errors so far; a part of the file is sound when reading it added none.
    private(set) var errors = 0
    private var untold = 0

    mutating func error(_ message: String, at span: SourceSpan, hint: String? = nil) {
        add(.error, message, at: span, hint: hint)
    }

    mutating func warning(_ message: String, at span: SourceSpan, hint: String? = nil) {
        add(.warning, message, at: span, hint: hint)
    }

    /// What is found from now on is counted, and not told one by one.
    var isFull: Bool { diagnostics.count >= Limits.mostComplaints }

    /// What was found, and how much of it is not told one by one.
    var told: [Diagnostic] {
        guard untold > 0 else { return diagnostics }
        let rest = Diagnostic(
            severity: .error, path: source.path, place: nil, message: "there are \(untold) more mistakes",
            hint: "expected these to be mended first")
        return diagnostics + [rest]
    }

    /// An alias brings the same text, and so the same mistake, to several places: it is told once.
    private mutating func add(_ severity: Diagnostic.Severity, _ message: String, at span: SourceSpan, hint: String?) {
        if severity == .error { errors += 1 }
        guard !isFull else {
            untold += 1
            return
        }
        let diagnostic = Diagnostic(
            severity: severity, path: source.path, place: source.place(of: span), message: message, hint: hint)
        if !diagnostics.contains(diagnostic) { diagnostics.append(diagnostic) }
    }
}

/// Where a secret is to be taken from when a group starts. A policy file holds references, never secrets; nothing
/// resolves them while a file is read, checked or explained.
///
/// `${NAME}` is an environment variable of weir, anywhere in a text; `file:/path` is the whole text and stands for what
/// the file holds, without one line break at its end. `$${` writes a plain `${`.
enum SecretReference {
    enum Piece: Equatable {
        case literal(String)
        case environment(String)
        case file(String)
    }

    /// What was expected of a reference that is not complete; nil when there is nothing to complain about.
    static func mistake(in text: String) -> String? {
        switch pieces(of: text) {
        case .success: nil
        case .failure(let mistake): mistake.expected
        }
    }

    struct Mistake: Error, Equatable {
        var expected: String
    }

    static func pieces(of text: String) -> Result<[Piece], Mistake> {
        if text.hasPrefix("file:") {
            let path = String(text.dropFirst("file:".count))
            return path.hasPrefix("/") && path.count > 1
                ? .success([.file(path)])
                : .failure(Mistake(expected: "file: with a path from the root: file:/run/secrets/name"))
        }
        var pieces: [Piece] = []
        var literal = ""
        var rest = Substring(text)
        while let character = rest.first {
            if rest.hasPrefix("$${") {
                literal += "${"
                rest = rest.dropFirst(3)
            } else if rest.hasPrefix("${") {
                guard let end = rest.firstIndex(of: "}"), isName(rest.dropFirst(2)[..<end]) else {
                    return .failure(Mistake(expected: "${NAME}, a variable of letters, digits and '_'"))
                }
                if !literal.isEmpty { pieces.append(.literal(literal)) }
                literal = ""
                pieces.append(.environment(String(rest.dropFirst(2)[..<end])))
                rest = rest[rest.index(after: end)...]
            } else {
                literal.append(character)
                rest = rest.dropFirst()
            }
        }
        if !literal.isEmpty { pieces.append(.literal(literal)) }
        return .success(pieces)
    }

    private static func isName(_ text: Substring) -> Bool {
        guard let first = text.first, !("0"..."9").contains(first) else { return false }
        return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }
}

/// A reference that could not be resolved. It names the place and the reference, never a value.
public struct SecretFailure: Error, Sendable, Equatable {
    public enum Cause: Sendable, Equatable {
        /// weir itself has no such environment variable.
        case variableNotSet(String)
        /// The file cannot be read, or is not text.
        case fileNotReadable(String)
        /// The text is no reference that can be read; checking a file finds these.
        case notAReference
    }

    /// The key, or for a map the key and the name: `environment.API_TOKEN`.
    public var field: String
    public var cause: Cause

    /// For people; says what would help.
    public var sentence: String {
        switch cause {
        case .variableNotSet(let name):
            "'\(field)' refers to ${\(name)}, which is not set where weir runs; set it and start the group again"
        case .fileNotReadable(let path):
            "'\(field)' refers to file:\(path), which cannot be read; check that it exists and that weir may read it"
        case .notAReference: "'\(field)' holds a reference that is not complete"
        }
    }
}

extension Options {
    /// These options with the references of secret fields replaced by what they stand for. For the moment of use: what
    /// comes back must not be logged, recorded or kept longer than needed.
    ///
    /// - Parameters:
    ///   - environment: the variables of weir's own process.
    ///   - readFile: the text of a file, or nil when it cannot be read.
    /// - Throws: the first reference that does not resolve, in the order of the file.
    public func resolvingSecrets(
        environment: [String: String], readFile: (String) -> String?
    ) throws(SecretFailure) -> Options {
        var resolved = self
        for index in resolved.values.indices where secretFields.contains(resolved.values[index].name) {
            let entry = resolved.values[index]
            resolved.values[index].value = try entry.value.resolved(
                field: entry.name, environment: environment, readFile: readFile)
        }
        return resolved
    }
}

extension Options.Value {
    fileprivate func resolved(
        field: String, environment: [String: String], readFile: (String) -> String?
    ) throws(SecretFailure) -> Options.Value {
        switch self {
        case .text(let text):
            return .text(try Self.resolve(text, field: field, environment: environment, readFile: readFile))
        case .list(let items):
            var resolved: [Options.Value] = []
            for item in items {
                resolved.append(try item.resolved(field: field, environment: environment, readFile: readFile))
            }
            return .list(resolved)
        case .map(let entries):
            var resolved: [Options.Entry] = []
            for entry in entries {
                let value = try entry.value.resolved(
                    field: "\(field).\(entry.name)", environment: environment, readFile: readFile)
                resolved.append(Options.Entry(name: entry.name, value: value))
            }
            return .map(resolved)
        case .integer, .number, .boolean, .duration, .size:
            return self
        }
    }

    private static func resolve(
        _ text: String, field: String, environment: [String: String], readFile: (String) -> String?
    ) throws(SecretFailure) -> String {
        guard case .success(let pieces) = SecretReference.pieces(of: text) else {
            throw SecretFailure(field: field, cause: .notAReference)
        }
        var result = ""
        for piece in pieces {
            switch piece {
            case .literal(let literal): result += literal
            case .environment(let name):
                guard let value = environment[name] else {
                    throw SecretFailure(field: field, cause: .variableNotSet(name))
                }
                result += value
            case .file(let path):
                guard let value = readFile(path) else {
                    throw SecretFailure(field: field, cause: .fileNotReadable(path))
                }
                result += withoutFinalLineBreak(value)
            }
        }
        return result
    }

    private static func withoutFinalLineBreak(_ text: String) -> String {
        text.last?.isNewline == true ? String(text.dropLast()) : text
    }
}

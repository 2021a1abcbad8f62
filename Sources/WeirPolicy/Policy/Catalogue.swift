import WeirCore

/// Which sources and launchers exist and which keys each one takes. The registry of backends makes it; reading, `weir
/// check --explain`, `weir schema` and the reference page are all driven by it, so that they cannot drift apart.
public struct Catalogue: Sendable {
    public var sources: [BackendSection]
    public var launchers: [BackendSection]

    public init(sources: [BackendSection], launchers: [BackendSection]) {
        self.sources = sources
        self.launchers = launchers
    }
}

/// The keys of one backend.
public struct BackendSection: Sendable {
    /// The word in the policy file: `docker`, `embedded`, …
    public var word: String
    /// One sentence.
    public var summary: String
    public var fields: [Field]
    /// The field that a plain value stands for: `embedded: thumbnails` is `embedded: { queue: thumbnails }`.
    public var shorthand: String?
    /// Rules over several fields, run when each field is right by itself; they return mistakes that name a field.
    public var check: @Sendable (Options) -> [OptionMistake]
    /// What it can do beyond what every backend can.
    public var abilities: Set<Ability>
    /// Those of its abilities that it has not with these options: a container in its host's network has no address.
    public var unavailable: @Sendable (Options) -> Set<Ability>
    /// Of a source: what it never tells with these options, so that it is missing in every measurement.
    public var untold: @Sendable (Options) -> Set<BuiltInMetric>

    public init(
        word: String, summary: String, fields: [Field], shorthand: String? = nil,
        check: @escaping @Sendable (Options) -> [OptionMistake] = { _ in [] }, abilities: Set<Ability> = [],
        unavailable: @escaping @Sendable (Options) -> Set<Ability> = { _ in [] },
        untold: @escaping @Sendable (Options) -> Set<BuiltInMetric> = { _ in [] }
    ) {
        self.word = word
        self.summary = summary
        self.fields = fields
        self.shorthand = shorthand
        self.check = check
        self.abilities = abilities
        self.unavailable = unavailable
        self.untold = untold
    }
}

/// What some backends can do and others cannot. Rules of the policy file that need it look here.
public enum Ability: Sendable, Hashable, CaseIterable {
    /// A launcher: makes an instance without starting it.
    case stoppedPool
    /// A launcher: holds an instance that runs, with all that it has in memory, and lets it go on.
    case pausing
    /// A launcher: each instance has a network address of its own.
    case address
    /// A source: hands out the messages itself, so that it can keep them from an instance.
    case handingOut
}

/// A mistake in one field of a backend's section, to be shown where that field stands.
public struct OptionMistake: Sendable {
    public var field: String
    public var message: String
    public var expected: String

    public init(field: String, message: String, expected: String) {
        self.field = field
        self.message = message
        self.expected = expected
    }
}

/// The declaration of one key: what reading, explaining and the schema know of it.
public struct Field: Sendable {
    public var name: String
    public var kind: Kind
    public var required: Bool
    /// As it would be written in the file; nil: no default, the key may be left out and then has no value.
    public var defaultText: String?
    /// Meaning and unit, one or two sentences.
    public var summary: String

    public init(
        _ name: String, _ kind: Kind, required: Bool = false, default defaultText: String? = nil, _ summary: String
    ) {
        self.name = name
        self.kind = kind
        self.required = required
        self.defaultText = defaultText
        self.summary = summary
    }

    public indirect enum Kind: Sendable {
        /// Any text. `secrets`: may hold `${ENV_NAME}` and `file:` references, resolved when the group starts.
        case text(secrets: Bool = false)
        /// Text that this check accepts; it returns nil, or what was expected instead.
        case checkedText(expected: String, @Sendable (String) -> Bool)
        case integer(ClosedRange<Int>)
        case number(ClosedRange<Double>)
        case boolean
        case duration(ClosedRange<Duration>)
        /// A time, or the word `none`, which is then a text.
        case durationOrNone(ClosedRange<Duration>)
        /// Bytes, written with a unit.
        case size(ClosedRange<Int>)
        case oneOf([String])
        case list(of: Kind)
        /// Names to text; values may hold secrets references when `secrets`.
        case textMap(names: Names = .any, secrets: Bool = false)
    }

    /// What the names of a text map are, and so what they and their values may hold.
    public enum Names: Sendable {
        case any
        /// Environment variables.
        case variable
        /// Headers of an HTTP request.
        case header
    }
}

/// The values of one backend's section: checked, defaults filled in. A field that was left out and has no default has no
/// value; so has one that is asked for by another kind than it was declared with.
public struct Options: Sendable, Equatable {
    public enum Value: Sendable, Equatable {
        case text(String)
        case integer(Int)
        case number(Double)
        case boolean(Bool)
        case duration(Duration)
        case size(Int)
        case list([Value])
        /// In the order of the file.
        case map([Entry])
    }

    public struct Entry: Sendable, Equatable {
        public var name: String
        public var value: Value

        public init(name: String, value: Value) {
            self.name = name
            self.value = value
        }
    }

    public var values: [Entry]
    /// The names of the values that may hold `${ENV_NAME}` and `file:` references.
    public var secretFields: [String]

    public init(values: [Entry], secretFields: [String] = []) {
        self.values = values
        self.secretFields = secretFields
    }

    public subscript(name: String) -> Value? { values.first { $0.name == name }?.value }

    public func text(_ name: String) -> String? {
        guard case .text(let text)? = self[name] else { return nil }
        return text
    }

    public func integer(_ name: String) -> Int? {
        guard case .integer(let integer)? = self[name] else { return nil }
        return integer
    }

    public func number(_ name: String) -> Double? {
        guard case .number(let number)? = self[name] else { return nil }
        return number
    }

    public func boolean(_ name: String) -> Bool? {
        guard case .boolean(let boolean)? = self[name] else { return nil }
        return boolean
    }

    public func duration(_ name: String) -> Duration? {
        guard case .duration(let duration)? = self[name] else { return nil }
        return duration
    }

    public func sizeBytes(_ name: String) -> Int? {
        guard case .size(let size)? = self[name] else { return nil }
        return size
    }

    /// The texts of a list; empty when it was left out.
    public func texts(_ name: String) -> [String] {
        guard case .list(let items)? = self[name] else { return [] }
        return items.compactMap { item in
            guard case .text(let text) = item else { return nil }
            return text
        }
    }

    /// The whole numbers of a list; empty when it was left out.
    public func integers(_ name: String) -> [Int] {
        guard case .list(let items)? = self[name] else { return [] }
        return items.compactMap { item in
            guard case .integer(let integer) = item else { return nil }
            return integer
        }
    }

    /// The entries of a map, in the order of the file; empty when it was left out.
    public func textMap(_ name: String) -> [(name: String, value: String)] {
        guard case .map(let entries)? = self[name] else { return [] }
        return entries.compactMap { entry in
            guard case .text(let text) = entry.value else { return nil }
            return (entry.name, text)
        }
    }
}

/// Which backend a policy file chose, and its options.
public struct BackendChoice: Sendable, Equatable {
    public var word: String
    public var options: Options

    public init(word: String, options: Options) {
        self.word = word
        self.options = options
    }
}

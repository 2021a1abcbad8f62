import WeirCore

/// What may be written in one mapping of a policy file. These declarations are the only place that knows the keys:
/// reading, explaining, the schema and the reference page all walk over them.
struct Section: Sendable {
    /// What it is, in a sentence.
    var summary: String
    var keys: [Key]
    /// The key that a plain value stands for.
    var shorthand: String?
    /// Some of the keys are alternatives.
    var choice: Choice?
    /// For keys of other programs that have no counterpart here.
    var advice: [Advice]
    /// Rules over several values of a backend's section.
    var check: (@Sendable (Options) -> [OptionMistake])?
    /// Of a backend's section: what that backend can do with these options.
    var abilities: @Sendable (Options) -> Set<Ability>
    /// Of a source's section: what it never tells.
    var untold: @Sendable (Options) -> Set<BuiltInMetric>

    init(
        _ summary: String, keys: [Key], shorthand: String? = nil, choice: Choice? = nil, advice: [Advice] = [],
        check: (@Sendable (Options) -> [OptionMistake])? = nil,
        abilities: @escaping @Sendable (Options) -> Set<Ability> = { _ in [] },
        untold: @escaping @Sendable (Options) -> Set<BuiltInMetric> = { _ in [] }
    ) {
        self.summary = summary
        self.keys = keys
        self.shorthand = shorthand
        self.choice = choice
        self.advice = advice
        self.check = check
        self.abilities = abilities
        self.untold = untold
    }

    func key(_ name: String) -> Key? { keys.first { $0.name == name } }

    /// What to write in place of a key of other programs that no single key of this section stands for.
    func advice(for written: String) -> Advice? {
        let word = NearestWord.snakeCase(written)
        return advice.first { $0.words.contains(word) }
    }

    /// `text` is the hint for each of `words`. `holds`: the keys that are not missing, since they were written in it.
    struct Advice: Sendable {
        var words: [String]
        var text: String
        var holds: [String] = []
    }

    /// Exactly one of `words` is to be there. `noun`: what they are, for the complaint.
    struct Choice: Sendable {
        var noun: String
        var words: [String]
    }
}

/// One key of a section.
struct Key: Sendable {
    var name: String
    var shape: Shape
    var required: Bool
    var summary: String
    /// Where the rule or the default comes from.
    var source: String?
    /// What other programs call it: a mistake here, with this key as the answer.
    var elsewhere: [String]
    /// Other words for its words, taken as they are meant.
    var synonyms: [Synonym]
    /// Words that are not taken: a mistake, with the word that was meant as the answer.
    var misnomers: [Synonym]
    /// For checked text: what it has to look like, as a regular expression for the schema.
    var pattern: String?
    /// What takes the place of a value that was not written and has no default of its own.
    var fallback: Fallback?
    /// A section that holds, with all its defaults, also when it was not written.
    var isImplied: Bool

    init(
        _ name: String, _ shape: Shape, required: Bool = false, _ summary: String, source: String? = nil,
        elsewhere: [String] = [], synonyms: [Synonym] = [], misnomers: [Synonym] = [], pattern: String? = nil,
        fallback: Fallback? = nil, isImplied: Bool = false
    ) {
        self.name = name
        self.shape = shape
        self.required = required
        self.summary = summary
        self.source = source
        self.elsewhere = elsewhere
        self.synonyms = synonyms
        self.misnomers = misnomers
        self.pattern = pattern
        self.fallback = fallback
        self.isImplied = isImplied
    }

    init(_ field: Field) {
        self.init(
            field.name, .value(field.kind, default: field.defaultText), required: field.required, field.summary)
    }

    /// Whether it is this key that was meant, in the words of other programs.
    func isCalledElsewhere(_ written: String) -> Bool { elsewhere.contains(NearestWord.snakeCase(written)) }

    struct Synonym: Sendable {
        var written: String
        var means: String
    }

    /// `text` completes "default: …". `sibling`: the key of the same section whose value it is, if it is one.
    struct Fallback: Sendable {
        var text: String
        var sibling: String?
    }
}

extension Key {
    /// What is written behind a key.
    indirect enum Shape: Sendable {
        case value(Field.Kind, default: String?)
        case section(Section)
        /// Names that the author chooses, each with a value of one shape.
        case named(Names, Shape)
        case sequence(Section, ClosedRange<Int>)
        /// A section whose keys depend on the word in one of them.
        case variants(Variants)
        /// A section of another kind when one of its keys is written.
        case either(Either)
    }

    struct Either: Sendable {
        /// The key that makes it the special kind.
        var key: String
        var special: Section
        var usual: Section

        var sections: [Section] { [usual, special] }
    }

    struct Names: Sendable {
        /// What one of them is: `alarm`.
        var noun: String
        var plural: String
        /// What a name has to look like, as people are told.
        var expected: String
        /// The same as a regular expression for the schema.
        var pattern: String
        var accepts: @Sendable (String) -> Bool
        var most: Int

        init(
            noun: String, plural: String? = nil, expected: String, pattern: String,
            accepts: @escaping @Sendable (String) -> Bool, most: Int
        ) {
            self.noun = noun
            self.plural = plural ?? noun + "s"
            self.expected = expected
            self.pattern = pattern
            self.accepts = accepts
            self.most = most
        }
    }

    struct Variants: Sendable {
        var selector: String
        var defaultWord: String
        var words: [String] { sections.map(\.word) }
        var sections: [(word: String, section: Section)]

        func section(_ word: String) -> Section? { sections.first { $0.word == word }?.section }
    }
}

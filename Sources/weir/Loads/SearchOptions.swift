import ArgumentParser
import WeirCore
import WeirPolicy
import WeirSearch

/// What is searched for, where, and for how long.
struct SearchOptions: ParsableArguments {
    @Option(
        name: .customLong("objective"),
        help: ArgumentHelp(
            """
            What is wanted: min or max of a figure of the report, subject to a condition, as \
            'min worker_hours subject to wait_s.p95 <= 60'.
            """, valueName: "OBJECTIVE"))
    var wanted = "min worker_hours subject to wait_s.p95 <= 60"

    @Option(help: "How many policies are tried.")
    var simulations = 500

    @Option(help: "For how long it is searched, as 60s; then the result depends on how fast the machine is.")
    var time: TimeArgument?

    @Option(help: "How many policies are tried at a time. It changes nothing about the result. Default: all cores.")
    var cores: Int?

    @Option(
        help: ArgumentHelp(
            "Kinds of scaling that are tried: \(ScalingKinds.names.joined(separator: ", ")). Default: all.",
            valueName: "KIND,…"))
    var kinds: String?

    @Option(
        help: ArgumentHelp(
            """
            A figure of the file that stays, as alarms.too-many.period, or all below a name; where it is of the alarms or the \
            scaling policies, the kind stays, too. Repeatable.
            """,
            valueName: "NAME"))
    var fix: [String] = []

    @Option(
        help: ArgumentHelp(
            "Only this figure of the file moves, or all below this name, and the kind stays. Repeatable.",
            valueName: "NAME"))
    var only: [String] = []

    @Option(
        help: """
            What is held out of the search: every-fourth-day, last-quarter, none; auto is the first for four days or more, the \
            second for two hours or more.
            """)
    var holdOut = LoadSplit.Rule.automatic

    func validate() throws {
        if !(1...1_000_000).contains(simulations) {
            throw ValidationError("--simulations takes a number from 1 to 1000000")
        }
        if let cores, !(1...1024).contains(cores) { throw ValidationError("--cores takes a number from 1 to 1024") }
        try TimeArgument.check([("--time", time)])
        if let time, time.time <= .zero { throw ValidationError("--time has to be longer than nothing") }
        for kind in kindWords where !ScalingKinds.names.contains(kind) {
            let nearest = NearestWord.to(kind, among: ScalingKinds.names).map { "did you mean '\($0)'?" }
            throw ValidationError(
                "--kinds: there is no kind '\(kind)'; "
                    + (nearest ?? "there are: \(ScalingKinds.names.joined(separator: ", "))"))
        }
        if !only.isEmpty, kindWords.contains(where: { $0 != ScalingKinds.asGiven }), kinds != nil {
            throw ValidationError("--only moves figures of the file as it is: with it there is no other kind to try")
        }
        if let name = fixOfKind, let kind = kindWords.first(where: { $0 != ScalingKinds.asGiven }) {
            throw ValidationError(
                "--fix \(name) keeps what '\(kind)' of --kinds would replace: leave out one, or say --kinds given")
        }
    }

    /// Nobody names none.
    private var kindWords: [String] {
        if let kinds { return kinds.split(separator: ",").map { String($0.filter { $0 != " " }) } }
        return only.isEmpty && fixOfKind == nil ? ScalingKinds.names : [ScalingKinds.asGiven]
    }

    /// What stays, and is of what another kind of scaling would replace.
    private var fixOfKind: String? {
        fix.first { name in GivenFigures.ofKinds.contains { name == $0 || name.hasPrefix($0 + ".") } }
    }

    func objective(hasPrice: Bool) throws(Failure) -> Objective {
        do throws(ExpressionMistake) {
            return try Objective(wanted, over: ReportField.names(hasPrice: hasPrice, hasBase: false))
        } catch {
            throw .mistake("--objective: \(error)")
        }
    }

    func space(_ policy: GivenPolicy, _ setting: Setting) throws(Failure) -> PolicySpace {
        let names = GivenFigures.names(policy.figures)
        for (option, name) in fix.map({ ("--fix", $0) }) + only.map({ ("--only", $0) }) {
            guard !names.contains(where: { GivenFigures.name(name, covers: $0) }) else { continue }
            let nearest = NearestWord.to(name, among: names).map { "did you mean '\($0)'?" }
            throw .mistake(
                "\(option): \(policy.file.path) has no figure '\(name)'; "
                    + (nearest ?? "there are: \(names.joined(separator: ", "))"))
        }
        let given = GivenFigures(policy.figures, setting, fixed: fix, only: only)
        let space = PolicySpace(policy.file, given, policy.editing, setting, kinds: kindWords)
        guard space.families.contains(where: { !$0.parameters.isEmpty }) else {
            throw .mistake("there is nothing to search for: no figure of \(policy.file.path) may move")
        }
        if policy.editing == nil, kindWords.contains(where: { $0 != ScalingKinds.asGiven }) {
            Terminal.error(
                "weir: note: \(policy.file.path) does not have a line for each key, so only its figures are moved")
        }
        return space
    }
}

extension LoadSplit.Rule: ExpressibleByArgument {}

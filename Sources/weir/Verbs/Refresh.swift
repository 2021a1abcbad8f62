import ArgumentParser
import WeirAPI
import WeirCore
import WeirPolicy

struct Refresh: OperatorVerb {
    static let configuration = CommandConfiguration(
        abstract: "Rolls a group to what its policy file says now, a few instances at a time.",
        usage: """
            weir refresh <GROUP> [--min-healthy-percentage <PERCENT>]
                 [--max-healthy-percentage <PERCENT>] [--checkpoints <PERCENT,…>]
                 [--checkpoint-delay <TIME>] [--skip-matching] [--auto-rollback]
                 [--protected wait|ignore|replace] [--standby wait|ignore|replace]
                 [--instance-warmup <TIME>] [--state <DIR>] [--format <format>]
            weir refresh <GROUP> --cancel
            weir refresh <GROUP> --rollback
            """,
        discussion: """
            What is not said is as the policy file says. Busy instances finish what
            they hold before they go.

            Examples:
              weir refresh thumbnails --checkpoints 10,50,100 --checkpoint-delay 10m
              weir refresh thumbnails --rollback
            """)

    /// The words of the policy file, and AWS's, in capitals or small letters.
    struct Treatment: ExpressibleByArgument {
        var preference: RefreshTreatment

        init?(argument: String) {
            let word = argument.lowercased()
            guard let preference = word == "refresh" ? .replace : RefreshTreatment(rawValue: word) else { return nil }
            self.preference = preference
        }

        static var allValueStrings: [String] { RefreshTreatment.allCases.map(\.rawValue) }
    }

    @Argument(help: ArgumentHelp("The group.", valueName: "GROUP"))
    var group: String

    @Option(help: ArgumentHelp("So much of the desired capacity stays healthy; 0 to 100.", valueName: "PERCENT"))
    var minHealthyPercentage: Int?

    @Option(
        help: ArgumentHelp(
            "So much may be there at once; above 100, new ones come before old ones go.", valueName: "PERCENT"))
    var maxHealthyPercentage: Int?

    @Option(help: ArgumentHelp("Where it stops for a look, such as 10,50,100.", valueName: "PERCENT,…"))
    var checkpoints: String?

    @Option(help: ArgumentHelp("How long it stops there, such as 10m.", valueName: "TIME"))
    var checkpointDelay: String?

    @Flag(inversion: .prefixedNo, help: "Leave instances alone that are as the policy file says.")
    var skipMatching: Bool?

    @Flag(inversion: .prefixedNo, help: "When it fails, go back to what was launched before.")
    var autoRollback: Bool?

    @Option(help: "What to do with instances that are protected from scale-in.")
    var protected: Treatment?

    @Option(help: "What to do with instances that stand by.")
    var standby: Treatment?

    @Option(help: ArgumentHelp("From in service until a new instance counts, such as 30s.", valueName: "TIME"))
    var instanceWarmup: String?

    @Flag(help: "End the refresh that is under way where it is.")
    var cancel = false

    @Flag(help: "While one is under way: go back to what was launched before it.")
    var rollback = false

    @OptionGroup var state: StateOption
    @OptionGroup var format: FormatOption

    func validate() throws {
        let wishes = try wishes()
        if cancel, rollback { throw ValidationError("--cancel and --rollback: expected one of them") }
        if cancel || rollback, wishes != RefreshWishes() {
            throw ValidationError(
                "\(cancel ? "--cancel" : "--rollback") stands alone; the refresh is under way already")
        }
    }

    func run() async throws {
        var request = OperatorRequest(kind: cancel ? .cancelRefresh : rollback ? .rollBackRefresh : .startRefresh)
        if request.kind == .startRefresh { request.preferences = try wishes() }
        try await ask(request, of: group)
    }

    private func wishes() throws -> RefreshWishes {
        var wishes = RefreshWishes()
        wishes.minHealthyPercentage = minHealthyPercentage
        wishes.maxHealthyPercentage = maxHealthyPercentage
        wishes.checkpointPercentages = try checkpoints.map(Self.percentages)
        wishes.checkpointDelaySeconds = try checkpointDelay.map { try Self.seconds($0, "--checkpoint-delay") }
        wishes.skipMatching = skipMatching
        wishes.autoRollback = autoRollback
        wishes.protectedInstances = protected?.preference
        wishes.standbyInstances = standby?.preference
        wishes.instanceWarmupSeconds = try instanceWarmup.map { try Self.seconds($0, "--instance-warmup") }
        return wishes
    }

    private static func percentages(_ text: String) throws -> [Int] {
        try text.split(separator: ",", omittingEmptySubsequences: false).map { word in
            guard let number = Int(word.filter { $0 != " " && $0 != "%" }) else {
                throw ValidationError("--checkpoints '\(text)' is not percentages such as 10,50,100")
            }
            return number
        }
    }

    private static func seconds(_ text: String, _ option: String) throws -> Int {
        guard let duration = Quantity.time(text) else {
            throw ValidationError("\(option) '\(text)' is not a time with its unit, such as 30s or 10m")
        }
        return Int(duration.components.seconds)
    }
}

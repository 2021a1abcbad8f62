/// What searching and comparing hold themselves to.
enum SearchLimits {
    /// Unit: characters.
    static let longestExpression = 2000
    /// Nested parentheses and negations.
    static let expressionDepth = 64

    // MARK: Proposing

    /// Places that are drawn for one proposal. BOHB draws 64.
    static let drawsPerProposal = 32
    /// Draws are so many times as wide as the kernels, as in BOHB a little further than what is known.
    static let wideningOfDraws = 1.5
    /// Of an axis.
    static let narrowestKernel = 0.01
    /// Good are half the root of all trials, but at least so many. BOHB: 15 %, which takes longer to come near.
    static let fewestGood = 4
    /// Of the proposals after the beginning: a step from a good place.
    static let shareOfSteps = 0.6
    /// Good places that steps begin at; the best one most often.
    static let parents = 4
    /// Figures that move in a step, besides one.
    static let shareThatMoves = 0.3
    /// Of an axis.
    static let smallestStep = 0.005
    static let largestStep = 0.2
    /// Of the others so many at most make a density.
    static let mostOthers = 64
    /// Below so many trials of a part of the load, those of smaller parts are learned from, too.
    static let fewestToLearnFrom = 16
    /// Of the proposals at the beginning. BOHB: a third, always.
    static let shareOfChance = 1.0 / 3
    /// So much of a search is its beginning.
    static let beginning = 0.25
    /// Of the proposals at the beginning: each kind has its turn.
    static let shareOfTurns = 0.3
    /// Of the proposals after the beginning: they are for another limit than the one that was asked for, so many times as large.
    static let shareOfOtherLimits = 0.1
    static let otherLimits = [0.25, 0.5, 2, 4]
    /// How often a candidate that was tried before is proposed anew before it is taken all the same.
    static let mostRepeats = 50

    // MARK: Wait targets

    /// Unit: seconds. Of a policy file.
    static let shortestTarget = 0.1
    /// Unit: seconds. Of a policy file.
    static let longestTarget = 7.0 * 86_400
    /// Unit: seconds. Beyond an hour nobody looks who does not want to wait for longer.
    static let longestUsualTarget = 3600

    // MARK: Judging

    /// A job in a million that is left undone counts as much as to miss what is limited by all of the limit.
    static let weightOfUndone = 1e6

    // MARK: Halving

    /// One in so many goes on to the next part of the load. BOHB: 3.
    static let halving = 3
    /// Candidates of a bracket that are tried on all of the load.
    static let smallestBracket = 6
}

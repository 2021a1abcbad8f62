/// The one door: from what the policy says, what is remembered and what was seen, to what is decided and done next.
///
/// Pure: the same arguments give the same evaluation, on any machine, live, in a dry run or simulated.
public func evaluate(
    _ policy: GroupPolicy, _ state: GroupState, _ observation: Observation, at now: Instant
) -> Evaluation {
    fatalError()
}

/// Where the policy, the observation and the evaluation of a tick are, so that its steps read and change them there and copy
/// none of them.
///
/// With the accessors of `Tick` that read through it, the only unsafe code of the core. That it is safe: these are made in `withPlaces` alone, of memory that Swift keeps in
/// place for the time of its `body`; `body` returns nothing; and the one struct that holds them, `Tick`, cannot be
/// copied and ends within it. Of the three, two are never written, and no two of them overlap, as they are arguments of
/// one call. The compiler does not watch what is done through an address, so a step must not change `state` from within a
/// closure that it hands to a change of `state`.
struct TickPlaces {
    let addressOfPolicy: UnsafePointer<GroupPolicy>
    let addressOfObservation: UnsafePointer<Observation>
    let addressOfState: UnsafeMutablePointer<GroupState>
    private let addressOfEvaluation: UnsafeMutablePointer<Evaluation>

    fileprivate init(
        _ policy: UnsafePointer<GroupPolicy>, _ observation: UnsafePointer<Observation>,
        _ evaluation: UnsafeMutablePointer<Evaluation>
    ) {
        addressOfPolicy = policy
        addressOfObservation = observation
        addressOfEvaluation = evaluation
        // A stored property is where its offset says; one that is computed has none.
        guard let offset = MemoryLayout<Evaluation>.offset(of: \.state) else { fatalError("the state is not stored") }
        addressOfState = (UnsafeMutableRawPointer(evaluation) + offset).assumingMemoryBound(to: GroupState.self)
    }

    @inline(__always)
    var observation: Observation { unsafeAddress { addressOfObservation } }
    @inline(__always)
    var evaluation: Evaluation {
        unsafeAddress { UnsafePointer(addressOfEvaluation) }
        nonmutating unsafeMutableAddress { addressOfEvaluation }
    }
}

@inline(__always)
func withPlaces(
    _ policy: GroupPolicy, _ observation: inout Observation, _ evaluation: inout Evaluation,
    _ body: (TickPlaces) -> Void
) {
    withUnsafePointer(to: policy) { policyPlace in
        withUnsafePointer(to: &observation) { observationPlace in
            withUnsafeMutablePointer(to: &evaluation) { evaluationPlace in
                body(TickPlaces(policyPlace, observationPlace, evaluationPlace))
            }
        }
    }
}

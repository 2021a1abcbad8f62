/// Where the policy, the observation and the evaluation of a tick are, so that its steps read and change them there and copy
/// none of them.
///
/// With the accessors of `Tick` that read through it, the only unsafe code of the core. That it is safe: these are made in
/// `withPlaces` alone, of memory that Swift keeps in place for the time of its `body`; `body` returns nothing; and the one
/// struct that holds them, `Tick`, cannot be copied and ends within it. Of the three, two are never written, and no two of
/// them overlap, as they are arguments of one call. The compiler does not watch what is done through an address, so a step
/// must not change `state` from within a closure that it hands to a change of `state`: a debug build watches that
/// (`StateWatch`), and stops.
struct TickPlaces {
    let addressOfPolicy: UnsafePointer<GroupPolicy>
    let addressOfObservation: UnsafePointer<Observation>
    let addressOfState: UnsafeMutablePointer<GroupState>
    fileprivate let addressOfEvaluation: UnsafeMutablePointer<Evaluation>
    #if DEBUG
        let watch = StateWatch()
    #endif

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
                // A part of what is at an address is at an address, too.
                withUnsafeMutablePointer(to: &evaluationPlace.pointee.state) { statePlace in
                    body(
                        TickPlaces(
                            addressOfPolicy: policyPlace, addressOfObservation: observationPlace,
                            addressOfState: statePlace, addressOfEvaluation: evaluationPlace))
                }
            }
        }
    }
}

#if DEBUG
    /// Holds the steps of a tick to what the compiler would hold them to, were the state no address: many may read it at a time,
    /// or one may change it. Only debug builds, and so all tests, have it.
    final class StateWatch {
        private var readers = 0
        private var isChanging = false

        func beginReading() {
            precondition(!isChanging, "a step of the tick reads the state from within a change of the state")
            readers += 1
        }

        func endReading() { readers -= 1 }

        func beginChanging() {
            precondition(!isChanging, "a step of the tick changes the state from within a change of the state")
            precondition(readers == 0, "a step of the tick changes the state while it is being read")
            isChanging = true
        }

        func endChanging() { isChanging = false }
    }
#endif

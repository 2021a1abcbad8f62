/// Where the policy, the observation and the evaluation of a tick are, so that its steps read and change them there and copy
/// none of them.
///
/// With the accessors of `Tick` that read through it, the only unsafe code of the core. That it is safe: these are made in
/// `withPlaces` alone, of memory that Swift keeps in place for the time of its `body`; `body` returns nothing; and the one
/// struct that holds them, `Tick`, cannot be copied and ends within it. No two of the three overlap, as they are arguments of
/// one call. The policy is never written; of the observation only the measurement is, through its own address and by nobody
/// who reads it then. The compiler does not watch what is done through an address, so a step
/// must not change `state` from within a closure that it hands to a change of `state`: a debug build watches that
/// (`StateWatch`), and stops.
struct TickPlaces {
    let addressOfPolicy: UnsafePointer<GroupPolicy>
    let addressOfObservation: UnsafePointer<Observation>
    /// Of the observation, if it has one.
    let addressOfMeasurement: UnsafeMutablePointer<Measurement>
    let isMeasured: Bool
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
    withUnsafePointer(to: policy) { withPlaces($0, &observation, &evaluation, body) }
}

/// The same for a policy that is looked at where it is: of one that is only lent, a copy is made.
@inline(__always)
func withPlaces(
    _ policy: inout GroupPolicy, _ observation: inout Observation, _ evaluation: inout Evaluation,
    _ body: (TickPlaces) -> Void
) {
    withUnsafeMutablePointer(to: &policy) { withPlaces(UnsafePointer($0), &observation, &evaluation, body) }
}

@inline(__always)
private func withPlaces(
    _ policyPlace: UnsafePointer<GroupPolicy>, _ observation: inout Observation, _ evaluation: inout Evaluation,
    _ body: (TickPlaces) -> Void
) {
    withUnsafeMutablePointer(to: &observation) { observationPlace in
        withUnsafeMutablePointer(to: &evaluation) { evaluationPlace in
            // A part of what is at an address is at an address, too.
            withUnsafeMutablePointer(to: &evaluationPlace.pointee.state) { statePlace in
                func goOn(_ measurementPlace: UnsafeMutablePointer<Measurement>, isMeasured: Bool) {
                    body(
                        TickPlaces(
                            addressOfPolicy: policyPlace, addressOfObservation: UnsafePointer(observationPlace),
                            addressOfMeasurement: measurementPlace, isMeasured: isMeasured,
                            addressOfState: statePlace, addressOfEvaluation: evaluationPlace))
                }
                if observationPlace.pointee.measurement?.atItsPlace({ goOn($0, isMeasured: true) }) == nil {
                    var nothing = Measurement.missing(.notTold)
                    nothing.atItsPlace { goOn($0, isMeasured: false) }
                }
            }
        }
    }
}

extension Measurement {
    @inline(__always)
    fileprivate mutating func atItsPlace(_ body: (UnsafeMutablePointer<Measurement>) -> Void) {
        withUnsafeMutablePointer(to: &self, body)
    }
}

#if DEBUG
    /// Holds the steps of a tick to what the compiler would hold them to, were the state no address: many may read it at a time,
    /// or one may change it. Only debug builds, and so all tests, have it.
    final class StateWatch {
        private var readers = 0
        private var isChanging = false
        /// Told of a step that does what it must not. It stops the process, but for the tests of this.
        var onMistake: (String) -> Void = { preconditionFailure($0) }

        func beginReading() {
            if isChanging { onMistake("a step of the tick reads the state from within a change of the state") }
            readers += 1
        }

        func endReading() { readers -= 1 }

        func beginChanging() {
            if isChanging { onMistake("a step of the tick changes the state from within a change of the state") }
            if readers > 0 { onMistake("a step of the tick changes the state while it is being read") }
            isChanging = true
        }

        func endChanging() { isChanging = false }
    }
#endif

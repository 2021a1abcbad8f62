/// Where the policy, the observation and the evaluation of a tick are, so that its steps read and change them there and copy none of
/// them.
///
/// The only unsafe code of the core. That it is safe: these are made in `withPlaces` alone, of memory that Swift keeps in place and alone
/// for the time of its `body`; `body` returns nothing; and the one struct that holds them, `Tick`, cannot be copied and
/// ends within it. Of the three, two are never written, and no two of them overlap, as they are arguments of one call.
struct TickPlaces {
    private let policyPlace: UnsafePointer<GroupPolicy>
    private let observationPlace: UnsafePointer<Observation>
    private let evaluationPlace: UnsafeMutablePointer<Evaluation>

    fileprivate init(
        _ policyPlace: UnsafePointer<GroupPolicy>, _ observationPlace: UnsafePointer<Observation>,
        _ evaluationPlace: UnsafeMutablePointer<Evaluation>
    ) {
        self.policyPlace = policyPlace
        self.observationPlace = observationPlace
        self.evaluationPlace = evaluationPlace
    }

    @inline(__always)
    var policy: GroupPolicy { _read { yield policyPlace.pointee } }
    @inline(__always)
    var observation: Observation { _read { yield observationPlace.pointee } }
    @inline(__always)
    var evaluation: Evaluation {
        _read { yield evaluationPlace.pointee }
        nonmutating _modify { yield &evaluationPlace.pointee }
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

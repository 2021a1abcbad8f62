import WeirCore
import WeirRuntime

extension PlantedBug {
    var decide: (@Sendable (GroupPolicy, consuming GroupState, Observation, Instant) -> Evaluation)? { nil }
    func record(_ record: Record) -> Record { record }
    func held(_ held: [HeldMessages], _ storm: Storm, _ group: StormGroup) -> [HeldMessages] { held }
    func look(_ held: Int, _ worker: Int, _ storm: Storm, _ group: StormGroup) -> Int { held }
    func steps(of action: Action) -> [HandStep] { action.steps }
    func load(_ stored: StoredGroup, _ group: StormGroup) -> StoredGroup { stored }
}

import WeirCore
import WeirPolicy

/// What a policy has that decides live and does nothing in a simulation. `docs/simulate.md` has the same list.
enum NotSimulated {
    /// A sentence each.
    static func features(of file: PolicyFile) -> [String] {
        var features: [String] = []
        if let fleet = file.group.fleet {
            features.append("the limit that it shares in '\(fleet.name)' is not simulated: it is alone here")
        }
        if file.healthProbe != nil {
            features.append("its health check is not simulated: instances are healthy until they end")
        }
        if file.group.fallback != SourceFallback() {
            features.append("its fallback is not simulated: here the source always answers")
        }
        return features
    }
}

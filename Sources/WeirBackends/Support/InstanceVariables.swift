import WeirCore
import WeirRuntime

extension LaunchOrder {
    /// All variables that weir gives to the instance: who it is, and what the order says.
    var variables: [EnvironmentVariable] {
        let own = [EnvironmentVariable("WEIR_GROUP", group), EnvironmentVariable("WEIR_INSTANCE_ID", instance.text)]
        return own.filter { own in !environment.contains { $0.name == own.name } } + environment
    }
}

import WeirCore
import WeirRuntime

/// Which variables an instance sees.
enum ProcessEnvironment {
    static let instanceName = "WEIR_INSTANCE_ID"
    static let groupName = "WEIR_GROUP"

    /// Weir's own variables, then those of the policy file, then those that weir gives to this instance; later ones win.
    /// Weir's `WEIR_…` variables are its own business. If the instance gets credentials of its own, none of weir's `AWS_…`
    /// variables goes with them: a session token or a profile of weir's would make them useless.
    static func variables(
        inherited: [String: String], policy: [(name: String, value: String)], order: LaunchOrder
    ) -> [EnvironmentVariable] {
        let bringsCredentials = order.environment.contains { $0.name == "AWS_ACCESS_KEY_ID" }
        var variables = inherited.filter { name, _ in
            !name.hasPrefix("WEIR_") && !(bringsCredentials && name.hasPrefix("AWS_"))
        }
        for (name, value) in policy { variables[name] = value }
        for variable in order.environment { variables[variable.name] = variable.value }
        variables[groupName] = order.group
        variables[instanceName] = order.instance.text
        return variables.sorted { $0.key < $1.key }.map { EnvironmentVariable($0.key, $0.value) }
    }
}

import WeirCore
import WeirRuntime

/// Which variables an instance sees.
enum ProcessEnvironment {
    static let instanceName = "WEIR_INSTANCE_ID"
    static let groupName = "WEIR_GROUP"

    private static let accessKey = "AWS_ACCESS_KEY_ID"
    /// What decides which credentials an AWS library takes. Source: AWS SDKs reference, environment variables.
    private static let credentials: Set = [
        accessKey, "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE",
    ]

    /// Weir's own variables, then those of the policy file, then those that weir gives to this instance; later ones win.
    ///
    /// Weir's `WEIR_…` variables are its own business. Credentials are never mixed: a session token or a profile of weir's
    /// would make others useless. An instance that weir gives credentials of its own gets none of weir's `AWS_…` variables
    /// at all, for an endpoint of weir's would lead it elsewhere.
    static func variables(
        inherited: [String: String], policy: [(name: String, value: String)], order: LaunchOrder
    ) -> [EnvironmentVariable] {
        let orderBringsCredentials = order.environment.contains { $0.name == accessKey }
        let policyBringsCredentials = policy.contains { $0.name == accessKey }
        var variables = inherited.filter { name, _ in
            if name.hasPrefix("WEIR_") { return false }
            if orderBringsCredentials { return !name.hasPrefix("AWS_") }
            return !(policyBringsCredentials && credentials.contains(name))
        }
        for (name, value) in policy { variables[name] = value }
        for variable in order.environment { variables[variable.name] = variable.value }
        variables[groupName] = order.group
        variables[instanceName] = order.instance.text
        return variables.sorted { $0.key < $1.key }.map { EnvironmentVariable($0.key, $0.value) }
    }
}

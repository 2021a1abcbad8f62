import WeirCore

/// Says how an instance is: an unhealthy one is replaced. An instance may say it of itself.
enum SetInstanceHealth: AutoScalingAction {
    static let name = "SetInstanceHealth"
    static let isForOperators = false

    static func answer(_ input: AutoScalingInput, _ call: AutoScalingCall) async throws(APIError) -> Content? {
        let instance = InstanceID(try input.requiredString("InstanceId"))
        let isHealthy: Bool
        switch try input.requiredString("HealthStatus").lowercased() {
        case "healthy": isHealthy = true
        case "unhealthy": isHealthy = false
        case let other: throw ErrorTable.validation("HealthStatus is '\(other)'; Healthy or Unhealthy is expected.")
        }
        let respectsGrace = try input.bool("ShouldRespectGracePeriod") ?? true
        try call.allow(name, for: instance)
        let group = try await call.group(of: instance)
        _ = try await call.request(
            .setHealth(instance, healthy: isHealthy, respectGracePeriod: respectsGrace), of: group)
        return nil
    }
}

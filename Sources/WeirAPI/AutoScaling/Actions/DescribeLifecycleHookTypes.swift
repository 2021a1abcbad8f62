import WeirCore

/// The transitions on which a lifecycle hook can hold an instance.
enum DescribeLifecycleHookTypes: AutoScalingAction {
    static let name = "DescribeLifecycleHookTypes"
    static let isForOperators = false

    static func answer(_ input: AutoScalingInput, _ call: AutoScalingCall) async throws(APIError) -> Content? {
        { $0.list("LifecycleHookTypes", LifecycleTransition.allCases.map(\.apiName)) }
    }
}

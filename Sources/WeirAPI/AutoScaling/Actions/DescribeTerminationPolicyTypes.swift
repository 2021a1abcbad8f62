import WeirCore

/// The orders in which instances can be chosen to end, sorted by name.
enum DescribeTerminationPolicyTypes: AutoScalingAction {
    static let name = "DescribeTerminationPolicyTypes"
    static let isForOperators = false

    static func answer(_ input: AutoScalingInput, _ call: AutoScalingCall) async throws(APIError) -> Content? {
        { $0.list("TerminationPolicyTypes", TerminationPolicy.allCases.map(\.apiName).sorted()) }
    }
}

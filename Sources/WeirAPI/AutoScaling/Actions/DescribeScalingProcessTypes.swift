import WeirCore

/// What can be suspended, sorted by name.
enum DescribeScalingProcessTypes: AutoScalingAction {
    static let name = "DescribeScalingProcessTypes"
    static let isForOperators = false

    static func answer(_ input: AutoScalingInput, _ call: AutoScalingCall) async throws(APIError) -> Content? {
        { xml in
            xml.element("Processes") { xml in
                for name in ScalingProcess.allCases.map(\.rawValue).sorted() {
                    xml.element("member") { $0.element("ProcessName", name) }
                }
            }
        }
    }
}

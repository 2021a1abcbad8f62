import WeirCore
import WeirRuntime

/// A group's warm pool and the instances in it.
enum DescribeWarmPool: AutoScalingAction {
    static let name = "DescribeWarmPool"
    static let isForOperators = false

    static func answer(_ input: AutoScalingInput, _ call: AutoScalingCall) async throws(APIError) -> Content? {
        let group = try await call.group(try input.groupName())
        let page = try input.page(
            of: group.state.fleet.filter(\.isOfWarmPool), size: AutoScalingLimits.warmPoolRecords,
            largest: AutoScalingLimits.warmPoolRecords)
        return { xml in
            if let pool = group.policy.warmPool { xml.element("WarmPoolConfiguration") { pool.write(to: &$0) } }
            xml.element("Instances") { xml in
                for instance in page.elements { xml.element("member") { instance.write(call, to: &$0) } }
            }
            if let token = page.nextToken { xml.element("NextToken", token) }
        }
    }
}

extension WarmPool {
    /// As a WarmPoolConfiguration.
    func write(to xml: inout XMLWriter) {
        if let maxPreparedCapacity { xml.element("MaxGroupPreparedCapacity", maxPreparedCapacity) }
        xml.element("MinSize", minSize)
        xml.element("PoolState", state.apiName)
        if reuseOnScaleIn { xml.element("InstanceReusePolicy") { $0.element("ReuseOnScaleIn", true) } }
    }
}

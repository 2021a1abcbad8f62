import WeirCore

extension HealthChecker {
    /// Asks all of them, some at a time.
    /// - Returns: what each said, in their order.
    func checkAll(_ instances: [InstanceID]) async -> [HealthReport] {
        await withTaskGroup(of: (Int, HealthReport).self) { group in
            var reports: [(Int, HealthReport)] = []
            for (number, id) in instances.enumerated() {
                if number >= Limits.healthChecksAtOnce, let report = await group.next() { reports.append(report) }
                group.addTask { (number, HealthReport(instance: id, result: await self.check(id))) }
            }
            for await report in group { reports.append(report) }
            return reports.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}

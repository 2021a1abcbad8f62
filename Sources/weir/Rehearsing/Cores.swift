import FoundationEssentials

/// Work on all cores.
enum Cores {
    /// How many there are for this process.
    static var count: Int { max(ProcessInfo.processInfo.activeProcessorCount, 1) }

    /// What `work` makes of each item, in the order of the items.
    /// - Parameter atOnce: how many items are worked on at a time. Range: from 1.
    static func map<Item: Sendable, Result: Sendable>(
        _ items: [Item], atOnce: Int, _ work: @escaping @Sendable (Item) -> Result
    ) async -> [Result] {
        await withTaskGroup(of: (Int, Result).self) { group in
            var results = [Result?](repeating: nil, count: items.count)
            for (place, item) in items.enumerated() {
                if place >= atOnce, let (done, result) = await group.next() { results[done] = result }
                group.addTask { (place, work(item)) }
            }
            for await (done, result) in group { results[done] = result }
            return results.compactMap { $0 }
        }
    }
}

import WeirCore

/// Background work in bounded pieces: messages past their retention, lanes left behind by purges and deleted queues.
extension Engine {
    func sweep() throws(StoreFailure) {
        try store.write()
        for instance in unforgotten { try forget(instance) }
        unforgotten = []
        if let lane = books.expiringLanes.first {
            try expire(lane)
        } else if let lane = books.deadLanes.first {
            let count = try store.messages.sweep(lane, limit: EngineLimits.rowsPerSweep)
            if count < EngineLimits.rowsPerSweep {
                try store.queues.swept(lane)
                books.deadLanes.removeFirst()
            }
        }
    }

    private func expire(_ lane: Int64) throws(StoreFailure) {
        guard let queue = books.byLane[lane] else {
            books.expiringLanes.removeFirst()
            return
        }
        let removed = try store.messages.expire(
            in: lane, sentUntil: now - queue.attributes.retention, limit: EngineLimits.rowsPerSweep)
        for message in removed {
            update(queue) { $0.removed(message.id) }
            release(message.holder)
        }
        guard removed.count < EngineLimits.rowsPerSweep else { return }
        books.expiringLanes.removeFirst()
        queue.expiryAt = nil
        if let oldest = try MessageCensus(store.database).oldestSent(in: lane) {
            books.watchRetention(of: queue, oldestSentAt: oldest)
        }
    }
}

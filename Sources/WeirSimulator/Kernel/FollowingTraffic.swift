import WeirCore

// What a queue that hands out the messages itself can tell of them.

extension Simulation {
    @inline(__always)
    mutating func arrivesForTraffic() {
        traffic.arrivals += 1
        driver.asks(atNs: nowNs, isEmpty: present.isEmpty)
    }

    @inline(__always)
    mutating func completesForTraffic(_ slot: Int) {
        traffic.services.add(of: LogScale.work.bucket(Double(nowNs &- slots[slot].receivedNs) / 1e9))
        driver.asks(atNs: nowNs, isEmpty: present.isEmpty)
    }

    mutating func takeTraffic() -> Traffic {
        var taken = Traffic()
        swap(&taken, &traffic)
        guard busy > 0 else { return taken }
        var inHand = [Int](repeating: 0, count: 256)
        for machine in present where machines[machine].busy > 0 && machines[machine].firstSlot >= 0 {
            for slot in machines[machine].firstSlot..<machines[machine].firstSlot + policy.concurrency
            where slots[slot].isBusy {
                inHand[min(LogScale.work.bucket(Double(nowNs &- slots[slot].receivedNs) / 1e9), 255)] += 1
            }
        }
        for bucket in inHand.indices where inHand[bucket] > 0 { taken.inHand.add(inHand[bucket], of: bucket) }
        return taken
    }
}

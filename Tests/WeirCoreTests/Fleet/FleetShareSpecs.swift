import Testing
import WeirCore

@Suite("Sharing the room of a fleet")
struct FleetShareSpecs {
    /// A claim as a table writes it.
    private static func claim(
        _ group: String, _ priority: Int = 0, units: Int = 1, min: Int = 0, wants: Int, pool: Int = 0, has: Int = 0,
        ending: Int = 0
    ) -> FleetClaim {
        FleetClaim(
            group: group, membership: FleetMembership(name: "machine", priority: priority, units: units), minimum: min,
            wanted: wants, reserve: pool, staying: has, existing: has + ending)
    }

    struct Row: CustomTestStringConvertible, Sendable {
        var limit: Int
        var claims: [FleetClaim]
        /// How many each may keep.
        var keeps: [Int]
        var because: String
        var testDescription: String { because }
    }

    @Test(
        "How many each may keep",
        arguments: [
            Row(
                limit: 12, claims: [claim("a", wants: 3), claim("b", wants: 4)], keeps: [3, 4],
                because: "where there is room for all, nobody is limited"),
            Row(
                limit: 12, claims: [claim("low", wants: 12), claim("high", 10, wants: 8)], keeps: [4, 8],
                because: "the higher priority goes first, and the lower one has what it leaves"),
            Row(
                limit: 12, claims: [claim("low", wants: 12), claim("high", 10, wants: 20)], keeps: [0, 12],
                because: "a higher priority may take everything"),
            Row(
                limit: 12, claims: [claim("low", min: 2, wants: 12), claim("high", 10, wants: 20)], keeps: [2, 10],
                because: "but not the minimum of a lower one"),
            Row(
                limit: 3, claims: [claim("low", min: 2, wants: 2), claim("high", 10, min: 2, wants: 9)], keeps: [1, 2],
                because: "minimums that do not fit are kept by priority too"),
            Row(
                limit: 12, claims: [claim("a", wants: 12), claim("b", wants: 12), claim("c", wants: 2)],
                keeps: [5, 5, 2],
                because: "equal priorities share, and what one does not want the others have"),
            Row(
                limit: 11, claims: [claim("b", wants: 12), claim("a", wants: 12)], keeps: [5, 6],
                because: "the odd one goes to the first by name"),
            Row(
                limit: 12, claims: [claim("a", units: 2, wants: 9), claim("b", wants: 9)], keeps: [3, 6],
                because: "what is shared is units, not instances"),
            Row(
                limit: 7, claims: [claim("high", 1, units: 4, wants: 2), claim("low", wants: 9)], keeps: [1, 3],
                because: "room that is too small for one of the higher group is of use to the lower one"),
            Row(
                limit: 10, claims: [claim("high", 1, wants: 3, pool: 9), claim("low", wants: 5)], keeps: [5, 5],
                because: "work of a lower priority comes before a warm pool of a higher one"),
            Row(
                limit: 4, claims: [claim("a", units: 5, wants: 1), claim("b", wants: 9)], keeps: [0, 4],
                because: "an instance that is larger than the limit never fits"),
            Row(
                limit: 6, claims: [claim("a", min: 4, wants: 0, has: 4), claim("b", wants: 9)], keeps: [0, 6],
                because: "a group that leaves wants nothing, and so has no minimum"),
        ])
    func keeps(_ row: Row) {
        let shares = FleetLimit(name: "machine", maxSize: row.limit).shares(of: row.claims)
        #expect(shares == row.keeps)
    }

    struct Room: CustomTestStringConvertible, Sendable {
        var limit: Int
        var claims: [FleetClaim]
        /// For each, how many it may keep were it to want more, and how many may be begun now.
        var ceilings: [[Int]]
        var because: String
        var testDescription: String { because }
    }

    @Test(
        "What each is told: how many it may have, and how many of them may be begun now",
        arguments: [
            Room(
                limit: 12, claims: [claim("bulk", wants: 12, has: 10), claim("urgent", 10, wants: 8)],
                ceilings: [[4, 0], [12, 2]],
                because: "the lower group keeps its room until its instances have ended, and begins none"),
            Room(
                limit: 12, claims: [claim("bulk", wants: 4, has: 4), claim("urgent", 10, wants: 8, has: 2, ending: 5)],
                ceilings: [[4, 0], [12, 1]],
                because: "an instance that ends takes room until it has ended"),
            Room(
                limit: 12,
                claims: [
                    claim("a", 10, wants: 6, has: 4), claim("b", wants: 3, has: 0), claim("c", -1, wants: 9, has: 7),
                ], ceilings: [[12, 1], [6, 0], [3, 0]],
                because: "room that became free is not for the one that asks first, but for the one in front"),
            Room(
                limit: 12,
                claims: [claim("big", 10, units: 4, wants: 2, has: 1), claim("small", wants: 6, has: 0, ending: 6)],
                ceilings: [[3, 0], [4, 0]],
                because: "it is kept for the one in front, also while it is too small for one of its instances"),
            Room(
                limit: 4, claims: [claim("a", wants: 6, has: 6), claim("b", wants: 6, has: 3)],
                ceilings: [[2, 0], [2, 0]],
                because: "a limit that went down ends nothing at once, and nobody begins any"),
        ])
    func room(_ row: Room) {
        let limit = FleetLimit(name: "machine", maxSize: row.limit)
        let ceilings = row.claims.map { claim in
            limit.ceiling(of: claim.group, among: row.claims).map { [$0.instances, $0.launches] }
        }
        #expect(ceilings == row.ceilings)
    }

    @Test("A group that has no claim is under no ceiling")
    func stranger() {
        #expect(FleetLimit(name: "machine", maxSize: 4).ceiling(of: "a", among: []) == nil)
    }

    @Test("The sentence says who has the rest, the largest share first, and of many the number")
    func sentence() {
        let claims =
            [Self.claim("me", -1, units: 2, wants: 9)]
            + ["a", "b", "c", "d", "e"].enumerated().map { Self.claim($0.element, wants: $0.offset + 1, has: 1) }
        let limit = FleetLimit(name: "machine", maxSize: 20)
        let ceiling = limit.ceiling(of: "me", among: claims)
        let sentences = ceiling.map {
            [
                Reason(capacity: 9, fact: .limitedByFleet($0, capacity: $0.instances)).sentence,
                Reason(capacity: 9, fact: .heldByFleet($0, missing: 2)).sentence,
            ]
        }
        #expect(
            sentences == [
                "limited to 2 by fleet machine: 20 units, 2 for each instance, e takes 5, d takes 4, c takes 3 and 2 more",
                "2 launches wait for room in fleet machine: 20 units, 2 for each instance, e still has 1, d still has 1, "
                    + "c still has 1 and 2 more",
            ])
    }
}

/// Hundreds of fleets that chance made, each with its seed.
@Suite("Sharing the room of a fleet, whatever is claimed")
struct RandomFleetSpecs {
    /// Our own generator: the same claims on any machine.
    struct Chance {
        var state: UInt64

        mutating func upTo(_ most: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(most + 1))
        }
    }

    private func fleet(_ seed: Int) -> (limit: FleetLimit, claims: [FleetClaim]) {
        var chance = Chance(state: UInt64(seed))
        let limit = FleetLimit(name: "f", maxSize: 1 + chance.upTo(40))
        let claims = (0...chance.upTo(5)).map { number in
            let minimum = chance.upTo(4)
            let wanted = chance.upTo(3) == 0 ? 0 : minimum + chance.upTo(15)
            let staying = chance.upTo(8)
            return FleetClaim(
                group: "g\(number)",
                membership: FleetMembership(name: "f", priority: chance.upTo(2), units: 1 + chance.upTo(3)),
                minimum: minimum, wanted: wanted, reserve: chance.upTo(4) == 0 ? chance.upTo(5) : 0, staying: staying,
                existing: staying + chance.upTo(2))
        }
        return (limit, claims)
    }

    private static let seeds = Array(1...600)

    @Test("Shares never come to more than the limit, and nobody has more than it wants")
    func neverMore() {
        for seed in Self.seeds {
            let (limit, claims) = fleet(seed)
            let shares = limit.shares(of: claims)
            let units = zip(shares, claims).reduce(0) { $0 + $1.0 * $1.1.membership.units }
            #expect(units <= limit.maxSize, "seed \(seed)")
            #expect(zip(shares, claims).allSatisfy { $0 >= 0 && $0 <= $1.wanted + $1.reserve }, "seed \(seed)")
        }
    }

    @Test("Minimums that fit together are kept")
    func minimums() {
        var kept = 0
        for seed in Self.seeds {
            let (limit, claims) = fleet(seed)
            let least = claims.map { min($0.minimum, $0.wanted) }
            guard zip(least, claims).reduce(0, { $0 + $1.0 * $1.1.membership.units }) <= limit.maxSize else { continue }
            kept += 1
            #expect(zip(limit.shares(of: claims), least).allSatisfy { $0 >= $1 }, "seed \(seed)")
        }
        #expect(kept > 100)
    }

    @Test("While a higher one wants more, a lower one of the same size has its minimum and nothing beyond")
    func higherFirst() {
        var met = 0
        for seed in Self.seeds {
            let (limit, claims) = fleet(seed)
            let shares = limit.shares(of: claims)
            for high in claims.indices where shares[high] < claims[high].wanted {
                for low in claims.indices where claims[low].membership.units == claims[high].membership.units {
                    guard claims[low].membership.priority < claims[high].membership.priority else { continue }
                    met += 1
                    #expect(shares[low] <= min(claims[low].minimum, claims[low].wanted), "seed \(seed)")
                }
            }
        }
        #expect(met > 50)
    }

    @Test("Of equal priority and size, whoever wants more has no less, but for one instance")
    func fair() {
        var met = 0
        for seed in Self.seeds {
            let (limit, claims) = fleet(seed)
            let shares = limit.shares(of: claims)
            for (left, right) in zip(claims.indices, claims.indices.dropFirst())
            where claims[left].membership == claims[right].membership
                && claims[left].reserve + claims[right].reserve == 0
            {
                let least = max(
                    min(claims[left].minimum, claims[left].wanted), min(claims[right].minimum, claims[right].wanted))
                guard shares[left] < claims[left].wanted, shares[right] < claims[right].wanted else { continue }
                met += 1
                #expect(abs(shares[left] - shares[right]) <= max(1, least), "seed \(seed)")
            }
        }
        #expect(met > 10)
    }

    @Test("In whatever order the claims come, the answers are the same")
    func anyOrder() {
        for seed in Self.seeds.prefix(200) {
            let (limit, claims) = fleet(seed)
            for claim in claims {
                let told = limit.ceiling(of: claim.group, among: claims)
                #expect(told == limit.ceiling(of: claim.group, among: claims.reversed()), "seed \(seed)")
                let turned = claims.dropFirst() + claims.prefix(1)
                #expect(told == limit.ceiling(of: claim.group, among: Array(turned)), "seed \(seed)")
            }
        }
    }

    @Test("What a group is told it could have does not depend on what it wants at this moment")
    func ownWish() {
        for seed in Self.seeds.prefix(200) {
            let (limit, claims) = fleet(seed)
            for index in claims.indices {
                var other = claims
                other[index].wanted += 3
                let told = limit.ceiling(of: claims[index].group, among: claims)
                let shares = limit.shares(of: claims)
                #expect(limit.ceiling(of: claims[index].group, among: other)?.instances == told?.instances)
                if claims[index].reserve == 0, let told {
                    #expect(shares[index] == min(claims[index].wanted, told.instances), "seed \(seed)")
                }
            }
        }
    }

    @Test("Groups that begin what they may, in any order, never have more than the limit; and it is used")
    func beginning() {
        for seed in Self.seeds.prefix(120) {
            var (limit, claims) = fleet(seed)
            var chance = Chance(state: UInt64(seed) + 7)
            for _ in 0..<40 {
                let before = claims.reduce(0) { $0 + $1.existing * $1.membership.units }
                let index = chance.upTo(claims.count - 1)
                guard let ceiling = limit.ceiling(of: claims[index].group, among: claims) else { continue }
                let claim = claims[index]
                let atWork = min(claim.wanted, ceiling.instances)
                let begun = min(ceiling.launches, max(atWork - claim.staying, 0))
                claims[index].staying += begun
                claims[index].existing += begun
                let after = claims.reduce(0) { $0 + $1.existing * $1.membership.units }
                #expect(after <= max(limit.maxSize, before), "seed \(seed)")
                // Some of those too many become idle and end; some of those that were ending have ended.
                if claims[index].staying > atWork, chance.upTo(1) == 0 {
                    claims[index].staying -= 1
                    claims[index].existing -= 1
                }
                if claims[index].existing > claims[index].staying, chance.upTo(1) == 0 { claims[index].existing -= 1 }
            }
            // Everything that was too many ends, and everybody comes to its share.
            for _ in 0..<20 {
                for index in claims.indices {
                    guard let ceiling = limit.ceiling(of: claims[index].group, among: claims) else { continue }
                    claims[index].existing = claims[index].staying
                    let atWork = min(claims[index].wanted, ceiling.instances)
                    let begun = min(ceiling.launches, max(atWork - claims[index].staying, 0))
                    claims[index].staying = min(claims[index].staying, atWork) + begun
                    claims[index].existing = claims[index].staying
                }
            }
            if claims.allSatisfy({ $0.reserve == 0 }) {
                #expect(claims.map(\.staying) == limit.shares(of: claims), "seed \(seed)")
            }
        }
    }
}

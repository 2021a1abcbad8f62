/// Between two moments at which something happens weir sleeps: it does not look again and again at the same instant.
struct NeverSpins {
    private static let mostLooks = 200

    private var looks: [(at: Int64, count: Int)]

    init(_ groups: Int) {
        looks = Array(repeating: (-1, 0), count: groups)
    }

    mutating func check(_ group: StormGroup, in storm: Storm) {
        let (at, count) = looks[group.number]
        looks[group.number] = at == storm.now ? (at, count + 1) : (storm.now, 1)
        if at == storm.now, count == Self.mostLooks {
            storm.violate(.neverSpins, "\(group.name) looked \(count) times at one instant")
        }
    }
}

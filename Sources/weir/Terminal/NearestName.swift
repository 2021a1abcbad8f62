/// Did you mean …?
enum NearestName {
    /// The name that was probably meant: one that begins so, or that is a few slips of the finger away.
    static func to(_ word: String, among names: [String]) -> String? {
        let plain = Array(word.lowercased())
        guard !plain.isEmpty, plain.count <= longestWord else { return nil }
        if let longer = names.first(where: { $0.lowercased().hasPrefix(word.lowercased()) }) { return longer }
        let near = names.map { (name: $0, slips: slips(plain, Array($0.lowercased()))) }
            .filter { $0.slips <= max($0.name.count, plain.count) / 3 }
        return near.min { $0.slips < $1.slips }?.name
    }

    private static let longestWord = 64

    /// Letters added, left out, mistaken, or swapped with their neighbour.
    private static func slips(_ left: [Character], _ right: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let replaced = last[column] + (left[row] == right[column] ? 0 : 1)
                var least = min(last[column + 1] + 1, current[column] + 1, replaced)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    least = min(least, beforeLast[column - 1] + 1)
                }
                current.append(least)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}

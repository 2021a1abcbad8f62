import WeirAPI

/// What a person looks at: which group, all of it or some, and in which order the groups stand.
struct TopChoice: Equatable {
    enum Order: String, CaseIterable {
        case name, backlog, desired

        /// Groups as they stand: by name, or those with the most first.
        func sorted(_ groups: [GroupView]) -> [GroupView] {
            let byName = groups.sorted { $0.group < $1.group }
            switch self {
            case .name: return byName
            case .backlog: return most(byName) { $0.measurement?.visible ?? -1 }
            case .desired: return most(byName) { Double($0.desiredCapacity) }
            }
        }

        private func most(_ groups: [GroupView], _ figure: (GroupView) -> Double) -> [GroupView] {
            groups.enumerated().sorted { left, right in
                let (first, second) = (figure(left.element), figure(right.element))
                return first == second ? left.offset < right.offset : first > second
            }.map(\.element)
        }
    }

    /// The chosen group; nil until there is one.
    var group: String?
    var order = Order.name
    /// Only the chosen group is shown, with all that there is to say.
    var isWhole = false
    /// Lines of that which are above the window.
    var scrolled = 0
    /// Where the chosen group stood: when it is gone, the one that stands there now is chosen.
    private var place = 0

    init(group: String? = nil) {
        self.group = group
    }

    /// - Parameter names: of the groups there are, in their order.
    mutating func settle(among names: [String]) {
        if let group, let found = names.firstIndex(of: group) {
            place = found
        } else if names.isEmpty {
            (group, isWhole) = (nil, false)
        } else {
            place = min(place, names.count - 1)
            (group, isWhole, scrolled) = (names[place], false, 0)
        }
    }

    /// - Parameters:
    ///   - names: of the groups there are, in their order.
    ///   - page: how far a page goes. Unit: lines.
    mutating func press(_ key: Key, among names: [String], page: Int) {
        settle(among: names)
        switch key {
        case .up: move(by: -1, among: names)
        case .down: move(by: 1, among: names)
        case .pageUp: move(by: -page, among: names)
        case .pageDown: move(by: page, among: names)
        case .home: move(by: -Self.far, among: names)
        case .end: move(by: Self.far, among: names)
        case .enter: if group != nil { (isWhole, scrolled) = (!isWhole, 0) }
        case .escape: (isWhole, scrolled) = (false, 0)
        case .sort:
            let all = Order.allCases
            order = all[((all.firstIndex(of: order) ?? 0) + 1) % all.count]
        case .quit, .suspend: break
        }
    }

    private static let far = 1_000_000

    private mutating func move(by lines: Int, among names: [String]) {
        if isWhole {
            scrolled = min(max(scrolled + lines, 0), Self.far)
        } else if !names.isEmpty {
            place = min(max(place + lines, 0), names.count - 1)
            group = names[place]
        }
    }
}

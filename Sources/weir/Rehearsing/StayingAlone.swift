import WeirCore

extension GroupPolicy {
    /// As it is without the other groups of its fleet.
    /// - Parameter most: instances that the limit of the fleet has room for; nil: it is under no limit.
    mutating func stayAlone(with most: Int?) {
        guard let most else { return }
        maxSize = min(maxSize, most)
        fleet = nil
    }
}

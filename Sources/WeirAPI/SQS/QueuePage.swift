import WeirQueue

/// One page of a list of queues. The token of the next page is the last name of this one, so a queue that comes or goes
/// between two pages hides no other.
struct QueuePage {
    let names: [String]
    /// Only when MaxResults was given and there are more.
    let nextToken: String?

    /// - Parameter names: all names, sorted.
    init(_ input: Fields, names: [String]) throws(APIError) {
        let limits = QueueLimits.queuesPerPage
        let size = try input.integer("MaxResults")
        if let size, !limits.contains(size) {
            throw ErrorTable.invalidParameter(
                "Value \(size) for parameter MaxResults is invalid. Reason: Must be between \(limits.lowerBound) and "
                    + "\(limits.upperBound), if provided.")
        }
        let rest = try input.string("NextToken").map { token in Array(names.drop { $0 <= token }) } ?? names
        self.names = Array(rest.prefix(size ?? limits.upperBound))
        nextToken = size != nil && rest.count > self.names.count ? self.names.last : nil
    }
}

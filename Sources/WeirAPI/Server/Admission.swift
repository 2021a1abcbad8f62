/// Decides when the next connection is accepted. The doorkeeper does it.
struct Admission {
    let limit: Int
    private(set) var open = 0
    /// The system refused to accept, and is not asked for a moment.
    private(set) var isResting = false
    /// The next connection was asked for and has to wait.
    private var isWaiting = false

    init(limit: Int) { self.limit = limit }

    var isFull: Bool { open >= limit }

    /// The next one is wanted.
    /// - Returns: whether to accept it now.
    mutating func next() -> Bool {
        isWaiting = isFull || isResting
        return !isWaiting
    }

    mutating func accepted() { open += 1 }

    mutating func failed() { isResting = true }

    /// One has closed.
    /// - Returns: whether to accept one now that had to wait.
    mutating func closed() -> Bool {
        open -= 1
        return isWaiting && next()
    }

    /// The moment is over, and the next one may be asked for again.
    mutating func rested() { isResting = false }
}

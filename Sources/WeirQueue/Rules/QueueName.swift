/// What a queue may be called.
public enum QueueName {
    static let fifoSuffix = ".fifo"

    /// 1…80 of letters, digits, `-` and `_`; a FIFO queue's name ends in `.fifo`, which counts. Source: SQS API, CreateQueue.
    public static func isValid(_ name: String, fifo: Bool = false) -> Bool {
        guard QueueLimits.queueNameCharacters.contains(name.utf8.count), name.hasSuffix(fifoSuffix) == fifo else {
            return false
        }
        let stem = fifo ? name.utf8.dropLast(fifoSuffix.utf8.count) : name.utf8[...]
        return !stem.isEmpty && stem.allSatisfy(isNameByte)
    }

    /// - Throws: `unsupported` for a FIFO name, `invalidQueueName` for any other that is not allowed.
    static func check(_ name: String) throws(QueueError) {
        if isValid(name, fifo: true) { throw .unsupported("FIFO queues are not supported: '\(name)'") }
        guard isValid(name) else { throw .invalidQueueName(name) }
    }

    static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

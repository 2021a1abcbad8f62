/// The limits of asking SQS.
enum SQSLimits {
    /// For a whole measurement. SQS itself answers in tens of milliseconds.
    static let measureTime: Duration = .seconds(5)
    static let answerBytes = 1 << 20
    /// Of a file in `~/.aws`.
    static let fileBytes = 1 << 20
    /// Characters of an error's own message that a sentence quotes.
    static let quotedCharacters = 200
    /// Characters. Source: SQS API model, CreateQueue, QueueName.
    static let longestQueueName = 80
}

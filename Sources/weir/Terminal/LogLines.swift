import Glibc
import Logging
import WeirCore
import WeirRuntime

/// Log lines on stderr: time, level, message, then what belongs to it as key=value.
struct LogLines: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    static func logger(level: Logger.Level) -> Logger {
        Logger(label: "weir") { _ in LogLines(logLevel: level) }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        let details = all.keys.sorted().map { " \($0)=\(Self.value(all[$0]))" }.joined()
        let time = SystemTime().now().rfc3339
        Terminal.write("\(time) \(event.level.rawValue) \(event.message)\(details)\n", to: STDERR_FILENO)
    }

    private static func value(_ value: Logger.Metadata.Value?) -> String {
        guard let value else { return "" }
        let text =
            if case .array(let items) = value { items.map(\.description).joined(separator: "; ") } else { "\(value)" }
        let plain = text.allSatisfy { !$0.isWhitespace && $0 != "\"" && $0 != "=" } && !text.isEmpty
        return plain ? text : "\"" + text.replacing("\"", with: "'").replacing("\n", with: "\\n") + "\""
    }
}

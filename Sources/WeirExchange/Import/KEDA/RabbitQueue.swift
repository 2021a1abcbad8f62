/// A queue of RabbitMQ as a source: its management API tells the counts as JSON. Source: KEDA, scaler "RabbitMQ Queue".
struct RabbitQueue {
    /// Below `queue`.
    let source: [PolicyDraft.Entry]
    /// Over HTTP KEDA counts messages that are unacknowledged as well, over AMQP only those that are ready.
    let countsUnacknowledged: Bool

    init(_ metadata: Item, _ notes: inout [Note]) throws(NotCarried) {
        if let mode = metadata["mode"] {
            guard mode.plain == "QueueLength" else { throw NotCarried("weir reads the length of a queue of RabbitMQ") }
            mode.carried("metrics")
        }
        guard let queue = metadata["queueName"], let name = queue.text(as: "queue.http.url") else {
            throw NotCarried("it does not say which queue")
        }
        for key in ["useRegex", "operation", "pageSize"] {
            metadata[key]?.settle(.told(.notCarried, "one queue is measured, by its name"))
        }
        for key in ["hostFromEnv", "usernameFromEnv", "passwordFromEnv", "workloadIdentityResource", "unsafeSsl"] {
            metadata[key]?.settle(.told(.notCarried, "weir's own variable RABBITMQ_API says where, and as whom"))
        }
        metadata["timeout"]?.settle(.told(.notCarried, "the http source has a 'timeout' of its own"))
        // An address may hold a password, so that it has no business in the file.
        metadata["host"]?.changed("it may hold a password: weir's own variable RABBITMQ_API takes its place")
        metadata["protocol"]?.changed("weir asks the management API, over HTTP")
        countsUnacknowledged = Self.countsUnacknowledged(metadata, &notes)
        let vhost = Self.vhost(metadata, &notes)
        var entries: [PolicyDraft.Entry] = [
            .init(
                "url", text: "${RABBITMQ_API}/api/queues/\(Self.escaped(vhost))/\(Self.escaped(name))", from: queue),
            .init("headers", section: [.init("Authorization", text: "${RABBITMQ_AUTHORIZATION}")]),
        ]
        entries +=
            countsUnacknowledged
            ? [.init("visible", "/messages_ready"), .init("in_flight", Self.unacknowledged)]
            : [.init("visible", "/messages_ready", remark: "KEDA does not count what is unacknowledged")]
        source = [.init("http", section: entries)]
    }

    private static let unacknowledged = "/messages_unacknowledged"

    // MARK: What counts

    private static func countsUnacknowledged(_ metadata: Item, _ notes: inout [Note]) -> Bool {
        if metadata["excludeUnacknowledged"]?.boolean(as: "queue.http.in_flight") == true { return false }
        let written = metadata["protocol"]?.plain?.lowercased() ?? automatic
        let host = metadata["host"]?.plain?.lowercased() ?? ""
        let isHidden = written == automatic && host.isEmpty
        if isHidden {
            notes.append(
                Note(
                    .fillIn, path: "queue.http.in_flight",
                    why:
                        "nothing that was read says whether KEDA asks over AMQP, where it counts what is ready only: take "
                        + "'in_flight' away then"))
        }
        return written == automatic ? !host.hasPrefix("amqp") : written != "amqp"
    }

    private static let automatic = "auto"

    // MARK: Where

    /// An own key comes before the address, and without both it is '/'.
    private static func vhost(_ metadata: Item, _ notes: inout [Note]) -> String {
        let written = metadata["vhostName"]?.text(as: "queue.http.url")
        var why =
            "set the variables of weir RABBITMQ_API, such as http://rabbit:15672, and RABBITMQ_AUTHORIZATION, such as "
            + "Basic and the user with the password in base64"
        if written == nil, metadata["host"] == nil {
            why += "; the virtual host is not in what was read: '/', which is %2F in the address, stands in its place"
        }
        notes.append(Note(.fillIn, path: "queue.http.url", why: why))
        return written ?? vhost(of: metadata["host"]?.plain ?? "") ?? "/"
    }

    /// What follows the last '/' of an address: amqp://host:5672/vhost.
    private static func vhost(of host: String) -> String? {
        // The first part is the scheme with its colon, the second one the host.
        let parts = host.prefix { $0 != "?" && $0 != "#" }.split(separator: "/")
        guard parts.count > 2, parts[0].hasSuffix(":") else { return nil }
        return parts.last.map(unescaped)
    }

    /// `%2F` is '/'.
    private static func unescaped(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            let code = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), code.count == 2, let escaped = UInt8(code, radix: 16) {
                bytes.append(escaped)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let character = Character(Unicode.Scalar(byte))
            let isPlain = character.isASCII && (character.isLetter || character.isNumber || "-_.~".contains(character))
            let code = String(byte, radix: 16, uppercase: true)
            return isPlain ? String(character) : "%" + (code.count < 2 ? "0" : "") + code
        }.joined()
    }
}

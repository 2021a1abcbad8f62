import WeirQueue

/// The entries of a batch call, checked as a whole. Source: SQS API, the batch actions.
struct Batch: Sendable {
    struct Entry: Sendable {
        var id: String
        var fields: Fields
    }

    /// 1…10 entries with distinct ids.
    let entries: [Entry]

    /// - Throws: what refuses the whole call: no entries, too many, an id that is not allowed or stands twice.
    init(_ input: Fields) throws(APIError) {
        let fields = try input.objects("Entries") ?? []
        guard !fields.isEmpty else { throw ErrorTable.emptyBatch() }
        guard fields.count <= QueueLimits.batchEntries.upperBound else { throw ErrorTable.tooManyEntries(fields.count) }
        var entries: [Entry] = []
        for field in fields {
            let id = try field.requiredString("Id")
            guard Self.isValid(id) else { throw ErrorTable.invalidEntryID() }
            guard !entries.contains(where: { $0.id == id }) else { throw ErrorTable.entryIDsNotDistinct(id) }
            entries.append(Entry(id: id, fields: field))
        }
        self.entries = entries
    }

    private static func isValid(_ id: String) -> Bool {
        QueueLimits.batchEntryIDCharacters.contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "-"), UInt8(ascii: "_"): true
                default: false
                }
            }
    }

    /// Reads every entry, has the good ones worked on together, and gives one result for each entry, in its order.
    func run<Item, Value>(
        read: (Fields) throws(APIError) -> Item,
        work: ([Item]) async throws(APIError) -> [Result<Value, QueueError>]
    ) async throws(APIError) -> [Outcome<Item, Value>] {
        let read = entries.map { entry in
            (id: entry.id, item: Result { () throws(APIError) in try read(entry.fields) })
        }
        let items = read.compactMap { try? $0.item.get() }
        var results = (items.isEmpty ? [] : try await work(items))[...]
        return read.map { entry in
            switch entry.item {
            case .failure(let error): Outcome(id: entry.id, result: .failure(error))
            case .success(let item):
                switch results.removeFirst() {
                case .success(let value): Outcome(id: entry.id, result: .success((item, value)))
                case .failure(let error): Outcome(id: entry.id, result: .failure(ErrorTable.error(error)))
                }
            }
        }
    }

    struct Outcome<Item, Value> {
        var id: String
        var result: Result<(item: Item, value: Value), APIError>
    }

    /// The answer of a batch: what succeeded, and what failed and why. Both lists keep the order of the entries.
    static func answer<Item, Value>(
        _ outcomes: [Outcome<Item, Value>], success: (Item, Value, inout JSONWriter) -> Void
    ) -> SQSAnswer {
        SQSAnswer { json in
            json.name("Successful")
            json.array { json in
                for outcome in outcomes {
                    guard case .success(let (item, value)) = outcome.result else { continue }
                    json.object { json in
                        json.member("Id", outcome.id)
                        success(item, value, &json)
                    }
                }
            }
            json.name("Failed")
            json.array { json in
                for outcome in outcomes {
                    guard case .failure(let error) = outcome.result else { continue }
                    json.object { json in
                        json.member("Id", outcome.id)
                        json.member("SenderFault", error.fault == .sender)
                        json.member("Code", error.queryCode)
                        json.member("Message", error.message)
                    }
                }
            }
        }
    }
}

import FoundationEssentials
import WeirCore

/// One record as a line of JSON. The same record is the same bytes, on any machine.
public enum RecordLine {
    /// With the line's end.
    public static func encode(_ record: Record) throws -> Data {
        try encoder.write(record, isLine: true)
    }

    /// - Throws: `RecordDamage`, which says what is wrong with it.
    public static func decode(_ line: Data) throws(RecordDamage) -> Record {
        do {
            return try decoder.decode(Record.self, from: line)
        } catch DecodingError.keyNotFound {
            return try RecordFilling.decode(line)
        } catch {
            throw RecordDamage(error)
        }
    }

    static let encoder = JSONLineEncoder(nonFinite: .words(infinity: infinity, notANumber: notANumber))

    static var decoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: infinity, negativeInfinity: "-" + infinity, nan: notANumber)
        return decoder
    }

    private static let infinity = "infinity"
    private static let notANumber = "nan"
}

/// Why a line is no record.
public struct RecordDamage: Error, Equatable, CustomStringConvertible {
    public var description: String

    init(_ error: any Error) {
        switch error {
        case DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty: description = "it is no JSON"
        case DecodingError.dataCorrupted(let context): description = Self.text(context)
        case DecodingError.keyNotFound(let key, let context):
            description = Self.path(context.codingPath + [key]) + " is missing"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            description = Self.text(context)
        default: description = "\(error)"
        }
    }

    private static func text(_ context: DecodingError.Context) -> String {
        context.codingPath.isEmpty
            ? context.debugDescription : "\(path(context.codingPath)): \(context.debugDescription)"
    }

    static func path(_ keys: [any CodingKey]) -> String {
        keys.reduce(into: "") { text, key in
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += (text.isEmpty ? "" : ".") + key.stringValue
            }
        }
    }
}

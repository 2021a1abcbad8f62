import FoundationEssentials
import WeirCore
import WeirHTTP

/// An endpoint's answer → figures. Pure.
enum HTTPSourceWire {
    static func measurement(_ response: HTTPResponse, _ options: HTTPSourceOptions) -> Measurement {
        guard response.status == 200 else { return .missing(HTTPSourceFailure.status(response.status).reason) }
        guard let document = try? JSONDecoder().decode(JSONValue.self, from: Data(response.body)) else {
            return .missing(HTTPSourceFailure.notJSON.reason)
        }
        func reading(_ pointer: JSONPointer?) -> Reading {
            pointer.map { self.reading($0, in: document) } ?? .missing(.notTold)
        }
        return Measurement(
            visible: reading(options.visible), inFlight: reading(options.inFlight), delayed: reading(options.delayed),
            oldestAge: reading(options.oldestAge))
    }

    private static func reading(_ pointer: JSONPointer, in document: JSONValue) -> Reading {
        do throws(HTTPSourceFailure) {
            return .value(try number(at: pointer, in: document))
        } catch {
            return .missing(error.reason)
        }
    }

    /// A number, or a text that is one: some services write numbers in quotes.
    private static func number(at pointer: JSONPointer, in document: JSONValue) throws(HTTPSourceFailure) -> Double {
        guard let value = pointer.value(in: document) else { throw .absent(pointer) }
        let number: Double
        switch value {
        case .number(let plain): number = plain
        case .text(let text):
            guard let quoted = Double(text) else { throw .notANumber(pointer) }
            number = quoted
        case .null, .boolean, .list, .object: throw .notANumber(pointer)
        }
        guard number.isFinite, number >= 0 else { throw .impossible(pointer, "\(number)") }
        return number
    }
}

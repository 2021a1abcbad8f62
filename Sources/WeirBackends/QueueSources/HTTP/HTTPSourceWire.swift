import FoundationEssentials
import WeirCore
import WeirHTTP

/// An endpoint's answer → figures. Pure.
enum HTTPSourceWire {
    static func read(_ response: HTTPResponse, _ options: HTTPSourceOptions) -> Told {
        func nothing(_ failure: HTTPSourceFailure) -> Told { Told(measurement: .missing(failure.reason)) }
        guard response.status == 200 else { return nothing(.status(response.status)) }
        guard let document = try? JSONDecoder().decode(JSONValue.self, from: Data(response.body)) else {
            return nothing(.notJSON)
        }
        func reading(_ pointer: JSONPointer?) -> Reading {
            pointer.map { self.reading($0, in: document) } ?? .missing(.notTold)
        }
        var told = Told(
            measurement: Measurement(
                visible: reading(options.visible), inFlight: reading(options.inFlight),
                delayed: reading(options.delayed),
                oldestAge: reading(options.oldestAge)))
        if let asOf = options.asOf {
            // A moment that is to tell how old the figures are, and does not: then nobody knows it.
            guard let moment = moment(at: asOf, in: document) else { return nothing(.noMoment(asOf)) }
            told.measurement.asOf = moment
        }
        told.arrivedTotal = reading(options.arrivedTotal).number
        told.completedTotal = reading(options.completedTotal).number
        return told
    }

    private static func moment(at pointer: JSONPointer, in document: JSONValue) -> Instant? {
        switch pointer.value(in: document) {
        case .number(let number): WrittenMoment.instant(number)
        case .text(let text): WrittenMoment.instant(text) ?? Double(text).flatMap(WrittenMoment.instant)
        case .null, .boolean, .list, .object, nil: nil
        }
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

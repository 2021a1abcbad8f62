import FoundationEssentials
import WeirCore
import WeirQueue

/// Messages between JSON and values.
enum MessageWire {
    private static let traceHeader = "AWSTraceHeader"

    /// Reads the members that a message and a batch entry share.
    static func message(_ input: Fields) throws(APIError) -> NewMessage {
        if try input.string("MessageDeduplicationId") != nil {
            throw ErrorTable.invalidParameter(
                "The request includes a parameter that is not valid for this queue type: MessageDeduplicationId.")
        }
        return NewMessage(
            body: try input.requiredString("MessageBody"), attributes: try attributes(input),
            traceHeader: try trace(input), delay: try input.seconds("DelaySeconds"),
            groupID: try input.string("MessageGroupId"))
    }

    private static func attributes(_ input: Fields) throws(APIError) -> [MessageAttribute] {
        var attributes: [MessageAttribute] = []
        for member in try input.members("MessageAttributes") {
            attributes.append(try attribute(member))
        }
        return attributes
    }

    /// Which rules name and value must keep, the queue knows.
    private static func attribute(_ member: JSONObject.Member) throws(APIError) -> MessageAttribute {
        guard case .object(let object) = member.value else {
            throw ErrorTable.unreadable("The message attribute '\(member.name)' is \(member.value.kind).")
        }
        let fields = Fields(object: object)
        guard let dataType = try fields.string("DataType"), !dataType.isEmpty else {
            throw ErrorTable.invalidParameter(
                "The message attribute '\(member.name)' must contain a non-empty DataType.")
        }
        return MessageAttribute(name: member.name, dataType: dataType, value: try value(fields, of: member.name))
    }

    private static func value(_ fields: Fields, of name: String) throws(APIError) -> MessageAttribute.Value {
        switch (try fields.string("StringValue"), try fields.string("BinaryValue")) {
        case (let text?, nil): return .string(text)
        case (nil, let base64?):
            guard let data = Data(base64Encoded: base64) else {
                throw ErrorTable.unreadable("The BinaryValue of the message attribute '\(name)' is not base64.")
            }
            return .binary(Array(data))
        case (nil, nil), (.some, .some):
            throw ErrorTable.invalidParameter(
                "The message attribute '\(name)' must contain either a StringValue or a BinaryValue.")
        }
    }

    private static func trace(_ input: Fields) throws(APIError) -> String? {
        var header: String?
        for member in try input.members("MessageSystemAttributes") {
            let attribute = try attribute(member)
            guard attribute.name == traceHeader, attribute.dataType == "String",
                case .string(let text) = attribute.value
            else {
                throw ErrorTable.invalidParameter(
                    "'\(member.name)' is no system attribute that can be sent; \(traceHeader) of type String is the only one."
                )
            }
            header = text
        }
        return header
    }

    /// Writes attributes as a member; nothing when there are none.
    static func write(_ attributes: [MessageAttribute], to json: inout JSONWriter) {
        guard !attributes.isEmpty else { return }
        json.name("MessageAttributes")
        json.object { json in
            for attribute in attributes {
                json.name(attribute.name)
                json.object { json in
                    switch attribute.value {
                    case .string(let text): json.member("StringValue", text)
                    case .binary(let bytes): json.member("BinaryValue", Data(bytes).base64EncodedString())
                    }
                    json.member("DataType", attribute.dataType)
                }
            }
        }
    }
}

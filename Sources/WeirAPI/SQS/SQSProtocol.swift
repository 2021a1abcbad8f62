/// The SQS JSON protocol: `X-Amz-Target: AmazonSQS.<Action>` and a JSON body. Source: SQS API model, JSON edition.
enum SQSProtocol {
    static let contentType = "application/x-amz-json-1.0"
    static let targetHeader = "x-amz-target"
    private static let targetPrefix = "AmazonSQS."
    private static let shapePrefix = "com.amazonaws.sqs#"

    /// The action that a request names in its header; nil when it is not in this protocol.
    static func action(of request: APIRequest) -> String? {
        guard let target = request.header(targetHeader), target.hasPrefix(targetPrefix) else { return nil }
        return String(target.dropFirst(targetPrefix.count))
    }

    static func answer(_ request: APIRequest, action name: String, _ call: SQSCall) async throws(APIError)
        -> APIResponse
    {
        guard request.method == "POST" else { throw ErrorTable.unreadable("SQS actions are sent with POST.") }
        let action = try SQSActionTable.action(named: name)
        let answer = try await action.answer(try input(of: request), call)
        return APIResponse(status: 200, contentType: contentType, body: answer.json)
    }

    static func response(_ error: APIError) -> APIResponse {
        let body = JSONWriter.object { json in
            json.member("__type", shapePrefix + error.shape)
            json.member("message", error.message)
        }
        var response = APIResponse(status: error.status, contentType: contentType, body: body)
        response.headers.append(("x-amzn-query-error", "\(error.queryCode);\(error.fault.rawValue)"))
        return response
    }

    private static func input(of request: APIRequest) throws(APIError) -> Fields {
        if request.body.isEmpty { return Fields(object: JSONObject()) }
        let value: JSONValue
        do {
            value = try JSONReader.read(request.body)
        } catch {
            throw ErrorTable.unreadable("The request is not JSON: \(error.what) at byte \(error.byte).")
        }
        guard case .object(let object) = value else {
            throw ErrorTable.unreadable("The request is \(value.kind); an object was expected.")
        }
        return Fields(object: object)
    }
}

/// The Auto Scaling Query protocol: a form with `Action` and `Version`, answered in XML. Source: EC2 Auto Scaling API
/// reference, "Query requests".
enum AutoScalingProtocol {
    static let version = "2011-01-01"
    static let namespace = "http://autoscaling.amazonaws.com/doc/2011-01-01/"
    private static let contentType = "text/xml"

    /// The parameters of a request in the Query protocol; nil when it is in another.
    static func form(of request: APIRequest) -> FormParameters? {
        let text: String
        if request.method == "POST",
            request.header("content-type")?.hasPrefix("application/x-www-form-urlencoded") == true
        {
            text = String(decoding: request.body, as: UTF8.self)
        } else {
            text = request.query
        }
        guard let form = FormParameters(text), form["Action"] != nil else { return nil }
        return form
    }

    static func answer(
        _ form: FormParameters, _ call: AutoScalingCall, _ id: RequestID
    ) async throws(APIError) -> APIResponse {
        let name = form["Action"] ?? ""
        guard form["Version"] ?? version == version else {
            throw APIError(
                "InvalidAction",
                "\(name) of version \(form["Version"] ?? "") is not answered in this protocol; SQS is, as JSON.")
        }
        let action = try AutoScalingActionTable.action(named: name)
        if action.isForOperators, call.principal.receiver != nil { throw ErrorTable.accessDenied(call.principal, name) }
        let result = try await action.answer(AutoScalingInput(form: form), call)
        return response(200) { xml in
            xml.element("\(name)Response", namespace: namespace) { xml in
                if let result { xml.element("\(name)Result", result) }
                xml.element("ResponseMetadata") { $0.element("RequestId", id.description) }
            }
        }
    }

    static func response(_ error: APIError, _ id: RequestID) -> APIResponse {
        response(error.status) { xml in
            xml.element("ErrorResponse", namespace: namespace) { xml in
                xml.element("Error") { xml in
                    xml.element("Type", error.fault.rawValue)
                    xml.element("Code", error.queryCode)
                    xml.element("Message", error.message)
                }
                xml.element("RequestId", id.description)
            }
        }
    }

    private static func response(_ status: Int, _ body: (inout XMLWriter) -> Void) -> APIResponse {
        var xml = XMLWriter()
        body(&xml)
        return APIResponse(status: status, contentType: contentType, body: Array(xml.text.utf8))
    }
}

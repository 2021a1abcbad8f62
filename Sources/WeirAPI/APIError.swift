/// An error as AWS's protocols carry it. `ErrorTable` makes them; nobody else knows their codes.
struct APIError: Error, Sendable, Equatable {
    /// The name of the error's shape in the JSON protocol.
    var shape: String
    /// Its code in the Query protocol, which SDKs report in either protocol.
    var queryCode: String
    var status: Int
    var message: String
    var fault: Fault

    enum Fault: String, Sendable {
        /// The request is at fault; trying it again does not help.
        case sender = "Sender"
        case receiver = "Receiver"
    }

    init(_ shape: String, queryCode: String? = nil, status: Int = 400, fault: Fault = .sender, _ message: String) {
        self.shape = shape
        self.queryCode = queryCode ?? shape
        self.status = status
        self.message = message
        self.fault = fault
    }
}

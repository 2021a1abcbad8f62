/// One request, and the signature that two implementations agreed on: the first row is AWS's published get-vanilla, all
/// others were signed by botocore 1.43's SigV4Auth from these inputs.
struct Row: Sendable, CustomStringConvertible {
    let description: String
    let method: String
    let path: String
    let query: String
    let headers: [(name: String, value: String)]
    let body: String
    let region: String
    let service: String
    let token: String?
    /// Milliseconds since 1970.
    let at: Int64
    let signedHeaders: String
    let signature: String

    init(
        _ description: String, _ method: String, path: String, query: String, headers: [(name: String, value: String)],
        body: String, region: String, service: String, token: String?, at: Int64, signedHeaders: String,
        signature: String
    ) {
        self.description = description
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.region = region
        self.service = service
        self.token = token
        self.at = at
        self.signedHeaders = signedHeaders
        self.signature = signature
    }

    static let accessKeyID = "AKIDEXAMPLE"
    static let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

    static let all = [
        Row(
            "nothing but a host", "GET", path: "/", query: "",
            headers: [("Host", "example.amazonaws.com")],
            body: "", region: "us-east-1", service: "service", token: nil, at: 1_440_938_160_000,
            signedHeaders: "host;x-amz-date",
            signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        Row(
            "a path with a trailing slash", "GET", path: "/a/b/", query: "",
            headers: [("Host", "example.amazonaws.com")],
            body: "", region: "us-east-1", service: "service", token: nil, at: 1_440_938_160_000,
            signedHeaders: "host;x-amz-date",
            signature: "125084d05882beb82770f7553eca9dc5479bd484c2579776817cc0a340800974"),
        Row(
            "doubled slashes and dot segments", "GET", path: "//a/./b/../c//", query: "",
            headers: [("Host", "example.amazonaws.com")],
            body: "", region: "us-east-1", service: "service", token: nil, at: 1_440_938_160_000,
            signedHeaders: "host;x-amz-date",
            signature: "03815191a982245f233767bed9d5022ca4cf6dc96e4c7598525bfdbc1932b50c"),
        Row(
            "a path that is percent-encoded already", "GET", path: "/ba%20r/%E1%88%B4", query: "",
            headers: [("Host", "example.amazonaws.com")],
            body: "", region: "us-east-1", service: "service", token: nil, at: 1_440_938_160_000,
            signedHeaders: "host;x-amz-date",
            signature: "b063ccb5e346b96feb64984b32b67d41a59408fb394095d195d8c2e18e3051a1"),
        Row(
            "an unsorted query", "GET", path: "/", query: "Param2=value2&Param1=value1",
            headers: [("Host", "example.amazonaws.com")],
            body: "", region: "us-east-1", service: "service", token: nil, at: 1_440_938_160_000,
            signedHeaders: "host;x-amz-date",
            signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
        Row(
            "a name twice, sorted by value", "GET", path: "/", query: "a=2&a=1&B=3",
            headers: [("Host", "example.amazonaws.com")],
            body: "", region: "us-east-1", service: "service", token: nil, at: 1_440_938_160_000,
            signedHeaders: "host;x-amz-date",
            signature: "9ff1096877cbd201860b909d2ff4c3d5b62c297f33b1125f5ee0761cb3ce0ae5"),
        Row(
            "encoded characters in a query", "GET", path: "/", query: "next%20token=a%2Fb%3D&x=%C3%BC",
            headers: [("Host", "example.amazonaws.com")],
            body: "", region: "us-east-1", service: "service", token: nil, at: 1_440_938_160_000,
            signedHeaders: "host;x-amz-date",
            signature: "a11d4d2b8f491139d884be58110664039113e7469bf9fc0498269f93a63723ae"),
        Row(
            "a name without a value", "GET", path: "/", query: "versioning=",
            headers: [("Host", "example.amazonaws.com")],
            body: "", region: "us-east-1", service: "service", token: nil, at: 1_440_938_160_000,
            signedHeaders: "host;x-amz-date",
            signature: "7d0994b373edd2cb76ac8325361b75bae2d05811042702706f0db3a185bec976"),
        Row(
            "spaces around and inside of a value", "GET", path: "/", query: "",
            headers: [("Host", "example.amazonaws.com"), ("My-Header1", "  a   b   c  "), ("My-Header2", "\"a  b\"")],
            body: "", region: "us-east-1", service: "service", token: nil, at: 1_440_938_160_000,
            signedHeaders: "host;my-header1;my-header2;x-amz-date",
            signature: "51e627a1ff87ea51972b25f41fe944b80f28c67d0992c19410f1bf259eed36cf"),
        Row(
            "a name that is the beginning of another", "POST", path: "/", query: "",
            headers: [("Host", "example.amazonaws.com"), ("x-amz-target2", "z"), ("X-Amz-Target", "y")],
            body: "x", region: "us-east-1", service: "service", token: nil, at: 1_440_938_160_000,
            signedHeaders: "host;x-amz-date;x-amz-target;x-amz-target2",
            signature: "01b5bdf4a1d99782be264c2986805f75e0235c621b0a045303341e1d17642c25"),
        Row(
            "SQS SendMessage", "POST", path: "/", query: "",
            headers: [
                ("Host", "127.0.0.1:9324"), ("X-Amz-Target", "AmazonSQS.SendMessage"),
                ("Content-Type", "application/x-amz-json-1.0"),
            ],
            body: "{\"QueueUrl\": \"http://127.0.0.1:9324/000000000000/thumbnails\", \"MessageBody\": \"naïve – ☃\"}",
            region: "eu-central-1", service: "sqs", token: nil, at: 1_440_938_160_000,
            signedHeaders: "content-type;host;x-amz-date;x-amz-target",
            signature: "0189e47efd4718d1368928ee778eec480deb9494275e1641bdce395f54dcc3d5"),
        Row(
            "SQS ReceiveMessage in query mode", "POST", path: "/", query: "",
            headers: [
                ("Host", "localhost:4100"), ("X-Amz-Target", "AmazonSQS.ReceiveMessage"),
                ("Content-Type", "application/x-amz-json-1.0"), ("x-amzn-query-mode", "true"),
            ],
            body: "{\"QueueUrl\":\"http://localhost:4100/000000000000/q\",\"WaitTimeSeconds\":20}", region: "us-east-1",
            service: "sqs", token: nil, at: 1_709_251_199_000,
            signedHeaders: "content-type;host;x-amz-date;x-amz-target;x-amzn-query-mode",
            signature: "79c8cb5c342d8d771d2a544cf2fa6375cfc314bcb15792155be718d8efbcd1ca"),
        Row(
            "SQS with a session token", "POST", path: "/", query: "",
            headers: [
                ("Host", "sqs.us-west-2.amazonaws.com"), ("X-Amz-Target", "AmazonSQS.ListQueues"),
                ("Content-Type", "application/x-amz-json-1.0"),
            ],
            body: "{}", region: "us-west-2", service: "sqs",
            token: "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQW=", at: 1_798_761_600_000,
            signedHeaders: "content-type;host;x-amz-date;x-amz-security-token;x-amz-target",
            signature: "48e21d13b57ff613723d1ded1ee65cb9874f18c6921bf86b4df74b7f6c795f90"),
        Row(
            "Auto Scaling in the Query protocol", "POST", path: "/", query: "",
            headers: [
                ("Host", "127.0.0.1:9324"), ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
            ],
            body:
                "Action=SetInstanceProtection&Version=2011-01-01&InstanceIds.member.1=i-0123456789abcdef0&AutoScalingGroupName=thumbnails&ProtectedFromScaleIn=true",
            region: "us-east-1", service: "autoscaling", token: nil, at: 1_440_938_160_000,
            signedHeaders: "content-type;host;x-amz-date",
            signature: "57a8ca5c9d5db8271df87122293d2fe608f2bd2c3c6f815e7bd050c31e298b88"),
    ]
}

import Testing
import WeirCore
import WeirRuntime

@testable import WeirBackends

@Suite("The variables of a process")
struct ProcessEnvironmentSpecs {
    struct Row: Sendable, CustomTestStringConvertible {
        var inherited: [String: String] = [:]
        var policy: [(name: String, value: String)] = []
        var order: [EnvironmentVariable] = []
        /// Besides WEIR_GROUP and WEIR_INSTANCE_ID, which are always there.
        var sees: [String]
        var because: String
        var testDescription: String { because }
    }

    @Test(
        "who wins, and what is weir's own business",
        arguments: [
            Row(
                inherited: ["PATH": "/bin", "LANG": "C"], sees: ["LANG=C", "PATH=/bin"],
                because: "weir's variables are passed on"),
            Row(
                inherited: ["WEIR_TOKEN": "t", "WEIR_GROUP": "other"], sees: [],
                because: "those that begin with WEIR_ are not"),
            Row(
                inherited: ["LANG": "C"], policy: [("LANG", "de"), ("A", "1")], sees: ["A=1", "LANG=de"],
                because: "the policy file wins over weir"),
            Row(
                policy: [("AWS_REGION", "mars")], order: [.init("AWS_REGION", "eu")], sees: ["AWS_REGION=eu"],
                because: "what is given to this instance wins over the policy file"),
            Row(
                inherited: ["AWS_PROFILE": "p", "AWS_SESSION_TOKEN": "t"],
                sees: ["AWS_PROFILE=p", "AWS_SESSION_TOKEN=t"],
                because: "a worker on another queue needs the credentials of the machine"),
            Row(
                inherited: ["AWS_PROFILE": "p", "AWS_SESSION_TOKEN": "t"], order: [.init("AWS_ACCESS_KEY_ID", "k")],
                sees: ["AWS_ACCESS_KEY_ID=k"], because: "credentials of its own are not mixed with those of the machine"
            ),
            Row(
                inherited: ["AWS_PROFILE": "p"], policy: [("AWS_MAX_ATTEMPTS", "2")],
                order: [.init("AWS_ACCESS_KEY_ID", "k")],
                sees: ["AWS_ACCESS_KEY_ID=k", "AWS_MAX_ATTEMPTS=2"], because: "what the policy file says was meant"),
            Row(
                inherited: ["AWS_PROFILE": "p", "AWS_SESSION_TOKEN": "t", "AWS_REGION": "eu"],
                policy: [("AWS_ACCESS_KEY_ID", "k"), ("AWS_SECRET_ACCESS_KEY", "s")],
                sees: ["AWS_ACCESS_KEY_ID=k", "AWS_REGION=eu", "AWS_SECRET_ACCESS_KEY=s"],
                because: "nor are credentials of the policy file, but the region may well be the machine's"),
        ])
    func variables(_ row: Row) {
        let order = LaunchOrder(instance: InstanceID("i-1"), group: "g", environment: row.order)
        let variables = ProcessEnvironment.variables(inherited: row.inherited, policy: row.policy, order: order)
        #expect(variables.map { "\($0.name)=\($0.value)" } == row.sees + ["WEIR_GROUP=g", "WEIR_INSTANCE_ID=i-1"])
    }
}

import Foundation

/// What a run of the tests was given to try things on: real engines, which not every machine has.
enum TestEngines {
    private static let environment = ProcessInfo.processInfo.environment

    /// Address of a Docker engine of one's own: its tests stop and restart it.
    static let docker = environment["WEIR_TEST_DOCKER"]
    /// Address of something that speaks the protocol of SQS.
    static let sqs = environment["WEIR_TEST_SQS_ENDPOINT"]
    /// This run must not pass over what needs an engine: then a missing one is a failure.
    static let areRequired = environment["WEIR_TEST_REQUIRE_ENGINES"] == "1"

    static let runsDocker = docker != nil || areRequired
    static let runsSQS = sqs != nil || areRequired
}

import ArgumentParser
import FoundationEssentials
import WeirAPI
import WeirRuntime
import WeirSignature

struct Env: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints what a shell needs so that AWS's tools and SDKs speak to this weir.",
        discussion: "Example:\n  eval \"$(weir env)\"")

    @OptionGroup var state: StateOption

    /// What AWS's tools and SDKs would follow instead, or would send along.
    /// Source: AWS SDKs and Tools Reference Guide, "Settings reference".
    private static let strongerVariables = [
        "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_ENDPOINT_URL_SQS",
        "AWS_ENDPOINT_URL_AUTO_SCALING", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "AWS_USE_FIPS_ENDPOINT",
        "AWS_USE_DUALSTACK_ENDPOINT", "AWS_CREDENTIAL_EXPIRATION",
    ]

    func run() async throws {
        let folder = StateFolder(lookingAt: state.resolved)
        let daemon = try await ControlClient(state: state.resolved).daemon()
        guard let endpoint = daemon.endpoint else { throw Failure.world("this weir does not listen for AWS's tools") }
        let credentials = try AccountCredentials.read(folder.credentials)
        Terminal.out(
            """
            unset \(Self.strongerVariables.joined(separator: " "))
            export AWS_ENDPOINT_URL=\(endpoint)
            export AWS_ACCESS_KEY_ID=\(credentials.accessKeyID)
            export AWS_SECRET_ACCESS_KEY=\(credentials.secretAccessKey)
            export AWS_REGION=\(daemon.region)
            export AWS_DEFAULT_REGION=\(daemon.region)
            """)
    }
}

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

    func run() async throws {
        let folder = StateFolder(lookingAt: state.resolved)
        let daemon = try await ControlClient(state: state.resolved).daemon()
        guard let endpoint = daemon.endpoint else { throw Failure.world("this weir does not listen for AWS's tools") }
        let credentials = try AccountCredentials.read(folder.credentials)
        Terminal.out(
            """
            export AWS_ENDPOINT_URL=\(endpoint)
            export AWS_ACCESS_KEY_ID=\(credentials.accessKeyID)
            export AWS_SECRET_ACCESS_KEY=\(credentials.secretAccessKey)
            export AWS_REGION=\(daemon.region)
            export AWS_DEFAULT_REGION=\(daemon.region)
            """)
    }
}

import Testing
import WeirCore

@Suite("The process launcher")
struct ProcessContractSpecs {
    @Test("keeps what every launcher promises", arguments: LauncherPromise.allCases)
    func keeps(_ promise: LauncherPromise) async throws {
        try await promise.check(ProcessSubject())
    }
}

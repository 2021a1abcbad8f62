import FoundationEssentials
import Logging
import WeirCore

/// Keeps each account in a file of its own. That one cannot be read or written costs an account and nothing else.
struct ShadowStore: Sendable {
    private let folder: String
    private let logger: Logger

    init(_ folder: StateFolder, logger: Logger) {
        self.folder = folder.shadows
        self.logger = logger
    }

    /// - Returns: nil when there is none, or none of these two policies.
    func load(_ group: String, texts: [String]) -> ShadowAccount? {
        guard Files.exists(path(of: group)) else { return nil }
        do {
            let account = try JSONDecoder().decode(ShadowAccount.self, from: Files.readBytes(path(of: group)))
            guard account.version == ShadowAccount.currentVersion,
                account.state.version == GroupState.currentVersion
            else { throw StateFailure("it is of another version of weir") }
            return account.texts == texts ? account : nil
        } catch {
            logger.warning(
                "the account of the shadow begins anew: \(path(of: group)) cannot be used",
                metadata: ["group": "\(group)", "reason": "\(error)"])
            return nil
        }
    }

    func save(_ account: ShadowAccount, of group: String) throws(StateFailure) {
        let content: Data
        do {
            content = try JSONLineEncoder().encode(account)
        } catch {
            throw StateFailure("cannot write down the account: \(error)")
        }
        try Files.makeFolder(folder)
        try Files.write(content, to: path(of: group), mode: 0o600, durably: false)
    }

    private func path(of group: String) -> String { folder + "/" + group + ".json" }
}

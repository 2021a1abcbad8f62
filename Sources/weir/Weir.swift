import ArgumentParser
import Glibc

@main
struct Weir: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weir",
        abstract: "Holds a queue at its level by opening and closing workers.",
        discussion: """
            Example:
              weir check policies/ && weir run policies/

            Exit status: 0 on success, 1 when the world failed, 2 when something written was wrong.
            """,
        version: Version.text,
        subcommands: [
            Run.self, Check.self, Plan.self, Status.self, Protect.self, Unprotect.self, SetDesired.self, Suspend.self,
            Resume.self, Terminate.self, QueueVerb.self, Env.self, Schema.self, VersionVerb.self,
        ])

    /// Mistakes in what was written end with 2, failures of the world with 1, as `docs/` promises.
    static func main() async {
        // Whoever started weir may have chosen not to hear of its children; weir wants to know how its own end.
        signal(SIGCHLD, SIG_DFL)
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let failure as Failure {
            Terminal.error(failure.text)
            exit(withError: ExitCode(failure.status))
        } catch let code as ExitCode {
            exit(withError: code)
        } catch  where exitCode(for: error) == .validationFailure {
            Terminal.error(fullMessage(for: error))
            exit(withError: ExitCode(Failure.Kind.mistake.rawValue))
        } catch {
            exit(withError: error)
        }
    }
}

/// How a verb fails: a sentence, and the exit status that goes with it.
struct Failure: Error {
    enum Kind: Int32 {
        /// The world failed: a file, a socket, an engine.
        case world = 1
        /// Something that was written is wrong.
        case mistake = 2
    }

    var kind: Kind
    var text: String

    var status: Int32 { kind.rawValue }

    static func world(_ text: String) -> Failure { Failure(kind: .world, text: "weir: \(text)") }
    static func mistake(_ text: String) -> Failure { Failure(kind: .mistake, text: "weir: \(text)") }
}

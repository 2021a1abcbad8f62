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

            Exit status: 0 on success, 1 when the world failed, 2 when something
            written was wrong.
            """,
        version: Version.text,
        subcommands: [
            Run.self, Check.self, Plan.self, Simulate.self, Compare.self, Tune.self, Status.self, Protect.self,
            Unprotect.self, SetDesired.self,
            Suspend.self,
            Resume.self, Reset.self, Terminate.self, Refresh.self, Standby.self, CompleteHook.self, Heartbeat.self,
            SetHealth.self,
            QueueVerb.self, Env.self, Schema.self, VersionVerb.self, Top.self, Explain.self,
            ReplayVerb.self, Import.self, Export.self, TestVerb.self,
        ])

    /// Mistakes in what was written end with 2, failures of the world with 1, as `docs/` promises.
    static func main() async {
        // Whoever started weir may have chosen not to hear of its children; weir wants to know how its own end.
        signal(SIGCHLD, SIG_DFL)
        do {
            try Typed.check(Array(CommandLine.arguments.dropFirst()))
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            if let reason = Terminal.outputFailure { end(.unprinted(reason)) }
        } catch let failure as Failure {
            end(failure)
        } catch let code as ExitCode {
            if let reason = Terminal.outputFailure { Terminal.error(Failure.unprinted(reason).text) }
            exit(withError: code)
        } catch  where exitCode(for: error) == .validationFailure {
            end(.unparsed(error))
        } catch  where exitCode(for: error) == .success {
            // Help or a version that was asked for.
            exit(withError: error)
        } catch {
            end(.world("\(error)"))
        }
    }

    private static func end(_ failure: Failure) -> Never {
        if !failure.text.isEmpty { Terminal.error(failure.text) }
        exit(withError: ExitCode(failure.status))
    }

    func run() async throws {
        throw Failure.usage(Self.helpMessage())
    }
}

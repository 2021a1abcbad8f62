import Logging
import WeirCore

extension GroupController {
    /// What surrounds a controller.
    public struct Parts: Sendable {
        public var source: any QueueSource
        /// Nil when nobody can tell who holds what, as in a dry run over a source that is not the embedded queue.
        public var holders: (any WorkHolders)?
        public var hands: any Hands
        /// Asks instances how they are; nil when nobody does.
        public var checker: (any HealthChecker)?
        /// Carries out the actions of alarms; nil when nobody is told, as in a dry run.
        public var notifier: (any Notifier)?
        /// Hands that launch what an earlier policy file says, from its text; for going back to it.
        public var formerHands: (@Sendable (_ policyText: String) async throws -> any Hands)?

        public init(
            source: any QueueSource, holders: (any WorkHolders)?, hands: any Hands, checker: (any HealthChecker)? = nil,
            notifier: (any Notifier)? = nil,
            formerHands: (@Sendable (_ policyText: String) async throws -> any Hands)? = nil
        ) {
            self.source = source
            self.holders = holders
            self.hands = hands
            self.checker = checker
            self.notifier = notifier
            self.formerHands = formerHands
        }

        /// What is launched from an earlier version of the template is launched by hands of that version.
        func perform(_ ordered: OrderedAction, for group: String) async -> ActionOutcome.Result {
            let (action, template) = (ordered.action, ordered.template)
            switch action {
            case .launch, .prepare:
                guard let make = formerHands else { break }
                switch ordered.former {
                case .present: break
                case .forgotten: return .failed("version \(template ?? 0) of what is launched is not kept any more")
                case .text(let text):
                    do {
                        return try await make(text).perform(action, for: group, template: template)
                    } catch {
                        return .failed(
                            "version \(template ?? 0) of what is launched cannot be launched any more: \(error)")
                    }
                }
            case .drain, .restore, .terminate, .remove, .pause, .resume, .runHook: break
            }
            return await hands.perform(action, for: group, template: template)
        }
    }

    /// What everyone shares.
    public struct Surroundings: Sendable {
        public var time: any TimeSource
        /// Nil: nothing is kept (a dry run).
        public var store: (any StateStore)?
        public var recorder: any Recorder
        public var logger: Logger
        public var index: InstanceIndex
        /// The limits that groups share, and who has what of them. A dry run has its own.
        public var fleets: FleetLedger
        /// Is told of each tick; nil when nobody is.
        public var onlooker: (any Onlooker)?

        public init(
            time: any TimeSource, store: (any StateStore)?, recorder: any Recorder, logger: Logger,
            index: InstanceIndex,
            fleets: FleetLedger = FleetLedger(), onlooker: (any Onlooker)? = nil
        ) {
            self.onlooker = onlooker
            self.time = time
            self.store = store
            self.recorder = recorder
            self.logger = logger
            self.index = index
            self.fleets = fleets
        }

        var books: GroupLoop.Books {
            GroupLoop.Books(
                store: store, recorder: recorder, logger: logger, index: index, fleets: fleets, onlooker: onlooker)
        }
    }
}

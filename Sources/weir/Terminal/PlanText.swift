import FoundationEssentials
import WeirAPI
import WeirCore

/// One decision as `weir plan` prints it.
enum PlanText {
    static func of(_ record: Record) -> String {
        record.story(quiet: true).joined(separator: "\n")
    }

    static func json(_ record: Record) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let view = View(
            group: record.group, at: record.at.rfc3339, from: record.decision.previousDesired,
            to: record.decision.desired,
            reasons: record.decision.reasons.map {
                View.Reason(code: $0.code, capacity: $0.capacity, sentence: $0.sentence)
            },
            alarms: record.alarmTransitions.map {
                View.Alarm(name: $0.alarm, from: $0.from.rawValue, to: $0.to.rawValue, reason: $0.judgement.sentence)
            },
            actions: record.plan.actions.map {
                View.Action(action: $0.action.word, instance: $0.action.instance.text, reason: $0.why.sentence)
            })
        return String(decoding: try encoder.encode(view), as: UTF8.self)
    }

    private struct View: Encodable {
        struct Reason: Encodable {
            var code: String
            var capacity: Int
            var sentence: String
        }

        struct Alarm: Encodable {
            var name: String
            var from: String
            var to: String
            var reason: String
        }

        struct Action: Encodable {
            var action: String
            var instance: String
            var reason: String
        }

        var group: String
        var at: String
        var from: Int
        var to: Int
        var reasons: [Reason]
        var alarms: [Alarm]
        var actions: [Action]
    }
}

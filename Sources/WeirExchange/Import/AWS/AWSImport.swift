import WeirCore
import WeirPolicy

/// One Auto Scaling group, with all that belongs to it, as a policy file.
struct AWSImport {
    let stock: AWSStock
    let group: AWSResource
    let options: ImportOptions
    var draft: PolicyDraft
    var notes: [Note] = []
    /// The queue that the group's alarms watch; nil when none of them watches one.
    var queue: WatchedQueue?
    /// Named expressions so far, with what they say.
    var expressions: [(name: String, text: String)] = []
    /// Alarms that were looked at, by their place among the resources.
    var readAlarms: [Int: Result<ReadAlarm, NotCarried>] = [:]
    /// Those that are carried over, by their place among the resources.
    var writtenAlarms: [Int: PolicyDraft.Entry] = [:]
    private var usedNames: [String: Set<String>] = [:]

    init(_ stock: AWSStock, group: AWSResource, options: ImportOptions) {
        self.stock = stock
        self.group = group
        self.options = options
        let name = GroupName.text(group.name)
        draft = PolicyDraft(group: .init("group", text: name, from: group.field("AutoScalingGroupName")))
        guard let item = group.field("AutoScalingGroupName") else { return }
        if item.plain == name {
            item.carried("group")
        } else {
            item.changed("a group's name is 1 to 63 of a–z, 0–9 and '-': it is '\(name)' now")
        }
    }

    /// Everything of the group; what others have is accounted for as theirs.
    mutating func run() {
        findQueue()
        readGroup()
        readScalingPolicies()
        readScheduledActions()
        readLifecycleHooks()
        readWarmPools()
        draft.alarms = writtenAlarms.sorted { $0.key < $1.key }.map(\.value)
        writeMetrics()
        writeQueue()
        settleOthers()
    }

    // MARK: What belongs to whom

    /// Those of a kind that name this group. A group that is named by nothing but itself owns what names no group.
    func own(_ kind: AWSResource.Kind) -> [AWSResource] {
        stock[kind].filter { group.isCalled($0.field("AutoScalingGroupName")?.plain) }
    }

    private func settleOthers() {
        for other in stock[.group] where !other.item.isSame(as: group.item) {
            other.item.notNeededWhole("another group: import it with --group \(GroupName.text(other.name))")
        }
        for kind in [AWSResource.Kind.scalingPolicy, .scheduledAction, .lifecycleHook, .warmPool] {
            for resource in stock[kind] {
                guard let link = resource.field("AutoScalingGroupName"), !group.isCalled(link.plain) else { continue }
                let isRead = stock[.group].contains { $0.isCalled(link.plain) }
                isRead
                    ? resource.item.notNeededWhole("it belongs to another group")
                    : resource.item.lostWhole("it belongs to '\(link.plain ?? "")', which is not among what was read")
            }
        }
        for alarm in stock[.compositeAlarm] {
            alarm.item.lostWhole("a composite alarm cannot invoke a scaling policy on AWS, so none hangs on it")
        }
        for (index, alarm) in stock[.alarm].enumerated() where readAlarms[index] == nil {
            settle(unread: alarm)
        }
    }

    private func settle(unread alarm: AWSResource) {
        let named = AlarmFields.actionLists.flatMap { alarm.item[$0.key]?.items ?? [] }.compactMap(\.plain)
        let others = stock[.scalingPolicy].filter { !group.isCalled($0.field("AutoScalingGroupName")?.plain) }
        if named.contains(where: { link in others.contains { $0.isCalled(link) } }) {
            alarm.item.notNeededWhole("it invokes scaling policies of another group")
        } else if let policy = own(.scalingPolicy).first(where: { named.contains(where: $0.isCalled) }) {
            alarm.item.settle(.told(.notCarried, "its scaling policy '\(policy.name)' is not carried over"))
        } else {
            alarm.item.settle(.told(.notCarried, "it invokes no scaling policy of '\(group.name)'"))
        }
    }

    // MARK: Names

    /// A name that nothing else under the same key has.
    mutating func unused(_ name: String, under key: String) -> String {
        var candidate = name
        var number = 2
        while !usedNames[key, default: []].insert(candidate).inserted {
            candidate = "\(name)-\(number)"
            number += 1
        }
        return candidate
    }
}

/// Why something as a whole cannot be carried over.
struct NotCarried: Error {
    var why: String

    init(_ why: String) {
        self.why = why
    }
}

enum GroupName {
    /// What a group may be called: small letters, digits and '-', at most 63.
    static func text(_ name: String) -> String {
        var text = ""
        for character in name.lowercased() {
            let isPlain = character.isASCII && (character.isLetter || character.isNumber)
            if isPlain { text.append(character) } else if !text.hasSuffix("-") { text.append("-") }
        }
        while text.hasPrefix("-") { text.removeFirst() }
        text = String(text.prefix(63))
        while text.hasSuffix("-") { text.removeLast() }
        return text.isEmpty ? "workers" : text
    }
}

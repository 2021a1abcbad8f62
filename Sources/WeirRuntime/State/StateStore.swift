import FoundationEssentials
import WeirCore

/// Keeps the state of each group in a file of its own.
public protocol StateStore: Sendable {
    /// - Parameter durably: the caller is about to act on it; it must survive a loss of power too.
    func save(_ group: StoredGroup, durably: Bool) throws(StateFailure)
    func remove(_ name: String)
}

/// What is kept of one group: its state, and the policy it ran under, so that its instances can be looked after when the
/// policy file has gone meanwhile.
public struct StoredGroup: Sendable, Equatable, Codable {
    public var name: String
    public var policyPath: String
    public var policyText: String
    /// Its launcher, and where that launches; instances of one place cannot be looked after from another.
    public var launcher: String
    /// What its samples were measured from: samples of one thing say nothing about another.
    public var measures: String
    /// The policies under which those versions of the launch template came up that may still be launched.
    public var templates: [KeptTemplate] = []
    public var state: GroupState

    public init(
        name: String, policyPath: String, policyText: String, launcher: String, measures: String, state: GroupState
    ) {
        self.name = name
        self.policyPath = policyPath
        self.policyText = policyText
        self.launcher = launcher
        self.measures = measures
        self.state = state
    }

    /// A group that is new.
    init(_ spec: GroupSpec, at now: Instant) {
        self.init(
            name: spec.policy.name, policyPath: spec.path, policyText: spec.text, launcher: spec.launcher,
            measures: spec.measures,
            state: GroupState(startingWith: spec.policy, seed: UInt64.random(in: .min ... .max), at: now))
    }

    /// As it is stored.
    package var written: Data {
        get throws { try JSONLineEncoder().write(self) }
    }

    /// Where a version of the launch template comes from.
    func former(ofTemplate version: Int?) -> FormerTemplate {
        guard let version, version != state.latestTemplateVersion else { return .present }
        return templates.first { $0.version == version }.map { .text($0.policyText) } ?? .forgotten
    }

    /// Keeps what may be launched again: what is launched now, what a refresh would go back to, and what instances are made
    /// of whose launch may have to be ordered again.
    mutating func keepTemplates() {
        let isSettled = templates.count == 1 && templates[0].version == state.latestTemplateVersion
        if isSettled, state.templateVersion == state.latestTemplateVersion { return }
        let needed =
            state.fleet.map { $0.template?.version } + [
                state.templateVersion, state.latestTemplateVersion, state.formerTemplateVersion,
                state.refresh?.template.version, state.refresh?.former?.version,
            ]
        if !templates.contains(where: { $0.version == state.latestTemplateVersion }) {
            templates.append(KeptTemplate(version: state.latestTemplateVersion, policyText: policyText))
        }
        templates.removeAll { !needed.contains($0.version) }
    }

    /// Goes on under what may be another policy.
    package mutating func follow(_ spec: GroupSpec) {
        if measures != spec.measures { state.measuresAnew() }
        policyPath = spec.path
        policyText = spec.text
        launcher = spec.launcher
        measures = spec.measures
    }
}

/// Where a version of the launch template comes from: the present policy file, an earlier one, or nobody knows any more.
package enum FormerTemplate: Sendable, Equatable {
    case present
    case text(String)
    case forgotten
}

/// One version of a group's launch template: the policy file that it came with.
public struct KeptTemplate: Sendable, Equatable, Codable {
    public var version: Int
    public var policyText: String

    public init(version: Int, policyText: String) {
        self.version = version
        self.policyText = policyText
    }
}

public struct FileStateStore: StateStore {
    private let folder: String

    public init(_ folder: StateFolder) {
        self.folder = folder.groups
    }

    public func save(_ group: StoredGroup, durably: Bool) throws(StateFailure) {
        let content: Data
        do {
            content = try group.written
        } catch {
            throw StateFailure("cannot write down the state of \(group.name): \(error)")
        }
        try Files.write(content, to: path(of: group.name), mode: 0o600, durably: durably)
    }

    public func remove(_ name: String) {
        Files.remove(path(of: name))
    }

    /// Every group that was kept, sorted by name.
    /// - Throws: when a file cannot be read or is of another version: starting without it would orphan its instances.
    public func loadAll() throws(StateFailure) -> [StoredGroup] {
        var groups: [StoredGroup] = []
        for name in Files.names(in: folder) where name.hasSuffix(".json") {
            let path = folder + "/" + name
            let content = try Files.readBytes(path)
            do {
                let group = try JSONDecoder().decode(StoredGroup.self, from: content)
                guard group.state.version == GroupState.currentVersion else {
                    throw StateFailure("")
                }
                groups.append(group)
            } catch {
                throw StateFailure(
                    "\(path) is not a state that this version of weir can read; "
                        + "use the version that wrote it, or move the file away (its instances will then be adopted)")
            }
        }
        return groups
    }

    private func path(of name: String) -> String { folder + "/" + name + ".json" }
}

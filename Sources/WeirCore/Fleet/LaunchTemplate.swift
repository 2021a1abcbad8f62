/// What an instance was launched from.
///
/// Each group has one launch template, named after it: what its policy file says under `workers`. A change there makes the
/// next version. (Launch configurations, which came before templates, are told apart because termination policies do.)
public struct LaunchTemplate: Sendable, Equatable, Hashable, Codable {
    public var name: String
    /// From 1; a launch configuration has no versions.
    public var version: Int
    public var isConfiguration: Bool
    /// Its place in the order in which templates were made; 0 when that is not known. Versions do not differ in it.
    public var order: Int

    public init(name: String, version: Int, isConfiguration: Bool = false, order: Int = 0) {
        self.name = name
        self.version = version
        self.isConfiguration = isConfiguration
        self.order = order
    }
}

extension Tick {
    /// A policy that launches something else than before makes the next version of the template. What runs is not touched.
    mutating func followTemplate() {
        guard let digest = policy.templateDigest, digest != state.templateDigest, !policy.leaving else { return }
        let isFirst = state.templateDigest == nil
        state.templateDigest = digest
        if isFirst { return }
        state.formerTemplateVersion = state.templateVersion
        state.latestTemplateVersion += 1
        state.templateVersion = state.latestTemplateVersion
        give(.newTemplate(version: state.templateVersion))
        if policy.instanceRefresh.onChange, !state.fleet.isEmpty { startRefreshOnChange() }
    }

    /// What is launched now.
    var currentTemplate: LaunchTemplate { LaunchTemplate(name: policy.name, version: state.templateVersion) }
}

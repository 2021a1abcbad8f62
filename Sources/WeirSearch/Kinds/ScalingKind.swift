import WeirPolicy

/// A kind of scaling that can take the place of a policy's own: which figures it has, and what a file says then.
public protocol ScalingKind: Sendable {
    /// The word for it: `step`.
    var name: String { get }
    func parameters(_ setting: Setting) -> [Parameter]
    /// Where a search begins, in the order of the parameters; nil: anywhere.
    func start(_ setting: Setting) -> [Double]?
    /// - Parameter values: of these parameters, in their order.
    func scaling(_ values: [Double], _ setting: Setting) -> PolicyEditing.Scaling
}

extension ScalingKind {
    public func start(_ setting: Setting) -> [Double]? { nil }
}

/// The kinds that there are. A new one is a file beside the others, and a line here.
public enum ScalingKinds {
    public static let all: [any ScalingKind] = [
        StepKind(), SimpleKind(), TrackingKind(), BacklogKind(), WaitKind(),
    ]
    /// The word for the policy as the file has it, of which only the figures are moved.
    public static let asGiven = "given"

    public static var names: [String] { [asGiven] + all.map(\.name) }
}

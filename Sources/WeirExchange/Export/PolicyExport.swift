import WeirCore
import WeirPolicy

/// A policy file in another tool's language.
public struct ExportedPolicy: Sendable {
    public var text: String
    /// What a person has to know; what is not carried over has no counterpart there.
    public var notes: [Note]
}

/// From a policy file to CloudFormation or Terraform.
public enum PolicyExport {
    /// Raw values are the words of the command.
    public enum Target: String, Sendable, CaseIterable {
        case cloudformation
        case terraform
    }

    /// Raw values are the words of the command.
    public enum Syntax: String, Sendable, CaseIterable {
        /// CloudFormation only.
        case yaml
        case json
        /// Terraform only.
        case hcl

        /// Whether the target can be written so.
        public func suits(_ target: Target) -> Bool {
            switch (self, target) {
            case (.json, _), (.yaml, .cloudformation), (.hcl, .terraform): true
            case (.yaml, .terraform), (.hcl, .cloudformation): false
            }
        }
    }

    /// - Parameter syntax: one that suits the target.
    public static func write(_ file: PolicyFile, to target: Target, as syntax: Syntax) -> ExportedPolicy {
        var writer = CloudWriter(file, for: target)
        writer.run()
        let plan = writer.plan
        let text =
            switch target {
            case .cloudformation: CloudFormationText.text(plan, of: file, as: syntax)
            case .terraform: TerraformText.text(plan, of: file, as: syntax)
            }
        return ExportedPolicy(text: text, notes: plan.notes)
    }
}

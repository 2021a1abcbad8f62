import WeirPolicy

// Of which groups there will be policies.

extension ImportRun {
    /// What becomes a policy file.
    enum Subject {
        /// By its place among the groups.
        case awsGroup(Int)
        /// By its place among the documents.
        case scaled(Int)
        /// Only what a worker runs is known.
        case workers(name: String)
    }

    /// A group that was read, with where it stands.
    private struct Candidate {
        var subject: Subject
        /// As it is called there.
        var name: String
        /// `groups.json:14`.
        var place: String
    }

    func subjects() throws(ImportMistake) -> [Subject] {
        let candidates = try candidates()
        if candidates.isEmpty, documents.contains(where: DockerrunImport.isDockerrun) {
            return [.workers(name: options.group ?? "workers")]
        }
        guard !candidates.isEmpty else {
            throw ImportMistake(
                "there is no group among what was read: add what describe-auto-scaling-groups prints, a template with an "
                    + "AWS::AutoScaling::AutoScalingGroup, or a ScaledObject")
        }
        guard let wanted = options.group else { return try apart(candidates) }
        let exact = candidates.filter { $0.name == wanted }
        let found = exact.isEmpty ? candidates.filter { GroupName.text($0.name) == wanted } : exact
        guard !found.isEmpty else {
            let names = candidates.map(\.name).joined(separator: ", ")
            throw ImportMistake("there is no group '\(wanted)'; there are: \(names)")
        }
        return try apart(found)
    }

    private func candidates() throws(ImportMistake) -> [Candidate] {
        let groups = try stock(Ledger())[.group].enumerated().map { index, group in
            Candidate(
                subject: .awsGroup(index), name: group.name,
                place: "\(group.item.document.file):\(group.item.node.line)")
        }
        let scaled = documents.enumerated().filter { KEDAImport.isScaled($1) }.map { index, document in
            Candidate(
                subject: .scaled(index), name: KEDAImport.name(of: document),
                place: "\(document.file):\(document.root.line)")
        }
        return groups + scaled
    }

    /// - Throws: when two of them would have one name here, and so one file.
    private func apart(_ candidates: [Candidate]) throws(ImportMistake) -> [Subject] {
        for (index, later) in candidates.enumerated() {
            let name = GroupName.text(later.name)
            guard let earlier = candidates[..<index].first(where: { GroupName.text($0.name) == name }) else { continue }
            let fix =
                earlier.name == later.name
                ? "give one of them another name, or import their files one by one"
                : "name one with --group \(earlier.name) or --group \(later.name), and give the other another name"
            throw ImportMistake(
                "two groups would be called '\(name)': '\(earlier.name)' at \(earlier.place) and '\(later.name)' at "
                    + "\(later.place); \(fix)")
        }
        return candidates.map(\.subject)
    }

    /// - Throws: when a parameter that was given is none of any template that was read.
    func checkParameters() throws(ImportMistake) {
        let templates = documents.filter(AWSStock.isTemplate)
        let written = templates.flatMap { $0.root["Parameters"]?.entries ?? [] }.map(\.key)
        let known = templates.isEmpty ? [] : written + Resolver.pseudoParameters
        for name in options.parameters.keys.sorted() where !known.contains(name) {
            let nearest = NearestWord.to(name, among: known).map { "did you mean '\($0)'?" }
            let expected = known.isEmpty ? "no template was read" : "there are: \(known.joined(separator: ", "))"
            throw ImportMistake("no template has a parameter '\(name)': \(nearest ?? expected)")
        }
        for parameter in templates.flatMap({ $0.root["Parameters"]?.entries ?? [] }) {
            let allowed = (parameter.value["AllowedValues"]?.items ?? []).compactMap(\.scalarText)
            guard let text = options.parameters[parameter.key], !allowed.isEmpty else { continue }
            let isList = Self.isList(parameter.value["Type"]?.scalarText ?? "")
            let values = isList ? Resolver.members(of: text) : [text]
            guard let value = values.first(where: { !allowed.contains($0) }) else { continue }
            throw ImportMistake(
                "the parameter '\(parameter.key)' cannot \(isList ? "hold" : "be") '\(value)': the template allows "
                    + allowed.joined(separator: ", "))
        }
    }

    /// Source: CloudFormation, "Parameters": `CommaDelimitedList`, `List<Number>`, `List<AWS::EC2::Subnet::Id>`.
    private static func isList(_ type: String) -> Bool { type == "CommaDelimitedList" || type.hasPrefix("List<") }
}

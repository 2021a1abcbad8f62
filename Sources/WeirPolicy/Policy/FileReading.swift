/// One file on its way.
struct FileReading {
    var findings: Findings
    var document: PolicyDocument?

    init(findings: Findings, document: PolicyDocument? = nil) {
        self.findings = findings
        self.document = document
    }

    var groupName: String? { isFleet ? nil : document?.root.options.text("group") }
    /// Of the fleet that the file declares.
    var fleetName: String? { isFleet ? document?.root.options.text("fleet") : nil }
    var fleetLimit: Int? { isFleet ? document?.root.options.integer("max_size") : nil }
    /// Of the fleet that the file's group joins.
    var joinedFleet: SectionValues? { isFleet ? nil : document?.root.child("fleet") }

    private var isFleet: Bool { document?.declaresFleet ?? false }

    /// Names of groups are unique, and so are those of fleets; also when the files have other mistakes.
    mutating func refuseNames(of others: [FileReading]) {
        refuse("group", named: groupName, others.first { $0.groupName == groupName })
        refuse("fleet", named: fleetName, others.first { $0.fleetName == fleetName })
    }

    private mutating func refuse(_ kind: String, named name: String?, _ first: FileReading?) {
        guard let name, let first, let document else { return }
        let line = first.document?.root.place(of: kind).line ?? 1
        findings.error(
            "there is another \(kind) '\(name)'", at: document.root.place(of: kind),
            hint: "first in \(first.findings.source.path):\(line)")
    }
}

/// One import: what was read, sorted by what it is.
struct ImportRun {
    let documents: [Document]
    let options: ImportOptions

    func policies() throws(ImportMistake) -> [ImportedPolicy] {
        try checkParameters()
        var policies: [ImportedPolicy] = []
        for subject in try subjects() { policies.append(try policy(of: subject)) }
        return policies
    }

    // MARK: One policy

    private func policy(of subject: Subject) throws(ImportMistake) -> ImportedPolicy {
        let ledger = Ledger()
        let stock = try stock(ledger)
        var draft: PolicyDraft
        var notes: [Note] = []
        var workers: ImportedWorkers?
        switch subject {
        case .awsGroup(let index):
            var imported = AWSImport(stock, group: stock[.group][index], options: options)
            imported.run()
            (draft, notes) = (imported.draft, imported.notes)
        case .scaled(let index):
            let root = item(documents[index], ledger)
            var imported = KEDAImport(root)
            try imported.run()
            (draft, notes) = (imported.draft, imported.notes)
            workers = pods(of: root, ledger)
        case .workers(let name):
            draft = PolicyDraft(group: .init("group", text: GroupName.text(name)))
            draft.sizes = DockerrunImport.usualSizes
            draft.queue = [.init("embedded", text: draft.groupName, remark: "FILL IN: where work waits")]
            let why =
                "a Dockerrun file does not say where work waits, nor when to scale: add 'alarms' and 'scaling_policies'"
            notes.append(Note(.fillIn, path: "queue", why: why))
        }
        for document in documents where DockerrunImport.isDockerrun(document) {
            workers = try DockerrunImport.workers(item(document, ledger))
            notes.append(
                Note(
                    .changed, file: document.file, path: "workers",
                    why:
                        "Elastic Beanstalk posts each message to the container; with weir the worker receives them itself"
                ))
        }
        settleOthers(but: subject, ledger)
        write(workers, to: &draft, &notes)
        let all = notes + ledger.notes(of: documents)
        return ImportedPolicy(
            group: draft.groupName, text: draft.text(head: head(all)), notes: all,
            accounts: ledger.account(of: documents))
    }

    private func write(_ workers: ImportedWorkers?, to draft: inout PolicyDraft, _ notes: inout [Note]) {
        var docker = workers?.docker ?? []
        if docker.isEmpty {
            notes.insert(
                Note(
                    .fillIn, path: "workers",
                    why: "nothing that was read says what a worker runs: an image, or a process"),
                at: 0)
            docker = [.init("image", "fill-in/worker:latest", remark: "FILL IN: what a worker runs")]
        }
        draft.workers = [.init("docker", section: docker)] + draft.workers + (workers?.workers ?? [])
    }

    /// The pods that a ScaledJob brings along, or those of the Deployment that a ScaledObject names.
    private func pods(of root: Item, _ ledger: Ledger) -> ImportedWorkers? {
        let spec = root["spec"]
        if let job = spec?["jobTargetRef"] {
            for key in [
                "parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished",
            ] {
                job[key]?.lost("a job that ends is an instance that ends: weir launches another while work waits")
            }
            return job["template"].flatMap(PodFields.workers)
        }
        let reference = spec?["scaleTargetRef"]
        let name = reference?["name"]?.plain
        reference?.settle(.notNeeded("the group launches its own instances"))
        for document in documents where PodFields.isWorkload(document) {
            let workload = item(document, ledger)
            guard KEDAImport.name(of: document) == name, let spec = workload["spec"] else { continue }
            for key in ["apiVersion", "kind", "metadata", "status"] {
                workload[key]?.settle(.notNeeded("about the object, and not about the worker"))
            }
            spec["selector"]?.settle(.notNeeded("about the object, and not about the worker"))
            spec["replicas"]?.settle(.notNeeded("KEDA says how many there are"))
            spec["strategy"]?.settle(.told(.notCarried, "'instance_refresh' says how instances are replaced"))
            return spec["template"].flatMap(PodFields.workers)
        }
        return nil
    }

    // MARK: Documents

    private func item(_ document: Document, _ ledger: Ledger) -> Item {
        Item(node: document.root, document: document, ledger: ledger)
    }

    /// - Throws: when a document is nothing that is known.
    func stock(_ ledger: Ledger) throws(ImportMistake) -> AWSStock {
        var stock = AWSStock(ledger: ledger)
        for document in documents {
            if DockerrunImport.isDockerrun(document) || KEDAImport.isManifest(document) { continue }
            if AWSStock.isTemplate(document) {
                stock.take(template: document, parameters: options.parameters)
                continue
            }
            guard stock.take(document) else {
                throw ImportMistake(
                    "\(document.file):\(document.root.line) is nothing that weir can import: \(Self.expected)")
            }
        }
        return stock
    }

    private static let expected =
        "expected what AWS prints as JSON, a CloudFormation template, a ScaledObject or ScaledJob of KEDA, or a "
        + "Dockerrun.aws.json"

    private func settleOthers(but subject: Subject, _ ledger: Ledger) {
        for (index, document) in documents.enumerated() {
            let root = item(document, ledger)
            if KEDAImport.isBeside(document) {
                root.lostWhole("weir has credentials of its own: see the page of the source")
            } else if KEDAImport.isScaled(document) {
                if case .scaled(index) = subject { continue }
                root.notNeededWhole(
                    "another group: import it with --group \(GroupName.text(KEDAImport.name(of: document)))")
            } else if PodFields.isWorkload(document) {
                if isLaunched(document, by: subject) { continue }
                root.settle(.notNeeded("no group that is imported launches it"))
            } else if KEDAImport.isManifest(document) {
                let kind = document.root["kind"]?.scalarText ?? ""
                root.lostWhole("\(kind) has no counterpart: weir has groups, and what their instances run")
            } else if case .scaled = subject, !DockerrunImport.isDockerrun(document) {
                root.notNeededWhole("another group")
            }
        }
    }

    private func isLaunched(_ workload: Document, by subject: Subject) -> Bool {
        guard case .scaled(let index) = subject else { return false }
        let target = documents[index].root["spec"]?["scaleTargetRef"]?["name"]?.scalarText
        return target == KEDAImport.name(of: workload)
    }

    // MARK: The head of the file

    private func head(_ notes: [Note]) -> [String] {
        var files: [String] = []
        for document in documents where !files.contains(document.file) { files.append(document.file) }
        var lines = ["Made by weir import from \(files.joined(separator: ", "))."]
        for (kind, title) in [
            (Note.Kind.fillIn, "To fill in:"), (.changed, "Carried over in another form:"),
            (.notCarried, "Not carried over:"),
        ] {
            let found = notes.filter { $0.kind == kind }
            if found.isEmpty { continue }
            lines += ["", title] + found.map { "  \($0.text)" }
        }
        return lines
    }
}

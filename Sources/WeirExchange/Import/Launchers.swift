import WeirPolicy

/// What a worker runs, as sections of the policy file.
struct ImportedWorkers {
    /// Below `docker`.
    var docker: [PolicyDraft.Entry] = []
    /// Beside it.
    var workers: [PolicyDraft.Entry] = []
}

/// Things that Elastic Beanstalk and Kubernetes say alike of a container.
enum ContainerFields {
    static let logging =
        "what a container prints is the engine's, and weir shows the last of it when the container ends"
    static let ports =
        "weir posts nothing to a container: its worker asks for messages itself. With 'network: host' its ports are the machine's"
    static let several = "an instance of weir is one container: run what belongs to it in the same image"

    /// Names with values; a value that looks like a secret is left to weir's own environment.
    /// - Parameters:
    ///   - variables: without a value it is empty.
    ///   - expandsReferences: whether `$(NAME)` stands for the value of a variable there.
    static func environment(
        _ variables: [(name: String, value: Item?)], expandsReferences: Bool = false
    ) -> PolicyDraft.Entry? {
        var entries: [PolicyDraft.Entry] = []
        for variable in variables {
            guard let value = variable.value, !value.isEmpty else {
                variable.value?.carried("workers.docker.environment")
                entries.append(.init(variable.name, text: "", from: variable.value))
                continue
            }
            guard let text = value.text(as: "workers.docker.environment") else { continue }
            if isSecret(variable.name) {
                value.changed(
                    "a secret does not belong into the file: weir's own variable \(variable.name) takes its place")
                entries.append(.init(variable.name, text: "${\(variable.name)}", remark: "a variable of weir"))
                continue
            }
            if text.hasPrefix("file:") {
                value.changed("weir takes it for a reference, and resolves it when the group starts")
            }
            if expandsReferences { tellReferences(in: value) }
            // A plain ${ is written with one more sign.
            let escaped = text.split(separator: "${", omittingEmptySubsequences: false).joined(separator: "$${")
            entries.append(.init(variable.name, text: escaped, from: value))
        }
        return entries.isEmpty ? nil : .init("environment", section: entries)
    }

    static func tellReferences(in item: Item) {
        guard item.plain?.contains("$(") == true else { return }
        item.changed(
            "Kubernetes puts the value of a variable in the place of $(NAME), and weir leaves it as it stands: write the value, "
                + "or have a shell expand it")
    }

    private static func isSecret(_ name: String) -> Bool {
        let words = [
            "PASSWORD", "PASSWD", "SECRET", "TOKEN", "PRIVATE", "CREDENTIAL", "API_KEY", "APIKEY", "ACCESS_KEY",
        ]
        return words.contains { name.uppercased().contains($0) }
    }

    /// The words of a command line, also those that are empty.
    static func list(_ item: Item, as key: String) -> [String] {
        item.node.items.compactMap { Item(node: $0, document: item.document, ledger: item.ledger).text(as: key) }
    }

    /// A command line in words. One with quotes needs a shell to split it.
    /// - Parameter isCommandLine: otherwise it is arguments, which no shell reads.
    static func words(_ item: Item, as key: String, isCommandLine: Bool = true) -> [String] {
        if !item.node.items.isEmpty { return list(item, as: key) }
        guard let text = item.text(as: key) else { return [] }
        guard isCommandLine else {
            if text.contains(where: { "$`|&;<>*".contains($0) }) {
                item.changed(
                    "these are arguments of the entrypoint: no shell reads them, and each stays as it is written")
            }
            return ArgumentWords.words(text)
        }
        if text.contains(where: { "\"'\\$`|&;<>".contains($0) }) {
            item.changed("a line that a shell has to read: it runs in /bin/sh")
            return ["/bin/sh", "-c", text]
        }
        return text.split(whereSeparator: \.isWhitespace).map(String.init)
    }
}

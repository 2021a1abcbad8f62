enum ShownURL {
    /// The text of the policy file, whose references say where a secret is and not what it is, without user, password,
    /// query and fragment, which may have been written down as they are.
    static func text(_ written: String) -> String {
        let plain = written.prefix { $0 != "?" && $0 != "#" }
        let separator = plain.firstRange(of: "://")
        let scheme = separator.map { plain[..<$0.upperBound] } ?? ""
        let rest = plain[scheme.endIndex...]
        let host = rest.prefix { $0 != "/" }
        let user = host.lastIndex(of: "@").map(host.index(after:)) ?? host.startIndex
        return String(scheme + rest[user...])
    }
}

import WeirCore
import WeirPolicy
import WeirRuntime

/// Which policy decides beside which live group.
enum ShadowMatching {
    /// Groups belong together by name; one group and one shadow as they are.
    /// - Throws: `Failure.mistake` with the place of every shadow that has no live group, or that measures something else.
    static func match(_ shadows: [PolicyFile], beside live: [PolicyFile]) throws(Failure) -> [ShadowSpec] {
        var mistakes: [String] = []
        var specs: [ShadowSpec] = []
        let isPair = live.count == 1 && shadows.count == 1
        for shadow in shadows {
            guard let beside = isPair ? live.first : live.first(where: { $0.group.name == shadow.group.name }) else {
                let names = live.map(\.group.name).sorted().joined(separator: ", ")
                mistakes.append(
                    "\(place(of: "group", in: shadow)): error: no group '\(shadow.group.name)' runs for it to decide "
                        + "beside; there are: \(names)")
                continue
            }
            guard "\(shadow.source)" == "\(beside.source)" else {
                mistakes.append(
                    "\(place(of: "queue", in: shadow)): error: a shadow sees what the live group measures, and "
                        + "\(beside.path) measures something else; write the same 'queue' here")
                continue
            }
            specs.append(
                ShadowSpec(
                    group: beside.group.name, policy: shadow.group, path: shadow.path, text: shadow.text,
                    liveText: beside.text, liveConcurrency: beside.group.concurrency))
        }
        guard mistakes.isEmpty else { throw Failure(kind: .mistake, text: mistakes.joined(separator: "\n")) }
        return specs
    }

    /// `file:line:column` of a key at the top of the file.
    private static func place(of key: String, in file: PolicyFile) -> String {
        let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let line = lines.firstIndex(where: { $0.hasPrefix("\(key):") }) else { return file.path }
        return "\(file.path):\(line + 1):1"
    }
}

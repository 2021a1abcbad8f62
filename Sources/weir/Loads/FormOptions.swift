import WeirSimulator

/// Options that are about some forms of traces only.
struct FormOptions {
    struct Option {
        var name: String
        /// What it is about.
        var forms: String
        var isOf: (any JobSource) -> Bool
    }

    /// Those that were named.
    private(set) var named: [Option] = []

    init(metric: String?, period: Duration?) {
        if metric != nil {
            named.append(Option(name: "--metric", forms: "a CloudWatch document") { $0 is MetricTrace })
        }
        if period != nil {
            named.append(
                Option(name: "--period", forms: "a CloudWatch document or a CSV file of counts") { source in
                    source is MetricTrace || (source as? CSVTrace)?.isOfCounts == true
                })
        }
    }

    func first(thatIsOfNoneOf sources: [any JobSource]) -> Option? {
        named.first { !sources.contains(where: $0.isOf) }
    }
}

/// Looks at each of several traces when it is opened, as some can be read only once, for options that are about none of them.
final class FormWatch {
    private var unopened: Int
    /// Those that are about none of the traces that were opened.
    private var idle: [FormOptions.Option]

    init(_ options: FormOptions, traces: Int) {
        unopened = traces
        idle = options.named
    }

    /// - Throws: with the last of them, when an option is about none.
    func opened(_ source: any JobSource, at path: String) throws(TraceFailure) {
        unopened -= 1
        idle.removeAll { $0.isOf(source) }
        guard unopened == 0, let option = idle.first else { return }
        throw TraceFailure(
            path: path, problem: "is the last of the traces, and none is \(option.forms): leave out \(option.name)")
    }
}

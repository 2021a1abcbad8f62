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

import ArgumentParser
import WeirPolicy
import WeirRuntime

/// How much `weir run` keeps of what it saw and decided.
struct RecordOptions: ParsableArguments {
    @Option(help: "Records are kept for so long: 7d, 12h. 0: nothing is recorded.")
    var recordsAge = RecordsAge(time: RecordBounds().age)

    @Option(help: "Records of a group take so much of the disk at most: 256MB, 1GiB. 0: nothing is recorded.")
    var recordsSize = RecordsSize(bytes: RecordBounds().bytes)

    var bounds: RecordBounds { RecordBounds(age: recordsAge.time, bytes: recordsSize.bytes) }
}

struct RecordsAge: ExpressibleByArgument {
    var time: Duration
    var defaultValueDescription: String { "7d" }

    init(time: Duration) {
        self.time = time
    }

    init?(argument: String) {
        guard let time = argument == "0" ? .zero : Quantity.time(argument) else { return nil }
        self.time = time
    }
}

struct RecordsSize: ExpressibleByArgument {
    var bytes: Int
    var defaultValueDescription: String { "256MB" }

    init(bytes: Int) {
        self.bytes = bytes
    }

    init?(argument: String) {
        guard let bytes = argument == "0" ? 0 : Quantity.bytes(of: argument) else { return nil }
        self.bytes = bytes
    }
}

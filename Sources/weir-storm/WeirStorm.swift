import WeirStorm

@main
struct Main {
    static func main() {
        let seeds = CommandLine.arguments.dropFirst().compactMap { UInt64($0) }
        var hours = 0.0
        for seed in (seeds.first ?? 1)...(seeds.last ?? 20) {
            var options = StormOptions(seed: seed)
            options.keepsStory = seeds.count == 1
            let report = Storm(options).run()
            hours += report.hours
            for violation in report.violations {
                print("seed \(seed) \(violation.checker.rawValue) at \(violation.at / 1000) s: \(violation.text)")
            }
            if seeds.count == 1 { for line in report.story.suffix(60) { print(line) } }
        }
        print("hours \(hours)")
    }
}

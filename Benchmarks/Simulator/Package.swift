// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who builds weir builds this. `scripts/bench simulator` runs it beside its yardsticks.
let package = Package(
    name: "SimulatorBenchmark",
    dependencies: [.package(name: "weir", path: "../..")],
    targets: [
        .executableTarget(
            name: "SimulatorBenchmark",
            dependencies: [
                .product(name: "WeirSimulator", package: "weir"), .product(name: "WeirCore", package: "weir"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")])
    ]
)

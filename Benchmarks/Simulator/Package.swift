// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who builds weir builds this. `scripts/bench simulator` runs it beside its yardsticks.
let package = Package(
    name: "SimulatorBenchmark",
    dependencies: [
        .package(name: "weir", path: "../.."), .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        .executableTarget(
            name: "SimulatorBenchmark",
            dependencies: [
                .product(name: "WeirSimulator", package: "weir"), .product(name: "WeirCore", package: "weir"),
                .product(name: "WeirRuntime", package: "weir"), .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: [
                .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"),
                // The loops of groups are of the package, and no business of others.
                .unsafeFlags(["-package-name", "weir"]),
            ])
    ]
)

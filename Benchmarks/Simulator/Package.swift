// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
]

// A package of its own, so that nobody who builds weir builds this; the rooms are links, so that it reaches what is of the package
// alone, such as the daemon's loop. `scripts/bench simulator` runs it beside its yardsticks.
let package = Package(
    name: "SimulatorBenchmark",
    dependencies: [.package(url: "https://github.com/apple/swift-log", from: "1.16.2")],
    targets: [
        .target(name: "WeirCore", swiftSettings: strict, linkerSettings: [.linkedLibrary("m")]),
        .target(
            name: "WeirRuntime", dependencies: ["WeirCore", .product(name: "Logging", package: "swift-log")],
            swiftSettings: strict),
        .target(name: "WeirSimulator", dependencies: ["WeirCore"], swiftSettings: strict),
        .executableTarget(
            name: "SimulatorBenchmark",
            dependencies: [
                "WeirCore", "WeirRuntime", "WeirSimulator", .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
    ]
)

// swift-tools-version: 6.2
import PackageDescription

/// Strict features that a later language mode makes the rule; switched on now, so that no line has to change then.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

// The rooms and the floors they stand on: docs/architecture.md. A room imports rooms on the floors below, never its
// neighbours, never upwards; Tests/WeirArchitectureTests reads the import lines and holds them to that.
let package = Package(
    name: "weir",
    products: [
        .executable(name: "weir", targets: ["weir"]),
        // For Benchmarks/, which is a package of its own.
        .library(name: "WeirQueue", targets: ["WeirQueue"]),
        .library(name: "WeirCore", targets: ["WeirCore"]),
        .library(name: "WeirSimulator", targets: ["WeirSimulator"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // Ground floor.
        .target(
            name: "WeirCore",
            swiftSettings: strict,
            linkerSettings: [.linkedLibrary("m")]
        ),
        .target(
            name: "WeirSignature",
            dependencies: [.product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict
        ),
        .target(name: "WeirHTTP", dependencies: ["CCurl"], swiftSettings: strict),
        .target(name: "WeirPlot", swiftSettings: strict),

        // Middle floor.
        .target(name: "WeirQueue", dependencies: ["WeirCore", "CSQLite"], swiftSettings: strict),
        .target(
            name: "WeirPolicy",
            dependencies: ["WeirCore", .product(name: "Yams", package: "Yams")],
            swiftSettings: strict
        ),
        .target(
            name: "WeirRuntime",
            dependencies: ["WeirCore", .product(name: "Logging", package: "swift-log")],
            swiftSettings: strict
        ),

        // Upper floor.
        .target(
            name: "WeirBackends",
            dependencies: [
                "WeirCore", "WeirSignature", "WeirHTTP", "WeirQueue", "WeirPolicy", "WeirRuntime",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "WeirAPI",
            dependencies: [
                "WeirCore", "WeirSignature", "WeirQueue", "WeirRuntime",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),

        .target(name: "WeirSimulator", dependencies: ["WeirCore"], swiftSettings: strict),

        .target(
            name: "WeirExchange",
            dependencies: ["WeirCore", "WeirPolicy", .product(name: "Yams", package: "Yams")],
            swiftSettings: strict
        ),

        .target(
            name: "WeirStorm",
            dependencies: ["WeirCore", "WeirRuntime", .product(name: "Logging", package: "swift-log")],
            swiftSettings: strict
        ),

        // Loft.
        .target(
            name: "WeirSearch", dependencies: ["WeirCore", "WeirPolicy", "WeirSimulator"], swiftSettings: strict),
        // Above the simulator, as they are simulated.
        .target(name: "WeirStories", dependencies: ["WeirCore", "WeirPolicy", "WeirSimulator"], swiftSettings: strict),

        // Roof.
        .executableTarget(
            name: "weir",
            dependencies: [
                "WeirCore", "WeirSignature", "WeirHTTP", "WeirQueue", "WeirPolicy", "WeirRuntime", "WeirBackends",
                "WeirAPI", "WeirSimulator", "WeirPlot", "WeirExchange", "WeirStories", "WeirSearch",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),

        .executableTarget(
            name: "weir-storm",
            dependencies: ["WeirStorm", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            swiftSettings: strict
        ),

        // C libraries of the system, as they are.
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),

        .testTarget(name: "WeirArchitectureTests", swiftSettings: strict),
        .testTarget(
            name: "WeirCoreTests", dependencies: ["WeirCore"], resources: [.copy("Fixtures")], swiftSettings: strict),
        .testTarget(name: "WeirSignatureTests", dependencies: ["WeirSignature"], swiftSettings: strict),
        .testTarget(name: "WeirHTTPTests", dependencies: ["WeirHTTP"], swiftSettings: strict),
        .testTarget(name: "WeirPlotTests", dependencies: ["WeirPlot"], swiftSettings: strict),
        .testTarget(
            name: "WeirQueueTests", dependencies: ["WeirQueue"], resources: [.copy("Fixtures")], swiftSettings: strict),
        .testTarget(
            name: "WeirPolicyTests", dependencies: ["WeirPolicy"], resources: [.copy("Fixtures")], swiftSettings: strict
        ),
        .testTarget(
            name: "WeirRuntimeTests",
            dependencies: ["WeirRuntime", .product(name: "Logging", package: "swift-log")],
            resources: [.copy("Fixtures")], swiftSettings: strict
        ),
        .testTarget(
            name: "WeirBackendsTests", dependencies: ["WeirBackends"], resources: [.copy("Fixtures")],
            swiftSettings: strict),
        .testTarget(name: "WeirSimulatorTests", dependencies: ["WeirSimulator", "WeirQueue"], swiftSettings: strict),
        .testTarget(name: "WeirSearchTests", dependencies: ["WeirSearch"], swiftSettings: strict),
        .testTarget(
            name: "WeirExchangeTests", dependencies: ["WeirExchange", "WeirBackends"], resources: [.copy("Fixtures")],
            swiftSettings: strict),
        .testTarget(
            name: "WeirStoriesTests",
            dependencies: ["WeirStories", "WeirPolicy", "WeirBackends", "WeirSimulator"],
            resources: [.copy("Fixtures")], swiftSettings: strict),
        .testTarget(name: "WeirStormTests", dependencies: ["WeirStorm"], swiftSettings: strict),
        .testTarget(
            name: "WeirAPITests", dependencies: ["WeirAPI"], resources: [.copy("Fixtures")], swiftSettings: strict),
        .testTarget(
            name: "WeirCommandTests",
            dependencies: ["weir", "WeirPolicy", "WeirBackends", "WeirSimulator", "WeirStories"], swiftSettings: strict),
    ]
)

// swift-tools-version: 6.2
import PackageDescription

// Programs that libFuzzer feeds: scripts/fuzz builds them, with coverage and the address sanitizer, and runs them. A package of
// its own, so that nobody who builds weir builds this; its sources are weir's own, through links, because coverage has to
// be compiled in. What no target here reaches (the server with SwiftNIO, the verbs) is left out, and swift-crypto
// has a stand-in: both would take minutes to build.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

let package = Package(
    name: "Fuzz",
    dependencies: [
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .executableTarget(
            name: "FuzzPolicies", dependencies: ["WeirPolicy", "WeirBackends"], swiftSettings: strict),
        .executableTarget(
            name: "FuzzRequests",
            dependencies: ["WeirAPI", "WeirCore", "WeirQueue", "WeirRuntime", "WeirSignature", logging],
            swiftSettings: strict),
        .executableTarget(name: "FuzzDocker", dependencies: ["WeirBackends"], swiftSettings: strict),

        .target(name: "Crypto", swiftSettings: strict),
        .target(name: "WeirCore", swiftSettings: strict, linkerSettings: [.linkedLibrary("m")]),
        .target(name: "WeirSignature", dependencies: ["Crypto"], swiftSettings: strict),
        .target(name: "WeirHTTP", dependencies: ["CCurl"], swiftSettings: strict),
        .target(name: "WeirQueue", dependencies: ["WeirCore", "CSQLite"], swiftSettings: strict),
        .target(name: "WeirPolicy", dependencies: ["WeirCore", "Yams"], swiftSettings: strict),
        .target(name: "WeirRuntime", dependencies: ["WeirCore", logging], swiftSettings: strict),
        .target(
            name: "WeirBackends",
            dependencies: [
                "WeirCore", "WeirSignature", "WeirHTTP", "WeirQueue", "WeirPolicy", "WeirRuntime", logging,
            ],
            swiftSettings: strict),
        .target(
            name: "WeirAPI",
            dependencies: ["WeirCore", "WeirSignature", "WeirQueue", "WeirRuntime", "Crypto", logging],
            exclude: ["Server"], swiftSettings: strict),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    ]
)

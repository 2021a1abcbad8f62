// swift-tools-version: 6.2
import PackageDescription

// The rooms of the ground and middle floors and their tests, through links, for scripts/sanitize: a package of its own, so that
// what else weir needs (SwiftNIO, swift-crypto) is not built once more for each sanitizer.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

// With WEIR_SANITIZE=threads only the rooms that have threads are built and tested.
let everything = Context.environment["WEIR_SANITIZE"] != "threads"

let threads: [Target] = [
    .target(name: "WeirCore", swiftSettings: strict, linkerSettings: [.linkedLibrary("m")]),
    .target(name: "WeirHTTP", dependencies: ["CCurl"], swiftSettings: strict),
    .target(name: "WeirQueue", dependencies: ["WeirCore", "CSQLite"], swiftSettings: strict),
    .target(name: "WeirRuntime", dependencies: ["WeirCore", logging], swiftSettings: strict),
    .target(name: "CMutexTelling"),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),

    .testTarget(name: "WeirHTTPTests", dependencies: ["WeirHTTP", "CMutexTelling"], swiftSettings: strict),
    .testTarget(
        name: "WeirQueueTests", dependencies: ["WeirQueue"], resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
        name: "WeirRuntimeTests", dependencies: ["WeirRuntime", logging], resources: [.copy("Fixtures")],
        swiftSettings: strict),
]
let others: [Target] = [
    .target(name: "WeirPolicy", dependencies: ["WeirCore", "Yams"], swiftSettings: strict),
    .testTarget(
        name: "WeirCoreTests", dependencies: ["WeirCore"], resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
        name: "WeirPolicyTests", dependencies: ["WeirPolicy"], resources: [.copy("Fixtures")], swiftSettings: strict),
]

let package = Package(
    name: "Sanitize",
    dependencies: [.package(url: "https://github.com/apple/swift-log", from: "1.16.2")]
        + (everything ? [.package(url: "https://github.com/jpsim/Yams", from: "6.2.2")] : []),
    targets: threads + (everything ? others : [])
)

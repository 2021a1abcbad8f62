// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who builds weir builds this. Run it with:
//
//     swift run -c release --package-path Benchmarks/Queue QueueBenchmark
let package = Package(
    name: "QueueBenchmark",
    dependencies: [.package(name: "weir", path: "../..")],
    targets: [
        .executableTarget(
            name: "QueueBenchmark",
            dependencies: [
                .product(name: "WeirQueue", package: "weir"), .product(name: "WeirCore", package: "weir"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")])
    ]
)

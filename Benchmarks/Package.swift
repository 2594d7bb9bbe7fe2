// swift-tools-version: 6.2
import PackageDescription

// A package of its own: nobody who builds the program waits for it, and it needs no part of the web.

let package = Package(
    name: "hersys-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "hersys", path: ".."),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift.git", exact: "0.2.0"),
    ],
    targets: [
        .executableTarget(
            name: "hersys-benchmark",
            dependencies: [
                .product(name: "HersysParts", package: "hersys"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ],
            swiftSettings: [
                .treatAllWarnings(as: .error),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("InternalImportsByDefault"),
            ]
        )
    ],
    swiftLanguageModes: [.v6]
)

// swift-tools-version: 6.2
import PackageDescription

// A package of its own: nobody who builds the program waits for it, and it needs no part of the web.

let package = Package(
    name: "hersys-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "hersys", path: "..")],
    targets: [
        .executableTarget(
            name: "hersys-benchmark",
            dependencies: [.product(name: "HersysParts", package: "hersys")],
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

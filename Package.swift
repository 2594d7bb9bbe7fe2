// swift-tools-version: 6.2
import PackageDescription

// Rooms from the ground up; an arrow only ever points down. docs/architecture.md draws the plan.

let settings: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// Tests reach into many rooms at once: what each file imports proves nothing there.
let testSettings: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
]

let package = Package(
    name: "hersys",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "hersys", targets: ["hersys"]),
        .library(
            name: "HersysParts",
            targets: [
                "Catalogue", "Access", "Outreach", "Storage", "StorageSQLite", "StoragePostgreSQL", "Casework",
                "Demonstration",
            ]
        ),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", exact: "2.28.1"),
        .package(url: "https://github.com/groue/GRDB.swift.git", exact: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration.git", exact: "1.4.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-system.git", exact: "1.8.1"),
        .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", exact: "2.37.6"),
        .package(url: "https://github.com/swift-server/async-http-client.git", exact: "1.37.0"),
    ],
    targets: [
        .target(name: "Catalogue", swiftSettings: settings),
        .target(name: "Access", dependencies: ["Catalogue"], swiftSettings: settings),
        .systemLibrary(name: "CQREncode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
        .systemLibrary(name: "CZBar", pkgConfig: "zbar", providers: [.apt(["libzbar-dev"])]),
        .target(name: "Paper", dependencies: ["CQREncode", "CZBar"], swiftSettings: settings),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "Interchange", dependencies: ["Catalogue", "Paper", "CZlib"], swiftSettings: settings),
        .target(
            name: "Outreach",
            dependencies: [
                "Catalogue",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Storage",
            dependencies: [
                "Catalogue", "Access",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "StorageSQLite",
            dependencies: [
                "Storage",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: settings
        ),
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(
            name: "StoragePostgreSQL",
            dependencies: ["Storage", "CLibPQ"],
            swiftSettings: settings
        ),
        .target(
            name: "Casework",
            dependencies: [
                "Catalogue", "Access", "Storage", "Interchange", "Outreach",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ],
            resources: [.embedInCode("Resources/common-passwords.bin")],
            swiftSettings: settings
        ),
        .target(name: "Demonstration", dependencies: ["Catalogue", "Access"], swiftSettings: settings),
        // The manual's pictures, which C takes in as they are: docs/decisions/0024-manual.md.
        .target(name: "CManual", exclude: ["pictures", "pictures.inc"]),
        .target(
            name: "Web",
            dependencies: [
                "Catalogue", "Access", "Interchange", "Outreach", "Storage", "Casework", "Paper", "CManual",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            resources: [.embedInCode("Assets")],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "hersys",
            dependencies: [
                "Catalogue", "Access", "Storage", "StorageSQLite", "StoragePostgreSQL", "Casework", "Demonstration",
                "Interchange", "Outreach", "Paper", "Web",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "HummingbirdHTTP2", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "TestSupport",
            dependencies: ["Catalogue", "Storage", "StorageSQLite", "StoragePostgreSQL"],
            path: "Tests/TestSupport",
            swiftSettings: testSettings
        ),
        .testTarget(name: "CatalogueTests", dependencies: ["Catalogue"], swiftSettings: testSettings),
        .testTarget(
            name: "AccessTests",
            dependencies: ["Access", "Catalogue"],
            exclude: ["matrix.txt"],
            swiftSettings: testSettings
        ),
        .testTarget(name: "InterchangeTests", dependencies: ["Interchange", "Catalogue"], swiftSettings: testSettings),
        .testTarget(name: "OutreachTests", dependencies: ["Outreach"], swiftSettings: testSettings),
        .testTarget(name: "PaperTests", dependencies: ["Paper"], swiftSettings: testSettings),
        .testTarget(
            name: "StorageTests",
            dependencies: ["Storage", "StorageSQLite", "StoragePostgreSQL", "TestSupport"],
            swiftSettings: testSettings
        ),
        .testTarget(
            name: "CaseworkTests",
            dependencies: [
                "Casework", "Outreach", "Storage", "StorageSQLite", "StoragePostgreSQL", "Demonstration", "TestSupport",
            ],
            swiftSettings: testSettings
        ),
        .testTarget(
            name: "DemonstrationTests",
            dependencies: ["Demonstration", "Catalogue", "Access"],
            swiftSettings: testSettings
        ),
        .testTarget(
            name: "WebTests",
            dependencies: [
                "Web", "Access", "Catalogue", "Casework", "Storage", "StorageSQLite", "StoragePostgreSQL",
                "Demonstration", "Interchange", "Outreach", "Paper",
                "TestSupport",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ],
            swiftSettings: testSettings
        ),
    ],
    swiftLanguageModes: [.v6]
)

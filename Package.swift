// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
]

/// A Debian C library, found through pkg-config.
func library(_ name: String, pkgConfig: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig)
}

func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func suite(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

let package = Package(
    name: "sikimr",
    targets: [
        library("CMicroHTTPD", pkgConfig: "libmicrohttpd"),
        library("CSQLite", pkgConfig: "sqlite3"),
        library("CSodium", pkgConfig: "libsodium"),
        library("CZlib", pkgConfig: "zlib"),
        library("CYAML", pkgConfig: "yaml-0.1"),
        .target(name: "Resources", exclude: ["procedures.json"]),

        room("Domain"),
        room("HTTP"),
        room("HTTPServer", ["HTTP", "CMicroHTTPD", "CZlib"]),
        room("Security", ["CSodium"]),
        room("API", ["Domain", "HTTP", "Security", "Resources", "CYAML"]),
        room("Storage", ["Domain"]),
        room("StorageSQLite", ["Storage", "Domain", "CSQLite"]),
        .executableTarget(
            name: "sikimr",
            dependencies: ["API", "HTTP", "HTTPServer", "StorageSQLite", "Security", "Domain", "Resources"],
            swiftSettings: settings
        ),

        .target(
            name: "TestSupport",
            dependencies: ["API", "Domain", "HTTP", "HTTPServer", "Security", "StorageSQLite", "Resources"],
            path: "Tests/TestSupport",
            swiftSettings: settings
        ),
        suite("DomainTests", ["Domain", "Resources", "TestSupport"]),
        suite("HTTPTests", ["HTTP"]),
        suite("HTTPServerTests", ["HTTPServer", "HTTP"]),
        suite("SecurityTests", ["Security"]),
        suite("StorageTests", ["TestSupport", "Domain", "Storage", "StorageSQLite", "Security"]),
        suite("APITests", ["TestSupport", "API", "Domain", "HTTP", "Security"]),
        suite("ContractTests", ["TestSupport", "API", "Domain", "HTTP", "Resources"]),
    ],
    cLanguageStandard: .gnu2x
)

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
        library("CPango", pkgConfig: "pangocairo"),
        library("CXLSXWriter", pkgConfig: "xlsxwriter"),
        .target(name: "Resources", exclude: ["procedures.json", "monitor", "docs"]),

        room("Domain"),
        room("HTTP"),
        room("HTTPServer", ["HTTP", "CMicroHTTPD", "CZlib"]),
        room("Security", ["CSodium"]),
        room("Documents", ["CPango", "CXLSXWriter"]),
        room("Files", ["Domain", "Security"]),
        room("API", ["Domain", "HTTP", "Files", "Security", "Resources", "Documents", "CYAML"]),
        room("Storage", ["Domain"]),
        room("StorageSQLite", ["Storage", "Domain", "CSQLite"]),
        .executableTarget(
            name: "sikimr",
            dependencies: ["API", "HTTP", "HTTPServer", "StorageSQLite", "Files", "Security", "Domain", "Resources"],
            swiftSettings: settings
        ),

        // Measured by `make bench`, and no part of the product.
        .executableTarget(name: "DueAt", dependencies: ["Domain"], path: "Benchmarks/DueAt", swiftSettings: settings),

        .target(
            name: "TestSupport",
            dependencies: ["API", "Domain", "HTTP", "HTTPServer", "Files", "Security", "StorageSQLite", "Resources"],
            path: "Tests/TestSupport",
            swiftSettings: settings
        ),
        suite("DomainTests", ["Domain", "Resources", "TestSupport"]),
        suite("HTTPTests", ["HTTP"]),
        suite("HTTPServerTests", ["HTTPServer", "HTTP"]),
        suite("SecurityTests", ["Security"]),
        suite("DocumentsTests", ["Documents"]),
        suite("StorageTests", ["TestSupport", "Domain", "Storage", "StorageSQLite", "Security"]),
        suite("FilesTests", ["TestSupport", "Files", "Domain", "Security"]),
        suite("APITests", ["TestSupport", "API", "Domain", "Files", "HTTP", "Security"]),
        suite("ContractTests", ["TestSupport", "API", "Domain", "HTTP", "Resources"]),
    ],
    cLanguageStandard: .gnu2x
)

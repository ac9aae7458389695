import FoundationEssentials
import HTTP
import Resources

/// The pages for people: the leaders' monitor, and the API document in Swagger UI where that is installed.
struct PageRoutes {
    let document: APIDocument
    /// The folder where Swagger UI lies, if it is installed.
    let swaggerUI: String

    var routes: [Route] {
        [
            .open(.get, "/monitor", .getMonitor, produces: [.html], use: getMonitor),
            .open(.get, "/monitor/{file}", .getMonitorFile, produces: [.css, .javascript], use: getMonitorFile),
            .open(.get, "/docs", .getDocs, produces: [.html], use: getDocs),
            .open(.get, "/docs/{file}", .getDocsFile, produces: [.css, .javascript], use: getDocsFile),
        ]
    }

    /// What a page may do: run, show and ask what comes from here, and nothing else; nothing inline.
    private static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; \
        form-action 'none'; frame-ancestors 'none'
        """

    private static let swaggerFiles = ["swagger-ui.css", "swagger-ui-bundle.js"]

    func getMonitor(_ request: Request) async throws -> Response { Self.page(Self.bytes(of: sikimr_monitor_html)) }

    func getMonitorFile(_ request: Request) async throws -> Response {
        switch request.parameters.first {
        case "monitor.css": return Self.file(Self.bytes(of: sikimr_monitor_css), .css)
        case "monitor.js": return Self.file(Self.bytes(of: sikimr_monitor_js), .javascript)
        default: throw Problem(.notFound)
        }
    }

    func getDocs(_ request: Request) async throws -> Response {
        let isInstalled = Self.swaggerFiles.allSatisfy { FileManager.default.fileExists(atPath: "\(swaggerUI)/\($0)") }
        return Self.page(isInstalled ? Self.bytes(of: sikimr_docs_html) : document.html)
    }

    func getDocsFile(_ request: Request) async throws -> Response {
        switch request.parameters.first {
        case "docs.css": return Self.file(Self.bytes(of: sikimr_docs_css), .css)
        case "docs.js": return Self.file(Self.bytes(of: sikimr_docs_js), .javascript)
        case let name?:
            // Only names of the list ever become part of a path.
            guard let name = Self.swaggerFiles.first(where: { $0 == name }),
                let content = FileManager.default.contents(atPath: "\(swaggerUI)/\(name)")
            else { throw Problem(.notFound) }
            return Self.file(Array(content), name.hasSuffix(".css") ? .css : .javascript)
        case nil: throw Problem(.notFound)
        }
    }

    private static func bytes(of resource: sikimr_resource) -> [UInt8] {
        // Safety: the resource is a constant of the program, as long as its count says.
        Array(UnsafeBufferPointer(start: resource.bytes, count: resource.count))
    }

    private static func page(_ bytes: [UInt8]) -> Response {
        let headers: Headers = ["content-type": "text/html; charset=utf-8", "content-security-policy": policy]
        return Response(status: 200, headers: headers, body: .bytes(bytes))
    }

    private static func file(_ bytes: [UInt8], _ type: MediaType) -> Response {
        Response(status: 200, headers: ["content-type": type.rawValue], body: .bytes(bytes))
    }
}

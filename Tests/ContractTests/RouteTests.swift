import API
import Domain
import HTTP
import TestSupport
import Testing

/// The routes of the program and the operations of the document, each held against the other.
@Suite struct RouteTests {
    private static func media(_ type: String) -> String { String(type.prefix { $0 != ";" }) }

    private func pairs(_ body: (Route, Contract.Operation) -> Void) async throws {
        let contract = try #require(Contract.current)
        try await ContractHouse.withHouse { house in
            #expect(house.application.routes.count == contract.operations.count)
            for route in house.application.routes {
                body(route, try #require(contract.operation(route.operation.rawValue), "\(route.operation)"))
            }
        }
    }

    @Test func `both sides have the same operations under the same methods and paths`() async throws {
        let contract = try #require(Contract.current)
        let documented = Set(contract.operations.map { "\($0.method.rawValue) \($0.path) \($0.id)" })
        #expect(documented.count == contract.operations.count)
        #expect(Set(contract.operations.map(\.id)).count == contract.operations.count)
        try await ContractHouse.withHouse { house in
            let routed = house.application.routes.map { "\($0.method.rawValue) \($0.path) \($0.operation.rawValue)" }
            #expect(Set(routed) == documented)
            #expect(routed.count == documented.count)
        }
        #expect(Set(Operation.allCases.map(\.rawValue)) == Set(contract.operations.map(\.id)))
    }

    @Test func `what a route needs is what the document says`() async throws {
        try await pairs { route, operation in
            #expect(route.needs?.rawValue == operation.needs, "\(operation.id)")
        }
    }

    @Test func `both sides take the same query parameters`() async throws {
        try await pairs { route, operation in
            #expect(Set(route.query) == operation.names(in: "query"), "\(operation.id)")
            #expect(Set(route.query).count == route.query.count, "\(operation.id)")
        }
    }

    @Test func `both sides give the same media types`() async throws {
        try await pairs { route, operation in
            let content = operation.success?.value["content"]?.members.map { Self.media($0.name) } ?? []
            // An operation without a body in its answer gives nothing, and is asked for as JSON.
            if content.isEmpty {
                #expect(operation.success?.status == 204, "\(operation.id)")
            } else {
                #expect(Set(content) == Set(route.produces.map(\.rawValue)), "\(operation.id)")
            }
        }
    }

    @Test func `both sides have the same path parameters`() async throws {
        try await pairs { route, operation in
            let inPath = route.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
            #expect(Set(inPath) == operation.names(in: "path"), "\(operation.id)")
            #expect(
                operation.parameters.filter { $0["in"]?.text == "path" }.allSatisfy { $0["required"] == .bool(true) },
                "\(operation.id)"
            )
        }
    }

    @Test func `writes take a dry run, POST a key, changes a version, and single reads a condition`() throws {
        let contract = try #require(Contract.current)
        for operation in contract.operations where operation.path.hasPrefix("/v1/") {
            // Signing in is no write of the caller's, and a calculation changes nothing.
            let isWrite = operation.method != .get && !["createSession", "calculateWorkingTime"].contains(operation.id)
            let headers = operation.names(in: "header")
            #expect(operation.names(in: "query").contains("dry_run") == isWrite, "\(operation.id)")
            #expect(headers.contains("Idempotency-Key") == (isWrite && operation.method == .post), "\(operation.id)")
            // Of what is put or deleted only calendars and topologies have versions. A batch may hold a PATCH.
            let hasVersions = operation.path.hasSuffix("/calendar") || operation.path.hasPrefix("/v1/topologies/")
            let isVersioned = operation.method == .patch || [.put, .delete].contains(operation.method) && hasVersions
            #expect(operation.needsVersion == isVersioned, "\(operation.id)")
            #expect((operation.response(428) != nil) == (isVersioned || operation.id == "runBatch"), "\(operation.id)")
            #expect((operation.response(304) != nil) == headers.contains("If-None-Match"), "\(operation.id)")
        }
    }

    @Test func `every operation lists the answers that any such operation can give`() throws {
        let contract = try #require(Contract.current)
        for operation in contract.operations {
            // Whether the process lives depends on nothing that could be away.
            var statuses: Set<Int> = operation.id == "getLiveness" ? [400, 406, 500] : [400, 406, 500, 503]
            if operation.needs != nil { statuses.formUnion([401, 403, 429]) }
            if operation.path.contains("{") { statuses.insert(404) }
            if !operation.bodies.isEmpty { statuses.formUnion([413, 415, 422]) }
            if operation.needsVersion { statuses.formUnion([412, 428]) }
            #expect(statuses.isSubset(of: operation.responses.map(\.status)), "\(operation.id)")
        }
    }

    @Test func `every body refuses members that it does not name`() throws {
        let contract = try #require(Contract.current)
        for operation in contract.operations {
            for body in operation.bodies where operation.takesJSON || body.type.hasPrefix("multipart/") {
                let schema = contract.follow(body.schema)
                let all = (schema["oneOf"] ?? schema["anyOf"])?.elements.map(contract.follow) ?? [schema]
                #expect(all.allSatisfy { $0["additionalProperties"] == .bool(false) }, "\(operation.id)")
            }
        }
    }

    @Test func `every reference of the document names something, and every part of it is used`() throws {
        let contract = try #require(Contract.current)
        var used: Set<String> = []
        func visit(_ value: JSONValue) {
            if let reference = value["$ref"]?.text {
                used.insert(reference)
                #expect(contract.follow(value) != .null, "\(reference)")
            }
            for member in value.members { visit(member.value) }
            for element in value.elements { visit(element) }
        }
        visit(contract.root)
        for kind in ["schemas", "responses", "parameters", "headers"] {
            for part in contract.root["components"]?[kind]?.members ?? [] {
                #expect(used.contains("#/components/\(kind)/\(part.name)"), "\(kind)/\(part.name)")
            }
        }
    }

    @Test func `the examples of the document fit its schemas`() throws {
        let contract = try #require(Contract.current)
        let validator = SchemaValidator(contract: contract)
        var count = 0
        func check(_ content: JSONValue?, _ label: String) {
            for type in content?.members ?? [] {
                guard let schema = type.value["schema"], let example = type.value["example"] else { continue }
                count += 1
                #expect(validator.faults(of: example, against: schema) == [], "\(label)")
            }
        }
        for operation in contract.operations {
            for body in operation.responses { check(body.value["content"], "\(operation.id) \(body.status)") }
        }
        for path in contract.root["paths"]?.members ?? [] {
            for method in path.value.members { check(method.value["requestBody"]?["content"], "\(method.name) \(path.name)") }
        }
        #expect(count > 100)
    }
}

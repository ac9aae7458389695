import API
import Domain
import HTTP
import TestSupport
import Testing

/// What every operation refuses in the same way, asked of each; the witness holds each problem against the document.
@Suite struct RefusalTests {
    private func eachOperation(_ body: (Contract.Operation, Witness) async throws -> Void) async throws {
        try await ContractHouse.withHouse { house in
            let witness = try Witness(house)
            for operation in witness.contract.operations { try await body(operation, witness) }
        }
    }

    /// Path parameters that have the right form and name nothing.
    private func nothing(_ operation: Contract.Operation, _ contract: Contract) -> [String] {
        let pattern = operation.parameters.first { $0["in"]?.text == "path" }.map {
            contract.follow($0["schema"] ?? .null)["pattern"]?.text ?? ""
        }
        guard
            let prefix = ["usr", "unt", "tok", "con", "wsi", "tkt", "run", "eqp", "top", "svc", "pts", "rcp"].first(where: {
                pattern?.contains("\($0)_") == true
            })
        else {
            return ["nothing", "1"]
        }
        return ["\(prefix)_\(String(repeating: "0", count: 26))"]
    }

    @Test func `without a token every operation but the open ones answers 401`() async throws {
        try await eachOperation { operation, witness in
            guard operation.needs != nil else { return }
            let bare = try await witness.send(operation.id, expecting: 401)
            #expect(bare.string("code") == "unauthenticated")
            let wrong = try await witness.send(operation.id, token: "kimr_s_nonsense", expecting: 401)
            #expect(wrong.headers["www-authenticate"]?.contains("invalid_token") == true)
        }
    }

    @Test func `an unknown query parameter and a repeated one answer 400`() async throws {
        try await eachOperation { operation, witness in
            let unknown = try await witness.send(operation.id, query: "nonsense=1&more", as: .superAdmin, expecting: 400)
            #expect(unknown["errors"]?.elements.compactMap { $0["parameter"]?.text } == ["nonsense", "more"], "\(operation.id)")
            guard let name = operation.names(in: "query").first else { return }
            try await witness.send(operation.id, query: "\(name)=a&\(name)=b", as: .superAdmin, expecting: 400)
        }
    }

    @Test func `a query parameter is taken when it fits its schema and answers 400 when not`() async throws {
        let values = [
            "~nonsense~", "0", "5", "201", "true", "maybe", "draft", "csv", "created_at", "2026-11-21T08:00:00Z", "work-unit", "%20",
            "good",
            "a%01b", "", "high", "network", "complaint", "2026-11-21", "2026-02-30", "2026-11", "2026-13", "0999-01", "pdf", "unit",
            "consultation", "pending",
        ]
        try await ContractHouse.withHouse { house in
            let witness = try Witness(house)
            let validator = SchemaValidator(contract: witness.contract)
            let bodies: [(collection: String, operation: String, role: Role, body: String)] = [
                ("consultations", "createConsultation", .workUnit, #"{"subject":"Soal","detail":"x"}"#),
                ("workspace-items", "createWorkspaceItem", .taskGiver, #"{"title":"Tugas","description":"x"}"#),
                ("tickets", "createTicket", .workUnit, #"{"kind":"complaint","problem":"x"}"#),
                ("procedure-runs", "createProcedureRun", .ictOfficer, try AnswerTests.assessment(in: house)),
                ("service-complaints", "createServiceComplaint", .workUnit, #"{"kind":"complaint","subject":"Soal","detail":"x"}"#),
                ("topologies", "createTopology", .ictManager, #"{"name":"x","nodes":[],"links":[]}"#),
                ("recaps", "createRecap", .superAdmin, #"{"kind":"workspace","period":"2026-11"}"#),
            ]
            var ids = ["users": try house.person(.consultationOfficer).user.id.text]
            for (collection, operation, role, body) in bodies {
                ids[collection] = try await witness.send(operation, as: role, body: body, expecting: 201).string("id")
            }
            for operation in witness.contract.operations where operation.method == .get {
                let id = ids.first { operation.path.hasPrefix("/v1/\($0.key)/") }?.value ?? "x"
                // Whether a cursor is good depends on more than its form.
                for parameter in operation.parameters where parameter["in"]?.text == "query" && parameter["name"]?.text != "cursor" {
                    let name = try #require(parameter["name"]?.text)
                    let schema = parameter["schema"] ?? .null
                    for value in values {
                        let text = value.replacing("%20", with: " ").replacing("%01", with: "\u{1}")
                        // A list is sent as its elements between commas.
                        let list = JSONValue.array([.string(text)])
                        let readings = [.string(text), list] + ((try? JSONReader.parse(Array(text.utf8))).map { [$0] } ?? [])
                        let fits = readings.contains { validator.faults(of: $0, against: schema).isEmpty }
                        let needsWords = operation.id == "search" && name != "q"
                        let query = "\(name)=\(value)" + (needsWords ? "&q=rumah" : "")
                        let place = operation.path.contains("/procedures/{code}") ? "consultation" : id
                        let answer = try await witness.send(operation.id, [place], query: query, as: .superAdmin)
                        #expect(answer.status == (fits ? 200 : 400), "\(operation.id) \(name)=\(value): \(answer.text)")
                    }
                }
            }
        }
    }

    @Test func `dry_run is true or false`() async throws {
        try await ContractHouse.withHouse { house in
            let witness = try Witness(house)
            let body = #"{"code":"DRY","name":"Coba","kind":"satker"}"#
            try await witness.send("createUnit", query: "dry_run=maybe", as: .superAdmin, body: body, expecting: 400)
            try await witness.send("createUnit", query: "dry_run=true", as: .superAdmin, body: body, expecting: 201)
            try await witness.send("createUnit", query: "dry_run=false", as: .superAdmin, body: body, expecting: 201)
            try await witness.send("createUnit", query: "dry_run=true", as: .superAdmin, body: body, expecting: 409)
        }
    }

    @Test func `an Accept that names nothing on offer answers 406`() async throws {
        try await eachOperation { operation, witness in
            try await witness.send(operation.id, as: .superAdmin, headers: [("accept", "audio/ogg")], expecting: 406)
        }
    }

    @Test func `a body of another type answers 415, one that is no JSON 400, one with unknown members 422`() async throws {
        try await eachOperation { operation, witness in
            guard operation.takesJSON else { return }
            let parameters = nothing(operation, witness.contract)
            let always = operation.needsVersion ? [("if-match", "*")] : []
            try await witness.send(
                operation.id,
                parameters,
                as: .superAdmin,
                body: "x",
                headers: always + [("content-type", "text/plain")],
                expecting: 415
            )
            try await witness.send(operation.id, parameters, as: .superAdmin, body: "{\"a\":", headers: always, expecting: 400)
            try await witness.send(operation.id, parameters, as: .superAdmin, body: "[]", headers: always, expecting: 422)
            let unknown = try await witness.send(
                operation.id,
                parameters,
                as: .superAdmin,
                body: #"{"a/b":1,"~":2}"#,
                headers: always,
                expecting: 422
            )
            let pointers = unknown["errors"]?.elements.compactMap { $0["pointer"]?.text } ?? []
            #expect(Set(["/a~1b", "/~0"]).isSubset(of: pointers), "\(operation.id)")
        }
    }

    @Test func `a body without its required members names each of them`() async throws {
        try await eachOperation { operation, witness in
            guard let body = operation.bodies.first, operation.takesJSON else { return }
            let required = witness.contract.follow(body.schema)["required"]?.texts ?? []
            guard !required.isEmpty else { return }
            let headers = operation.needsVersion ? [("if-match", "*")] : []
            let parameters = nothing(operation, witness.contract)
            let answer = try await witness.send(operation.id, parameters, as: .superAdmin, body: "{}", headers: headers, expecting: 422)
            let errors = answer["errors"]?.elements ?? []
            #expect(Set(errors.compactMap { $0["pointer"]?.text }) == Set(required.map { "/\($0)" }), "\(operation.id)")
            #expect(errors.allSatisfy { $0["code"]?.text == "required" }, "\(operation.id)")
        }
    }

    @Test func `a member of another type than its schema answers 422`() async throws {
        try await eachOperation { operation, witness in
            for body in operation.bodies where body.type == "application/json" {
                let headers = operation.needsVersion ? [("if-match", "*")] : []
                for member in witness.contract.follow(body.schema)["properties"]?.members ?? [] {
                    let answer = try await witness.send(
                        operation.id,
                        nothing(operation, witness.contract),
                        as: .superAdmin,
                        body: #"{"\#(member.name)":{"x":[]}}"#,
                        headers: headers,
                        expecting: 422
                    )
                    let pointers = (answer["errors"]?.elements ?? []).compactMap { $0["pointer"]?.text }
                    #expect(
                        pointers.contains { $0 == "/\(member.name)" || $0.hasPrefix("/\(member.name)/") },
                        "\(operation.id) \(member.name)"
                    )
                }
            }
        }
    }

    @Test func `an id that names nothing answers 404`() async throws {
        try await eachOperation { operation, witness in
            guard operation.path.contains("{"), operation.bodies.isEmpty else { return }
            let none = String(repeating: "0", count: 26)
            let ids = ["usr", "unt", "tok", "con", "wsi", "tkt", "eqp", "top", "svc"].map { "\($0)_\(none)" }
            for id in ids + ["KON-2026-999999", "WSP-2026-999999", "TIK-2026-999999", "PLY-2026-999999", "nothing"] {
                let headers = operation.needsVersion ? [("if-match", "*")] : []
                try await witness.send(operation.id, [id, "1"], as: .superAdmin, headers: headers, expecting: 404)
            }
        }
    }

    @Test func `a change of a version without If-Match answers 428`() async throws {
        try await eachOperation { operation, witness in
            guard operation.needsVersion else { return }
            let answer = try await witness.send(
                operation.id,
                nothing(operation, witness.contract),
                as: .superAdmin,
                body: "{}",
                expecting: 428
            )
            #expect(answer.string("code") == "precondition_required")
        }
    }

    @Test func `an Idempotency-Key of another form answers 400`() async throws {
        let body = #"{"code":"KEY","name":"Kunci","kind":"satker"}"#
        try await ContractHouse.withHouse { house in
            let witness = try Witness(house)
            for key in ["a b", "", "é", String(repeating: "k", count: 256)] {
                try await witness.send("createUnit", as: .superAdmin, body: body, headers: [("idempotency-key", key)], expecting: 400)
            }
            let longest = String(repeating: "k", count: 255)
            try await witness.send("createUnit", as: .superAdmin, body: body, headers: [("idempotency-key", longest)], expecting: 201)
        }
    }

    @Test func `a role that the document's permission is not given answers 403`() async throws {
        try await eachOperation { operation, witness in
            guard let needs = operation.needs else { return }
            for role in Role.allCases {
                let me = try await witness.send("getMe", as: role, expecting: 200)
                let mayCall = me["permissions"]?.texts.contains(needs) == true
                guard operation.id != "deleteCurrentSession" else { continue }
                let answer = try await witness.send(operation.id, query: "nonsense", as: role)
                // From outside there is no way into the workspace, nor a word that there is one.
                let refusal = role == .workUnit && needs.hasPrefix("workspace-items:") ? 404 : 403
                #expect(answer.status == (mayCall ? 400 : refusal), "\(operation.id) \(role)")
            }
        }
    }

    @Test func `an unknown path answers 404 and a known one with another method 405`() async throws {
        try await ContractHouse.withHouse { house in
            let witness = try Witness(house)
            let validator = SchemaValidator(contract: witness.contract)
            let problem = witness.contract.schema("Problem")
            for path in ["/", "/v1", "/v2/me", "/v1/users/x/y", "/V1/me"] {
                let answer = await house.send(.get, path, as: .superAdmin)
                #expect(answer.status == 404 && answer.string("code") == "no_such_route", "\(path)")
                #expect(validator.faults(of: answer.json ?? .null, against: problem) == [], "\(path)")
            }
            for (path, operations) in Dictionary(grouping: witness.contract.operations, by: \.path) {
                var allowed = Set(operations.map(\.method.rawValue)).union(["OPTIONS"])
                if allowed.contains("GET") { allowed.insert("HEAD") }
                for method in HTTP.Method.allCases where method != .options && !allowed.contains(method.rawValue) {
                    let answer = await house.send(method, path.replacing("{", with: "").replacing("}", with: ""), as: .superAdmin)
                    // A fixed segment beside a wildcard has the methods of its own path only.
                    #expect(answer.status == 405 && answer.string("code") == "method_not_allowed", "\(method) \(path)")
                    #expect(Set((answer.headers["allow"] ?? "").split(separator: ", ").map(String.init)) == allowed, "\(method) \(path)")
                    #expect(validator.faults(of: answer.json ?? .null, against: problem) == [], "\(method) \(path)")
                }
            }
        }
    }

    @Test func `problems are told in the language of the request`() async throws {
        try await ContractHouse.withHouse { house in
            let indonesian = await house.send(.get, "/v1/me")
            let english = await house.send(.get, "/v1/me", headers: [("accept-language", "en-GB,en;q=0.9")])
            #expect(indonesian.string("title") == "Belum masuk" && indonesian.headers["content-language"] == "id")
            #expect(english.string("title") == "Not signed in" && english.headers["content-language"] == "en")
            #expect(indonesian.string("code") == english.string("code"))
        }
    }
}

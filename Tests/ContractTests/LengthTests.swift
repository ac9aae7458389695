import API
import Domain
import HTTP
import TestSupport
import Testing

/// Texts at, below and above the lengths that the document names for the members of each body.
@Suite struct LengthTests {
    /// A text of so many code points that is good in every other way; none of its letters is composed by normalisation.
    private static func text(_ count: Int, for member: String) -> String {
        if member == "email" { return String(repeating: "a", count: max(0, count - 5)) + "@b.id" }
        let letters = Array("kopi hangat di teras rumah biru 2026 sore é😀")
        return String((0..<count).map { $0 == 0 || $0 == count - 1 ? "x" : letters[($0 * 7) % letters.count] })
    }

    @Test func `a text at a limit is taken and one beyond it refused`() async throws {
        try await ContractHouse.withHouse { house in
            let witness = try Witness(house)
            let calls = try await LengthCall.all(witness) + LengthCall.comments(witness) + LengthCall.pauses(witness)
            let withLengths = witness.contract.operations.filter { operation in
                operation.bodies.contains { !Self.lengths(of: $0.schema, in: witness.contract).isEmpty }
            }
            #expect(Set(withLengths.map(\.id)).subtracting(calls.map(\.operation)) == [])
            for call in calls {
                let operation = try #require(witness.contract.operation(call.operation))
                for body in operation.bodies.prefix(1) {
                    for (member, low, high) in Self.lengths(of: body.schema, in: witness.contract) {
                        try await check(member, low, high, of: call, operation, witness)
                    }
                }
            }
        }
    }

    private func check(
        _ member: String,
        _ low: Int?,
        _ high: Int?,
        of call: LengthCall,
        _ operation: Contract.Operation,
        _ witness: Witness
    )
        async throws
    {
        let hasDryRun = operation.names(in: "query").contains("dry_run")
        var tries: [(count: Int, isRight: Bool)] = []
        if let low { tries += [(low - 1, false), (low, true)] }
        if let high { tries += [(high, true), (high + 1, false)] }
        for (count, isRight) in tries {
            var members = call.members
            members[member] = "\"\(Self.text(count, for: member))\""
            let answer = try await witness.send(
                operation.id,
                call.parameters,
                query: hasDryRun ? "dry_run=true" : "",
                as: call.role,
                body: LengthCall.body(members),
                headers: operation.needsVersion ? [("if-match", "*")] : []
            )
            let label: Comment = "\(operation.id) \(member) of \(count): \(answer.text.prefix(400))"
            let faults = (answer["errors"]?.elements ?? []).filter { $0["pointer"]?.text == "/\(member)" }.compactMap { $0["code"]?.text }
            if isRight {
                // Names and passwords that are long enough may still be wrong.
                let statuses =
                    operation.id == "createSession" ? [401] : member == "current_password" ? [422] : [operation.success?.status ?? 0]
                #expect(statuses.contains(answer.status), label)
                #expect(!faults.contains { ["too_short", "too_long", "bad_format"].contains($0) }, label)
            } else {
                #expect(answer.status == 422, label)
                #expect(!faults.isEmpty && faults.allSatisfy { ["too_short", "too_long", "bad_format"].contains($0) }, label)
            }
        }
    }

    /// The members of a body that have a length, with their limits.
    private static func lengths(of schema: JSONValue, in contract: Contract) -> [(member: String, low: Int?, high: Int?)] {
        (contract.follow(schema)["properties"]?.members ?? []).compactMap { member in
            let choices = member.value["anyOf"]?.elements ?? [member.value]
            let rule = choices.map(contract.follow).first { $0["maxLength"] != nil && $0["format"] == nil }
            guard let rule else { return nil }
            return (member.name, rule["minLength"]?.number, rule["maxLength"]?.number)
        }
    }

    @Test func `a number in a body keeps the limits of the document`() async throws {
        try await ContractHouse.withHouse { house in
            let witness = try Witness(house)
            let rule = try #require(witness.contract.schema("DueAtCalculation")["properties"]?["duration_s"])
            let (low, high) = (try #require(rule["minimum"]?.number), try #require(rule["maximum"]?.number))
            for (number, status) in [(low, 200), (high, 200), (low - 1, 422), (high + 1, 422)] {
                let body = #"{"start":"2026-11-20T08:00:00Z","duration_s":\#(number)}"#
                try await witness.send("calculateWorkingTime", as: .director, body: body, expecting: status)
            }
            let progress = try #require(try await LengthCall.all(witness).first { $0.operation == "progressWorkspaceItem" })
            for (percent, status) in [(0, 200), (100, 200), (-1, 422), (101, 422)] {
                let body = #"{"percent":\#(percent),"note":"x"}"#
                let answer = try await witness.send(
                    progress.operation,
                    progress.parameters,
                    as: progress.role,
                    body: body,
                    expecting: status
                )
                if status == 422 { #expect(answer.string("errors.0.pointer") == "/percent") }
            }
        }
    }

    @Test func `a list in a body keeps the number of elements of the document`() async throws {
        try await ContractHouse.withHouse { house in
            let witness = try Witness(house)
            func create(_ scopes: [String], expecting status: Int) async throws {
                let list = scopes.map { "\"\($0)\"" }.joined(separator: ",")
                try await witness.send(
                    "createToken",
                    query: "dry_run=true",
                    as: .superAdmin,
                    body: #"{"name":"x","scopes":[\#(list)]}"#,
                    expecting: status
                )
            }
            let all = witness.contract.schema("Scope")["enum"]?.texts ?? []
            #expect(witness.contract.schema("NewToken")["properties"]?["scopes"]?["maxItems"]?.number == all.count)
            try await create([], expecting: 422)
            try await create(all, expecting: 201)
            try await create(["read", "read"], expecting: 422)
            try await create(["me:read"], expecting: 422)
            #expect(witness.contract.schema("NewUser")["properties"]?["roles"]?["maxItems"]?.number == Role.allCases.count)
        }
    }

    @Test func `a text is refused for its control characters and for having nothing to see, as its pattern says`() async throws {
        try await ContractHouse.withHouse { house in
            let witness = try Witness(house)
            let properties = witness.contract.schema("NewConsultation")["properties"]
            let texts = [
                "abc", "   ", " abc", "a\tbc", "a\nbc", "a\u{1}bc", "a\u{7F}bc", "a\u{85}bc", "\n\nabc", "é€😀", "\t\n ", "a\u{B}bc",
            ]
            for text in texts {
                for member in ["subject", "detail"] {
                    let pattern = try #require(properties?[member]?["pattern"]?.text)
                    var json = JSONWriter()
                    json.object { json in
                        json.member("subject", member == "subject" ? text : "Soal ini")
                        json.member("detail", member == "detail" ? text : "Isi")
                    }
                    let body = String(decoding: json.finish(), as: UTF8.self)
                    let answer = try await witness.send("createConsultation", query: "dry_run=true", as: .workUnit, body: body)
                    #expect(answer.status == (SchemaValidator.matches(text, pattern) ? 201 : 422), "\(member): \(body)")
                }
            }
        }
    }
}

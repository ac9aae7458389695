import Domain
import TestSupport
import Testing

/// How to call an operation so that nothing but the tried member can be wrong.
struct LengthCall {
    let operation: String
    let role: Role?
    var parameters: [String] = []
    var members: [String: String] = [:]

    static func body(_ members: [String: String]) -> String {
        "{" + members.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
    }

    private static let text = "\"Soal ini\""

    /// One operation after the other, each on an object that is ready for it.
    static func all(_ witness: Witness) async throws -> [LengthCall] {
        let house = witness.house
        let unit = house.office.id.text
        var calls = [
            LengthCall(operation: "createSession", role: nil, members: ["username": text, "password": text]),
            LengthCall(
                operation: "changeMyPassword",
                role: .director,
                members: ["current_password": "\"\(ContractHouse.password)\"", "new_password": "\"gunung biru di ujung jalan\""]
            ),
            LengthCall(operation: "createToken", role: .director, members: ["name": text, "scopes": #"["read"]"#]),
            LengthCall(
                operation: "createUser",
                role: .superAdmin,
                members: ["username": "\"panjang\"", "name": text, "unit_id": "\"\(unit)\"", "roles": #"["director"]"#]
            ),
            LengthCall(operation: "updateUser", role: .superAdmin, parameters: [try house.person(.ictOfficer).user.id.text]),
            LengthCall(operation: "createUnit", role: .superAdmin, members: ["code": "\"PANJANG\"", "name": text, "kind": "\"satker\""]),
            LengthCall(operation: "updateUnit", role: .superAdmin, parameters: [unit]),
        ]
        calls += try await registers(witness)
        for way in try Way.all(in: house) { calls += try await way.calls(witness) }
        return calls + (try await runs(witness)) + (try await points(witness))
    }

    /// The way of one kind of case, with what is tried at each of its stages.
    private struct Way {
        let noun: String
        let creator: Role
        let members: [String: String]
        let steps: [(event: String, role: Role)]
        /// What is tried once so many steps are taken.
        let tries: [Int: [(event: String, role: Role)]]
        let required: [String: [String: String]]

        func calls(_ witness: Witness) async throws -> [LengthCall] {
            var calls = [LengthCall(operation: "create\(noun)", role: creator, members: members)]
            for taken in tries.keys.sorted() {
                let made = try await witness.send("create\(noun)", as: creator, body: LengthCall.body(members), expecting: 201)
                let id = made.string("id")
                for (event, role) in steps.prefix(taken) {
                    let body = LengthCall.body(required[event] ?? [:])
                    try await witness.send("\(event)\(noun)", [id], as: role, body: body, expecting: 200)
                }
                for (event, role) in tries[taken] ?? [] {
                    calls.append(LengthCall(operation: "\(event)\(noun)", role: role, parameters: [id], members: required[event] ?? [:]))
                }
            }
            return calls
        }

        static func all(in house: ContractHouse) throws -> [Way] {
            func officer(_ role: Role) throws -> [String: String] { ["officer_id": "\"\(try house.person(role).user.id.text)\""] }
            let reason = ["reason": "\"x\""]
            let consultant = try officer(.consultationOfficer)
            return [
                Way(
                    noun: "Consultation",
                    creator: .workUnit,
                    members: ["subject": text, "detail": text],
                    steps: [
                        ("submit", .workUnit), ("assign", .superAdmin), ("propose", .consultationOfficer), ("approve", .subdirectorateHead),
                        ("deliver", .consultationOfficer),
                    ],
                    tries: [
                        0: [("update", .workUnit), ("withdraw", .workUnit)], 1: [("assign", .superAdmin)],
                        2: [("propose", .consultationOfficer), ("reassign", .superAdmin)],
                        3: [("return", .subdirectorateHead), ("approve", .subdirectorateHead)], 4: [("deliver", .consultationOfficer)],
                        5: [("acknowledge", .workUnit)],
                    ],
                    required: [
                        "assign": consultant, "reassign": consultant.merging(reason) { $1 }, "propose": ["answer": "\"x\""],
                        "return": reason,
                        "withdraw": reason,
                    ]
                ),
                Way(
                    noun: "WorkspaceItem",
                    creator: .taskGiver,
                    members: ["title": text, "description": text].merging(try officer(.assignedOfficer)) { $1 },
                    steps: [("submit", .taskGiver), ("receive", .assignedOfficer), ("approve", .superAdmin), ("acknowledge", .taskGiver)],
                    tries: [
                        0: [("update", .taskGiver), ("cancel", .taskGiver)],
                        1: [("update", .assignedOfficer), ("receive", .assignedOfficer)],
                        2: [("return", .superAdmin)],
                        4: [("progress", .assignedOfficer), ("complete", .assignedOfficer)],
                    ],
                    required: [
                        "cancel": reason, "return": reason, "progress": ["percent": "1", "note": "\"x\""], "complete": ["result": "\"x\""],
                    ]
                ),
                Way(
                    noun: "Ticket",
                    creator: .workUnit,
                    members: ["kind": "\"complaint\"", "problem": text],
                    steps: [
                        ("submit", .workUnit), ("dispatch", .ictManager), ("start", .ictOfficer), ("followUp", .ictOfficer),
                        ("solved", .workUnit), ("report", .ictOfficer),
                    ],
                    tries: [
                        0: [("update", .workUnit), ("cancel", .workUnit)], 1: [("dispatch", .ictManager)], 2: [("start", .ictOfficer)],
                        3: [("followUp", .ictOfficer)], 4: [("notSolved", .workUnit), ("solved", .workUnit)], 5: [("report", .ictOfficer)],
                        6: [("close", .ictManager)],
                    ],
                    required: [
                        "dispatch": try officer(.ictOfficer), "followUp": ["result": "\"x\""], "notSolved": reason,
                        "report": ["summary": "\"x\""], "cancel": reason,
                    ]
                ),
                Way(
                    noun: "ServiceComplaint",
                    creator: .workUnit,
                    members: ["kind": "\"complaint\"", "subject": text, "detail": text],
                    steps: [("submit", .workUnit), ("approveDirect", .director), ("schedule", .ictOfficer)],
                    tries: [
                        0: [("update", .workUnit), ("withdraw", .workUnit)],
                        1: [("approveDirect", .director), ("forward", .director), ("reject", .director)],
                        2: [("schedule", .workUnit)], 3: [("settle", .ictOfficer)],
                    ],
                    required: [
                        "approveDirect": try officer(.ictOfficer), "forward": try officer(.ictOfficer), "reject": reason,
                        "withdraw": reason, "schedule": ["meeting_date": "\"2026-12-03\"", "meeting_place": "\"x\""],
                        "settle": ["result": "\"x\""],
                    ]
                ),
                Way(
                    noun: "Ticket",
                    creator: .taskGiver,
                    members: ["kind": "\"service_request\"", "problem": text],
                    steps: [
                        ("submit", .taskGiver), ("register", .ictOfficer), ("dispose", .ictManager), ("examine", .ictOfficer),
                        ("classify", .ictOfficer), ("verify", .ictManager), ("prioritise", .ictManager), ("consider", .subdirectorateHead),
                        ("approve", .director), ("assign", .ictManager),
                    ],
                    tries: [
                        2: [("dispose", .ictManager)], 3: [("examine", .ictOfficer)], 5: [("verify", .ictManager)],
                        6: [("prioritise", .ictManager)], 7: [("consider", .subdirectorateHead)], 8: [("reject", .director)],
                        10: [("handle", .ictOfficer)],
                    ],
                    required: [
                        "dispose": ["instruction": "\"x\""], "examine": ["findings": "\"x\""], "classify": ["category": "\"software\""],
                        "prioritise": ["urgency": "\"high\"", "priority": "\"high\""], "consider": ["recommendation": "\"x\""],
                        "reject": reason, "assign": try officer(.ictOfficer), "handle": ["result": "\"x\""],
                    ]
                ),
            ]
        }
    }
}

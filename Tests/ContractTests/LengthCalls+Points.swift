import Domain
import TestSupport
import Testing

extension LengthCall {
    /// The operations on points, each on an entry that is ready for it.
    static func points(_ witness: Witness) async throws -> [LengthCall] {
        let user = "\"\(try witness.house.person(.consultationOfficer).user.id.text)\""
        let reason = ["reason": "\"x\""]
        let entry = ["user_id": user, "points": "1"].merging(reason) { $1 }
        var ids: [String] = []
        for _ in 0..<3 {
            ids.append(try await witness.send("createPerformancePoint", as: .superAdmin, body: body(entry), expecting: 201).string("id"))
        }
        try await witness.send("objectPerformancePoint", [ids[1]], as: .consultationOfficer, body: body(reason), expecting: 200)
        return [
            LengthCall(operation: "createPerformancePoint", role: .superAdmin, members: entry),
            LengthCall(operation: "objectPerformancePoint", role: .consultationOfficer, parameters: [ids[0]], members: reason),
            LengthCall(operation: "upholdPerformancePoint", role: .superAdmin, parameters: [ids[1]], members: reason),
            LengthCall(operation: "reversePerformancePoint", role: .superAdmin, parameters: [ids[2]], members: reason),
        ]
    }
}

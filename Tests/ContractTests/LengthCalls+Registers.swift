import Domain
import TestSupport
import Testing

extension LengthCall {
    /// The operations on the registers, each ready to be called.
    static func registers(_ witness: Witness) async throws -> [LengthCall] {
        let unit = "\"\(witness.house.office.id.text)\""
        let equipment = ["kind": "\"ups\"", "brand": "\"APC\"", "serial": "\"1\"", "unit_id": unit]
        let made = try await witness.send("createEquipment", as: .ictManager, body: body(equipment), expecting: 201).string("id")
        let graph = ["name": "\"Jaringan\"", "nodes": "[]", "links": "[]"]
        let drawn = try await witness.send("createTopology", as: .ictManager, body: body(graph), expecting: 201).string("id")
        return [
            LengthCall(
                operation: "createEquipment",
                role: .ictManager,
                members: equipment.merging(["brand": "\"MikroTik\""]) { $1 }
            ),
            LengthCall(operation: "updateEquipment", role: .ictManager, parameters: [made]),
            LengthCall(operation: "createTopology", role: .ictManager, members: graph),
            LengthCall(operation: "replaceTopology", role: .ictManager, parameters: [drawn], members: graph),
        ]
    }
}

import Domain
import HTTP
import TestSupport
import Testing

/// Who may do what to the registers: the ICT desk keeps them, the directorate reads them, a unit reads of its own equipment.
///
/// The columns are those of `TicketMatrix`; `{equipment}` is in the unit of the complainant.
enum RegisterMatrix {
    /// What the places of the rows stand for.
    static func places(_ cast: CaseCast, in house: APIHouse) async throws -> [String: String] {
        let unit = cast.unit.id.text
        let body = #"{"kind":"network","brand":"MikroTik","serial":"A","unit_id":"\#(unit)"}"#
        let equipment = try await house.send(.post, "/v1/equipment", body, as: cast.manager)
        let topology = try await house.send(.post, "/v1/topologies", graph, as: cast.manager)
        var places = [
            "{unit}": unit, "{equipment}": try #require(equipment.text("id")), "{topology}": try #require(topology.text("id")),
            "{technician}": cast.technician.id,
        ]
        let file = try await house.attach(
            "%PDF-1",
            as: "a.pdf",
            "application/pdf",
            to: "/v1/topologies/\(places["{topology}"] ?? "")",
            by: cast.manager
        )
        places["{drawing}"] = file.text("id")
        let moves: [(place: String, event: String, body: String, person: APIHouse.Person)] = [
            ("{submitted}", "submit", "{}", cast.complainant),
            ("{direct}", "approve-direct", #"{"officer_id":"\#(cast.technician.id)"}"#, cast.director),
            ("{scheduled}", "schedule", meeting, cast.complainant),
        ]
        for taken in 0...moves.count {
            let made = try await house.send(.post, "/v1/service-complaints", complaint, as: cast.complainant)
            let id = try #require(made.text("id"))
            for move in moves.prefix(taken) {
                let moved = try await house.send(.post, "/v1/service-complaints/\(id)/\(move.event)", move.body, as: move.person)
                try #require(moved.status == 200, "\(moved.text)")
            }
            places[taken == 0 ? "{draft}" : moves[taken - 1].place] = id
        }
        let target = #"{"type":"caused_by","target":"\#(places["{draft}"] ?? "")"}"#
        let link = try await house.send(.post, "/v1/service-complaints/\(places["{direct}"] ?? "")/links", target, as: cast.admin)
        places["{link}"] = link.text("id")
        return places
    }

    private static let complaint = #"{"kind":"complaint","subject":"Late","detail":"x"}"#
    private static let meeting = #"{"meeting_date":"2026-12-03","meeting_place":"x"}"#
    private static let officer = #"{"officer_id":"{technician}"}"#
    private static let reason = #"{"reason":"x"}"#
    private static let service = "/v1/service-complaints"
    private static let everyone = [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]
    private static let seenBefore = [401, 200, 200, 404, 404, 404, 200, 200, 404, 404, 404, 404, 404]
    private static let seenAfter = [401, 200, 200, 404, 404, 404, 200, 200, 404, 404, 404, 200, 404]
    private static let onlyComplainant = [401, 403, 200, 404, 404, 404, 403, 403, 404, 404, 404, 404, 404]
    private static let onlyDirector = [401, 403, 403, 404, 404, 404, 403, 200, 404, 404, 404, 404, 404]
    private static let directorate = [401, 200, 403, 403, 403, 200, 200, 200, 200, 200, 200, 200, 200]
    private static let seenByDirectorate = directorate.map { $0 == 403 ? 404 : $0 }
    private static let graph = #"{"name":"x","nodes":[],"links":[]}"#
    private static let seenByUnit = [401, 200, 200, 200, 404, 200, 200, 200, 200, 200, 200, 200, 200]

    /// Columns: nobody, super-admin, complainant, colleague, stranger, consultation-officer, head, director, task-giver, assigned-officer,
    /// ict-manager, technician, other technician.
    static let rows: [PrivilegeMatrix.Row] = [
        .init("listEquipment", .get, "/v1/equipment", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
        .init("getEquipment", .get, "/v1/equipment/{equipment}", seenByUnit),
        .init(
            "createEquipment",
            .post,
            "/v1/equipment",
            #"{"kind":"ups","brand":"APC","serial":"1","unit_id":"{unit}"}"#,
            [401, 201, 403, 403, 403, 403, 403, 403, 403, 403, 201, 403, 403]
        ),
        .init(
            "updateEquipment",
            .patch,
            "/v1/equipment/{equipment}",
            #"{"place":"Lobby"}"#,
            [401, 200, 403, 403, 403, 403, 403, 403, 403, 403, 200, 403, 403]
        ),
        .init(
            "updateEquipment of its condition",
            .patch,
            "/v1/equipment/{equipment}",
            #"{"condition":"poor"}"#,
            [401, 200, 403, 403, 403, 403, 403, 403, 403, 403, 200, 200, 200]
        ),

        .init("listTopologies", .get, "/v1/topologies", directorate),
        .init("getTopology", .get, "/v1/topologies/{topology}", directorate),
        .init("listTopologyVersions", .get, "/v1/topologies/{topology}/versions", directorate),
        .init("getTopologyVersion", .get, "/v1/topologies/{topology}/versions/1", directorate),
        .init(
            "createTopology",
            .post,
            "/v1/topologies",
            graph,
            [401, 201, 403, 403, 403, 403, 403, 403, 403, 403, 201, 201, 201]
        ),
        .init(
            "replaceTopology",
            .put,
            "/v1/topologies/{topology}",
            graph,
            [401, 200, 403, 403, 403, 403, 403, 403, 403, 403, 200, 200, 200]
        ),

        .init("listTopologyAttachments", .get, "/v1/topologies/{topology}/attachments", directorate),
        // Whoever may attach is told that JSON without a name is no file.
        .init(
            "createTopologyAttachment",
            .post,
            "/v1/topologies/{topology}/attachments",
            "{}",
            [401, 422, 403, 403, 403, 403, 403, 403, 403, 403, 422, 422, 422]
        ),
        .init("getAttachment of a topology", .get, "/v1/attachments/{drawing}", seenByDirectorate),
        .init("getAttachmentContent of a topology", .get, "/v1/attachments/{drawing}/content", seenByDirectorate),
        .init(
            "deleteAttachment of a topology",
            .delete,
            "/v1/attachments/{drawing}",
            [401, 204, 404, 404, 404, 403, 403, 403, 403, 403, 204, 403, 403]
        ),

        .init("listServiceComplaints", .get, service, everyone),
        .init("createServiceComplaint", .post, service, complaint, everyone.map { $0 == 200 ? 201 : $0 }),
        .init("getServiceComplaint before an officer is named", .get, service + "/{submitted}", seenBefore),
        .init("getServiceComplaint", .get, service + "/{direct}", seenAfter),
        .init("getServiceComplaintHistory", .get, service + "/{direct}/history", seenAfter),
        .init("getServiceComplaintTimings", .get, service + "/{direct}/timings", seenAfter),
        .init("listServiceComplaintComments", .get, service + "/{direct}/comments", seenAfter),
        .init(
            "createServiceComplaintComment",
            .post,
            service + "/{direct}/comments",
            #"{"text":"A remark"}"#,
            [401, 201, 201, 404, 404, 404, 201, 201, 404, 404, 404, 201, 404]
        ),
        .init("listServiceComplaintAttachments", .get, service + "/{direct}/attachments", seenAfter),
        // Whoever may attach is told that JSON without a name is no file.
        .init(
            "createServiceComplaintAttachment",
            .post,
            service + "/{direct}/attachments",
            "{}",
            [401, 422, 422, 404, 404, 404, 422, 422, 404, 404, 404, 422, 404]
        ),
        .init("listServiceComplaintLinks", .get, service + "/{direct}/links", seenAfter),
        // The technician does not see the draft at the other end.
        .init(
            "createServiceComplaintLink",
            .post,
            service + "/{direct}/links",
            #"{"type":"blocks","target":"{draft}"}"#,
            [401, 201, 201, 404, 404, 404, 201, 201, 404, 404, 404, 422, 404]
        ),
        .init(
            "deleteServiceComplaintLink",
            .delete,
            service + "/{direct}/links/{link}",
            [401, 204, 204, 404, 404, 404, 204, 204, 404, 404, 404, 404, 404]
        ),
        .init("updateServiceComplaint", .patch, service + "/{draft}", #"{"detail":"y"}"#, onlyComplainant),
        .init("submitServiceComplaint", .post, service + "/{draft}/submit", "{}", onlyComplainant),
        .init("withdrawServiceComplaint", .post, service + "/{submitted}/withdraw", reason, onlyComplainant),
        .init("approveDirectServiceComplaint", .post, service + "/{submitted}/approve-direct", officer, onlyDirector),
        .init("forwardServiceComplaint", .post, service + "/{submitted}/forward", officer, onlyDirector),
        .init("rejectServiceComplaint", .post, service + "/{submitted}/reject", reason, onlyDirector),
        .init(
            "scheduleServiceComplaint",
            .post,
            service + "/{direct}/schedule",
            meeting,
            [401, 403, 200, 404, 404, 404, 403, 403, 404, 404, 404, 200, 404]
        ),
        .init(
            "settleServiceComplaint",
            .post,
            service + "/{scheduled}/settle",
            #"{"result":"x"}"#,
            [401, 403, 403, 404, 404, 404, 403, 403, 404, 404, 404, 200, 404]
        ),
    ]
}

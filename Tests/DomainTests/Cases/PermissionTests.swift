import Domain
import Testing

/// Roles and scopes, judged by lists written here.
@Suite struct PermissionTests {
    private static let everyone = [
        "me:read", "me:write", "units:read", "tokens:read", "tokens:write", "procedures:read", "calendar:read", "step-timings:read",
        "workflows:read", "tickets:read", "tickets:write", "attachments:read", "attachments:write", "procedure-runs:read",
        "procedure-runs:write", "equipment:read", "service-complaints:read", "service-complaints:write",
        "events:read",
    ]
    private static let points = ["performance-points:read", "performance-points:write"]
    private static let staff = points + ["users:read", "workspace-items:read", "topologies:read"]

    @Test(
        arguments: [
            (
                .superAdmin,
                [
                    "consultations:read", "consultations:write", "workspace-items:read", "workspace-items:write", "users:read",
                    "users:write", "units:write", "procedures:write", "metrics:read", "calendar:write", "equipment:write",
                    "topologies:read", "topologies:write", "point-rules:write", "recaps:read", "recaps:write", "overview:read",
                ] + points
            ),
            (.workUnit, ["consultations:read", "consultations:write"]),
            (.consultationOfficer, staff + ["consultations:read", "consultations:write"]),
            (.subdirectorateHead, staff + ["consultations:read", "consultations:write", "recaps:read", "overview:read"]),
            (.director, staff + ["consultations:read", "recaps:read", "recaps:write", "overview:read"]),
            (.taskGiver, staff + ["workspace-items:write"]), (.assignedOfficer, staff + ["workspace-items:write"]),
            (.ictManager, staff + ["equipment:write", "topologies:write"]), (.ictOfficer, staff + ["equipment:write", "topologies:write"]),
        ] as [(Role, [String])]
    )
    func `a role may this and no more`(_ role: Role, _ more: [String]) {
        #expect(Set(role.permissions.permissions.map(\.rawValue)) == Set(Self.everyone + more))
        #expect(RoleSet([role]).permissions == role.permissions)
    }

    @Test func `several roles add up`() {
        let both = RoleSet([.workUnit, .director])
        #expect(both.permissions == Role.workUnit.permissions.union(Role.director.permissions))
        #expect(both.roles == [.workUnit, .director] && both.isInternal && !RoleSet([.workUnit]).isInternal)
        #expect(RoleSet([]).permissions.permissions.isEmpty)
    }

    @Test(
        arguments: [
            (
                "read",
                [
                    "me:read", "consultations:read", "users:read", "units:read", "tokens:read", "procedures:read", "calendar:read",
                    "step-timings:read", "workflows:read", "workspace-items:read", "tickets:read",
                    "attachments:read", "procedure-runs:read", "equipment:read", "topologies:read", "service-complaints:read",
                    "events:read", "overview:read", "performance-points:read", "recaps:read",
                ]
            ),
            (
                "write",
                [
                    "me:read", "me:write", "consultations:write", "workspace-items:write", "tickets:write", "tokens:write",
                    "attachments:write",
                    "procedure-runs:write", "equipment:write", "topologies:write", "service-complaints:write",
                    "performance-points:write", "recaps:write",
                ]
            ),
            ("workspace-items:read", ["workspace-items:read", "me:read"]), ("tickets:write", ["tickets:write", "me:read"]),
            ("attachments:write", ["attachments:write", "me:read"]), ("consultations:read", ["consultations:read", "me:read"]),
            ("consultations:write", ["consultations:write", "me:read"]),
            ("users:write", ["users:write", "me:read"]), ("metrics:read", ["metrics:read", "me:read"]),
        ] as [(String, [String])]
    )
    func `a scope gives this and no more`(_ name: String, _ permissions: [String]) throws {
        let scope = try #require(Scope(rawValue: name))
        #expect(Set(scope.permissions.permissions.map(\.rawValue)) == Set(permissions))
    }

    @Test func `admin gives all, and unknown names nothing`() throws {
        #expect(Scope.admin.permissions == .all)
        for name in ["", "all", "me:read", "me:write", "consultations", "READ", "read ", "consultations:delete"] {
            #expect(Scope(rawValue: name) == nil, "\(name)")
        }
        #expect([Scope]().permissions == [.meRead])
    }

    @Test func `every permission has a bit of its own`() {
        for permission in Permission.allCases { #expect(PermissionSet([permission]).permissions == [permission]) }
        #expect(PermissionSet.all.permissions == Permission.allCases)
    }
}

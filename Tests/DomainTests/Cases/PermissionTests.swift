import Domain
import Testing

/// Roles and scopes, judged by lists written here.
@Suite struct PermissionTests {
    private static let everyone = [
        "me:read", "me:write", "units:read", "tokens:read", "tokens:write", "procedures:read", "calendar:read", "step-timings:read",
        "workflows:read", "tickets:read", "tickets:write", "attachments:read", "attachments:write", "procedure-runs:read",
        "procedure-runs:write", "events:read",
    ]

    @Test(
        arguments: [
            (
                .superAdmin,
                [
                    "consultations:read", "consultations:write", "workspace-items:read", "workspace-items:write", "users:read",
                    "users:write", "units:write", "procedures:write", "metrics:read", "calendar:write", "overview:read",
                ]
            ),
            (.workUnit, ["consultations:read", "consultations:write"]),
            (.consultationOfficer, ["consultations:read", "consultations:write", "users:read", "workspace-items:read"]),
            (
                .subdirectorateHead,
                ["consultations:read", "consultations:write", "users:read", "workspace-items:read", "overview:read"]
            ),
            (.director, ["consultations:read", "users:read", "workspace-items:read", "overview:read"]),
            (.taskGiver, ["users:read", "workspace-items:read", "workspace-items:write"]),
            (.assignedOfficer, ["users:read", "workspace-items:read", "workspace-items:write"]),
            (.ictManager, ["users:read", "workspace-items:read"]), (.ictOfficer, ["users:read", "workspace-items:read"]),
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
                    "attachments:read", "procedure-runs:read", "events:read", "overview:read",
                ]
            ),
            (
                "write",
                [
                    "me:read", "me:write", "consultations:write", "workspace-items:write", "tickets:write", "tokens:write",
                    "attachments:write",
                    "procedure-runs:write",
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

import Domain

/// The units and users of a demonstration.
struct DemoPeople: Sendable {
    /// Those of one unit who ask.
    struct Office: Sendable {
        let requesters: [Principal]
    }

    let offices: [Office]
    let officers: [Principal]
    let heads: [Principal]
    let administrator: Principal
    let director: Principal
    /// Those who give work.
    let givers: [Principal]
    /// Those to whom work is given.
    let workers: [Principal]
    let ictManager: Principal
    let technicians: [Principal]
    /// A username for each role.
    let examples = [
        "unit.bppw-aceh", "petugas.1", "kasubdit.1", "direktur", "pengelola", "pemberi.1", "pelaksana.1", "pengelola.tik", "petugas.tik.1",
    ]

    static let unitCodes = [
        "BPPW-ACEH", "BPPW-SUMUT", "BPPW-SUMBAR", "BPPW-RIAU", "BPPW-JABAR", "BPPW-JATENG", "BPPW-JATIM", "BPPW-BALI", "BPPW-KALBAR",
        "BPPW-SULSEL", "BPPW-MALUKU", "BPPW-PAPUA",
    ]
    private static let regions = [
        ("Aceh", IndonesianTimeZone.jakarta), ("Sumatera Utara", .jakarta), ("Sumatera Barat", .jakarta), ("Riau", .jakarta),
        ("Jawa Barat", .jakarta), ("Jawa Tengah", .jakarta), ("Jawa Timur", .jakarta), ("Bali", .makassar),
        ("Kalimantan Barat", .pontianak), ("Sulawesi Selatan", .makassar), ("Maluku", .jayapura), ("Papua", .jayapura),
    ]
    private static let names = [
        "Siti Rahmawati", "Budi Santoso", "Dewi Lestari", "Agus Wijaya", "Rina Marlina", "Hendra Gunawan", "Maya Sari", "Rudi Hartono",
        "Fitri Handayani", "Joko Susilo", "Ani Yuliani", "Bambang Prasetyo", "Lina Kusuma", "Yusuf Hidayat", "Ratna Dewi", "Eko Nugroho",
        "Wati Suryani", "Dedi Kurniawan", "Nur Aini", "Arif Rahman", "Sri Mulyati", "Taufik Ismail", "Indah Permata", "Surya Dharma",
    ]

    init(in tx: borrowing Transaction, hash: String, at now: Instant, ids: IdentifierSource) throws(DomainError) {
        func unit(_ code: String, _ name: String, _ kind: Domain.Unit.Kind, _ zone: IndonesianTimeZone) throws(DomainError) -> Domain.Unit {
            let unit = Domain.Unit(
                id: ids.make(at: now),
                code: code,
                name: name,
                kind: kind,
                parentID: nil,
                timeZone: zone,
                createdAt: now,
                updatedAt: now,
                version: 1
            )
            try tx.create(unit, by: nil, at: now, ids: ids)
            return unit
        }
        var made = 0
        func principal(_ username: String, _ role: Role, in unit: Domain.Unit) throws(DomainError) -> Principal {
            let user = User(
                id: ids.make(at: now),
                username: username,
                name: Self.names[made % Self.names.count],
                employeeNumber: nil,
                email: "\(username)@example.go.id",
                unitID: unit.id,
                roles: RoleSet([role]),
                isActive: true,
                mustChangePassword: false,
                createdAt: now,
                updatedAt: now,
                version: 1
            )
            made += 1
            try tx.create(user, password: Password(hash: hash), by: nil, at: now, ids: ids)
            return Principal(user)
        }
        let directorate = try unit("KIMR", "Subdirektorat Pengendalian KIMR", .directorate, .jakarta)
        func several(_ count: Int, _ name: String, _ role: Role) throws(DomainError) -> [Principal] {
            var principals: [Principal] = []
            for number in 1...count { principals.append(try principal("\(name).\(number)", role, in: directorate)) }
            return principals
        }
        officers = try several(8, "petugas", .consultationOfficer)
        heads = try several(2, "kasubdit", .subdirectorateHead)
        administrator = try principal("pengelola", .superAdmin, in: directorate)
        director = try principal("direktur", .director, in: directorate)
        givers = try several(3, "pemberi", .taskGiver)
        workers = try several(6, "pelaksana", .assignedOfficer)
        ictManager = try principal("pengelola.tik", .ictManager, in: directorate)
        technicians = try several(3, "petugas.tik", .ictOfficer)
        var offices: [Office] = []
        for (code, region) in zip(Self.unitCodes, Self.regions) {
            let office = try unit(code, "Balai Prasarana Permukiman Wilayah \(region.0)", .regionalOffice, region.1)
            let username = "unit.\(code.lowercased())"
            let first = try principal(username, .workUnit, in: office)
            let second = try principal("\(username).2", .workUnit, in: office)
            offices.append(Office(requesters: [first, second]))
        }
        self.offices = offices
    }
}

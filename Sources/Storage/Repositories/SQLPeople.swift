import Domain

/// Organisational units.
struct SQLUnits: UnitRepository {
    let connection: any Connection

    private static let columns: SQLFragment = "id, code, name, kind, parent_id, time_zone, created_at_ms, updated_at_ms, version"
    private static let conflicts = ["unit.code": "/code", "unit_code_unique": "/code"]

    private static func decode(_ columns: inout Columns) throws(DomainError) -> Domain.Unit {
        Domain.Unit(
            id: columns.identifier(),
            code: columns.text(),
            name: columns.text(),
            kind: try columns.choice(),
            parentID: columns.optionalIdentifier(),
            timeZone: try columns.choice(),
            createdAt: columns.instant(),
            updatedAt: columns.instant(),
            version: columns.integer()
        )
    }

    func find(_ id: Domain.Unit.ID) throws(DomainError) -> Domain.Unit? {
        try connection.first("select \(Self.columns) from unit where id = \(id)", Self.decode)
    }

    func find(code: String) throws(DomainError) -> Domain.Unit? {
        try connection.first("select \(Self.columns) from unit where code = \(code)", Self.decode)
    }

    func insert(_ unit: Domain.Unit) throws(DomainError) {
        try connection.execute(
            """
            insert into unit (\(Self.columns))
            values (
                \(unit.id), \(unit.code), \(unit.name), \(unit.kind), \(unit.parentID), \(unit.timeZone),
                \(unit.createdAt), \(unit.updatedAt), \(unit.version)
            )
            """,
            conflicts: Self.conflicts
        )
        connection.notes.content.calendarMark = nil
    }

    func update(_ unit: Domain.Unit, from version: Int) throws(DomainError) {
        try connection.execute(
            """
            update unit
            set code = \(unit.code), name = \(unit.name), kind = \(unit.kind), parent_id = \(unit.parentID),
                time_zone = \(unit.timeZone), updated_at_ms = \(unit.updatedAt), version = \(unit.version)
            where id = \(unit.id)
            and version = \(version)
            """,
            conflicts: Self.conflicts
        )
        connection.notes.content.calendarMark = nil
        guard connection.changes == 1 else { throw .stale }
    }

    func ancestors(of id: Domain.Unit.ID) throws(DomainError) -> [Domain.Unit.ID] {
        try connection.all(
            """
            with recursive above (id) as (
                select \(id)
                union
                select unit.parent_id
                from above
                join unit on unit.id = above.id
                where unit.parent_id is not null
            )
            select id from above
            """
        ) { columns in columns.identifier() }
    }

    private static func filter(_ query: UnitQuery) -> SQL {
        var statement: SQL = " from unit where true"
        if let kind = query.kind { statement.append(" and kind = \(kind)") }
        if let id = query.parentID { statement.append(" and parent_id = \(id)") }
        return statement
    }

    func list(_ query: UnitQuery) throws(DomainError) -> Page<Domain.Unit> {
        var statement: SQL = "select \(Self.columns)"
        statement.append(Self.filter(query))
        statement.appendPage(query.page, over: "id")
        return try connection.page(statement, limit: query.page.limit, Self.decode)
    }

    func count(_ query: UnitQuery, most: Int) throws(DomainError) -> Int {
        try connection.first("select count(*) from (select 1\(Self.filter(query)) limit \(most + 1))") { $0.integer() } ?? 0
    }
}

/// Users and their passwords.
struct SQLUsers: UserRepository {
    let connection: any Connection

    static let columns: SQLFragment = """
        u.id, u.username, u.name, u.nip, u.email, u.unit_id, u.roles, u.active, u.must_change_password, \
        u.created_at_ms, u.updated_at_ms, u.version
        """
    private static let conflicts = [
        "user_account.username": "/username", "user_account_username_unique": "/username",
        "user_account.nip": "/nip", "user_account_nip_unique": "/nip",
    ]

    static func decode(_ columns: inout Columns) throws(DomainError) -> User {
        User(
            id: columns.identifier(),
            username: columns.text(),
            name: columns.text(),
            employeeNumber: columns.optionalText().flatMap { EmployeeNumber($0) },
            email: columns.optionalText(),
            unitID: columns.identifier(),
            roles: RoleSet(rawValue: columns.integer()),
            isActive: columns.flag(),
            mustChangePassword: columns.flag(),
            createdAt: columns.instant(),
            updatedAt: columns.instant(),
            version: columns.integer()
        )
    }

    func find(_ id: User.ID) throws(DomainError) -> User? {
        try connection.first("select \(Self.columns) from user_account as u where u.id = \(id)", Self.decode)
    }

    func find(username: String) throws(DomainError) -> (user: User, password: Password)? {
        try connection.first(
            """
            select \(Self.columns), u.password_hash, u.password_expires_at_ms
            from user_account as u
            where u.username = \(username)
            and u.password_hash is not null
            """
        ) { columns throws(DomainError) in
            (user: try Self.decode(&columns), password: Password(hash: columns.text(), expiresAt: columns.optionalInstant()))
        }
    }

    func password(of id: User.ID) throws(DomainError) -> Password? {
        try connection.first(
            "select password_hash, password_expires_at_ms from user_account where id = \(id) and password_hash is not null"
        ) { columns in Password(hash: columns.text(), expiresAt: columns.optionalInstant()) }
    }

    func insert(_ user: User, password: Password?) throws(DomainError) {
        try connection.execute(
            """
            insert into user_account (
                id, username, name, nip, email, unit_id, roles, active, must_change_password, created_at_ms, updated_at_ms, version,
                password_hash, password_expires_at_ms
            )
            values (
                \(user.id), \(user.username), \(user.name), \(user.employeeNumber), \(user.email), \(user.unitID), \(user.roles),
                \(user.isActive), \(user.mustChangePassword), \(user.createdAt), \(user.updatedAt), \(user.version),
                \(password?.hash), \(password?.expiresAt)
            )
            """,
            conflicts: Self.conflicts
        )
    }

    func update(_ user: User, from version: Int) throws(DomainError) {
        try connection.execute(
            """
            update user_account
            set username = \(user.username), name = \(user.name), nip = \(user.employeeNumber), email = \(user.email),
                unit_id = \(user.unitID), roles = \(user.roles), active = \(user.isActive),
                must_change_password = \(user.mustChangePassword), updated_at_ms = \(user.updatedAt), version = \(user.version)
            where id = \(user.id)
            and version = \(version)
            """,
            conflicts: Self.conflicts
        )
        guard connection.changes == 1 else { throw .stale }
    }

    func setPassword(_ password: Password, mustChange: Bool, of id: User.ID, at now: Instant) throws(DomainError) {
        try connection.execute(
            """
            update user_account
            set password_hash = \(password.hash), password_expires_at_ms = \(password.expiresAt), must_change_password = \(mustChange),
                updated_at_ms = \(now), version = version + 1
            where id = \(id)
            """
        )
    }

    private static func filter(_ query: UserQuery) -> SQL {
        var statement: SQL = " from user_account as u where true"
        if let id = query.unitID { statement.append(" and u.unit_id = \(id)") }
        if let role = query.role { statement.append(" and (u.roles & \(RoleSet([role]))) <> 0") }
        if let isActive = query.isActive { statement.append(" and u.active = \(isActive)") }
        if let beginning = query.beginning {
            let length = beginning.unicodeScalars.count
            let lower = beginning.lowercased()
            statement.append(
                " and (substr(u.username, 1, \(length)) = \(lower) or lower(substr(u.name, 1, \(length))) = \(lower))"
            )
        }
        return statement
    }

    func list(_ query: UserQuery) throws(DomainError) -> Page<User> {
        var statement: SQL = "select \(Self.columns)"
        statement.append(Self.filter(query))
        statement.appendPage(query.page, over: "u.id")
        return try connection.page(statement, limit: query.page.limit, Self.decode)
    }

    func count(_ query: UserQuery, most: Int) throws(DomainError) -> Int {
        try connection.first("select count(*) from (select 1\(Self.filter(query)) limit \(most + 1))") { $0.integer() } ?? 0
    }

    func isEmpty() throws(DomainError) -> Bool {
        try connection.first("select 1 from user_account limit 1") { $0.integer() } == nil
    }
}

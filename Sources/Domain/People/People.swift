/// What is done to units, users and tokens, each with its event in the same transaction.
extension Transaction {
    package func create(_ unit: Unit, by principal: Principal?, at now: Instant, ids: IdentifierSource) throws(DomainError) {
        if let parent = unit.parentID, try units.find(parent) == nil { throw .invalid([.unknownReference("/parent_id")]) }
        try units.insert(unit)
        try note("create", of: .unit, unit.id.text, in: unit.id, by: principal, at: now, ids: ids)
    }

    /// Stores an edit of a unit; `edit` returns the names of the changed fields.
    package func update(
        _ id: Unit.ID,
        expecting expected: ExpectedVersion,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource,
        _ edit: (inout Unit) -> [String]
    ) throws(DomainError) -> Unit {
        guard var unit = try units.find(id) else { throw .notFound("unit") }
        try expected.check(unit.version)
        let version = unit.version
        let changed = edit(&unit)
        if changed.isEmpty { return unit }
        if changed.contains("parent_id"), let parent = unit.parentID {
            guard try units.find(parent) != nil else { throw .invalid([.unknownReference("/parent_id")]) }
            guard try !units.ancestors(of: parent).contains(id) else {
                let detail = Text(id: "Unit tidak boleh berada di bawah dirinya sendiri.", en: "A unit cannot be below itself.")
                throw .invalid([Issue("/parent_id", code: "cycle", detail: detail)])
            }
        }
        unit.updatedAt = now
        unit.version += 1
        try units.update(unit, from: version)
        if changed.contains("time_zone") { try reschedule(id) }
        try note("edit", of: .unit, id.text, in: id, by: principal, at: now, ids: ids, changed: changed)
        return unit
    }

    package func create(
        _ user: User,
        password: Password?,
        by principal: Principal?,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) {
        guard try units.find(user.unitID) != nil else { throw .invalid([.unknownReference("/unit_id")]) }
        try users.insert(user, password: password)
        try note("create", of: .user, user.id.text, in: user.unitID, by: principal, at: now, ids: ids)
    }

    /// Stores an edit of a user; who loses a role or is deactivated is out with the next request.
    package func update(
        _ id: User.ID,
        expecting expected: ExpectedVersion?,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource,
        as name: String = "edit",
        _ edit: (inout User) -> [String]
    ) throws(DomainError) -> User {
        guard var user = try users.find(id) else { throw .notFound("user") }
        try expected?.check(user.version)
        let version = user.version
        let changed = edit(&user)
        if changed.isEmpty { return user }
        if changed.contains("unit_id"), try units.find(user.unitID) == nil { throw .invalid([.unknownReference("/unit_id")]) }
        if id == principal.userID, !user.isActive || !user.roles.contains(.superAdmin) {
            // Whoever administers cannot shut himself out: another one must do it.
            throw .fourEyes
        }
        user.updatedAt = now
        user.version += 1
        try users.update(user, from: version)
        if !user.isActive { try tokens.endAll(of: id, except: nil) }
        try note(name, of: .user, id.text, in: user.unitID, by: principal, at: now, ids: ids, changed: changed)
        return user
    }

    /// Sets a password and ends the user's tokens but `keeping`; one that must be changed also ends a lockout.
    package func setPassword(
        _ password: Password,
        mustChange: Bool,
        of user: User,
        keeping: Token.ID?,
        by principal: Principal?,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) {
        try users.setPassword(password, mustChange: mustChange, of: user.id, at: now)
        try tokens.endAll(of: user.id, except: keeping)
        if mustChange { try LoginThrottle.forgive(user.username, in: logins) }
        try note(
            mustChange ? "reset_password" : "change_password",
            of: .user,
            user.id.text,
            in: user.unitID,
            by: principal,
            at: now,
            ids: ids
        )
    }

    /// Stores a new token; sessions beyond the allowed number end, the oldest first.
    package func create(
        _ token: Token,
        hash: [UInt8],
        of user: User,
        by principal: Principal?,
        from address: String?,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) {
        try tokens.insert(token, hash: hash, address: address)
        if token.kind == .session { try tokens.endOldestSessions(of: user.id, leaving: Token.mostSessionsPerUser) }
        let subject = token.kind == .session ? Event.Subject.session : .token
        try note("create", of: subject, token.id.text, in: user.unitID, by: principal, at: now, ids: ids)
    }

    /// Ends a token; without a principal it was done at the machine.
    package func end(_ token: Token, by principal: Principal?, at now: Instant, ids: IdentifierSource) throws(DomainError) {
        try tokens.end(token.id)
        let subject = token.kind == .session ? Event.Subject.session : .token
        try note("end", of: subject, token.id.text, in: principal?.unitID, by: principal, at: now, ids: ids)
    }

    /// Writes an event of people and their tokens.
    package func note(
        _ name: String,
        of subject: Event.Subject,
        _ id: String,
        in unit: Unit.ID?,
        by principal: Principal?,
        at now: Instant,
        ids: IdentifierSource,
        reason: String? = nil,
        changed: [String] = []
    ) throws(DomainError) {
        try events.append(
            Event(
                id: ids.make(at: now),
                time: now,
                subject: subject,
                subjectID: id,
                name: name,
                unitID: unit,
                by: principal,
                reason: reason,
                changed: changed
            )
        )
    }
}

import Domain
import HTTP

/// Holidays from an iCalendar file, and the calendars of units.
extension CalendarRoutes {
    /// A file of holidays is far smaller.
    fileprivate static let mostBytes = 256 << 10

    func importHolidays(_ request: Request, by principal: Principal) async throws -> Response {
        var parameters = Query(request)
        let year = parameters.integer("replace_year", 1...9999)
        _ = parameters.flag("dry_run")
        try parameters.finish()
        let holidays = try request.holidays(onlyIn: year)
        return try await change("import", expecting: request.ifMatch, request, principal) { calendar throws(DomainError) in
            try calendar.taking(holidays, replacingYear: year)
        }
    }

    func getUnitCalendar(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        guard let unit = try tx.units.find(try request.identifier()) else { throw Problem(.notFound) }
        let calendars = try tx.calendars
        var response = Response.ok(Schema.UnitCalendar(of: unit, in: calendars))
        response.headers.append("etag", Self.tag(of: unit, in: calendars))
        return response
    }

    func replaceUnitCalendar(_ request: Request, by principal: Principal) async throws -> Response {
        let expected = try request.requiredUnitCalendarMatch()
        let calendar = try request.json(as: Schema.NewCalendar.self).calendar()
        return try await changeUnit(to: calendar, expecting: expected, request, principal)
    }

    func deleteUnitCalendar(_ request: Request, by principal: Principal) async throws -> Response {
        try await changeUnit(to: nil, expecting: try request.requiredUnitCalendarMatch(), request, principal)
    }

    private func changeUnit(
        to calendar: WorkingCalendar?,
        expecting expected: ExpectedVersion,
        _ request: Request,
        _ principal: Principal
    ) async throws -> Response {
        let id: Domain.Unit.ID = try request.identifier()
        let ids = environment.ids
        return try await environment.commit(request, by: principal) { tx, now throws(DomainError) in
            let own = try tx.changeCalendar(of: id, to: calendar, expecting: expected, by: principal, at: now, ids: ids)
            guard own != nil else { return .noContent }
            guard let unit = try tx.units.find(id) else { throw .notFound("unit") }
            let calendars = try tx.calendars
            var response = Response.ok(Schema.UnitCalendar(of: unit, in: calendars))
            response.headers.append("etag", Self.tag(of: unit, in: calendars))
            return response
        }
    }

    /// The version of the unit's own calendar; without one 0 and what it goes by instead.
    private static func tag(of unit: Domain.Unit, in calendars: Calendars) -> String {
        guard let own = calendars.own(of: unit.id) else { return "\"0-\(calendars.service.version)-\(unit.version)\"" }
        return "\"\(own.version)\""
    }
}

extension Request {
    /// The version of a unit's own calendar that `If-Match` names: the first number of its tag.
    fileprivate func requiredUnitCalendarMatch() throws(Problem) -> ExpectedVersion {
        switch EntityTags(headers["if-match"]) {
        case nil: throw Problem(.preconditionRequired)
        case .any: return .any
        case .tags(let tags):
            return .oneOf(
                tags.compactMap { tag in
                    guard tag.utf8.count > 2, tag.hasPrefix("\""), tag.hasSuffix("\"") else { return nil }
                    return Int(tag.dropFirst().dropLast().prefix { $0 != "-" })
                }
            )
        }
    }

    /// The holidays of an iCalendar body; throws every fault of it at once, by the number of its line.
    fileprivate func holidays(onlyIn year: Int?) throws(Problem) -> [WorkingCalendar.Holiday] {
        let type = (headers["content-type"] ?? "").prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
        guard type == "text/calendar" else { throw Problem(.unsupportedMediaType) }
        guard body.count <= CalendarRoutes.mostBytes else { throw Problem(.tooLarge) }
        let file = HolidayImport(body)
        var errors = file.faults.map { fault in
            FieldError(
                .pointer("/lines/\(fault.line)"),
                code: fault.code,
                detail: language == .english ? fault.detail.en : fault.detail.id
            )
        }
        if let year, let other = file.holidays.first(where: { $0.date.year != year }) {
            let detail = language == .english ? "\(other.date) is not in that year." : "\(other.date) bukan dalam tahun itu."
            errors.append(FieldError(.parameter("replace_year"), code: "other_year", detail: detail))
        }
        guard errors.isEmpty else { throw Problem(.invalid, errors: errors) }
        return file.holidays
    }
}

import Domain
import HTTP
import Security

/// What waits for the caller, of all kinds of cases, and the recaps.
struct InboxRoutes {
    let environment: Environment

    var routes: [Route] {
        [.get("/v1/me/inbox", .getInbox, query: ["limit", "cursor"], needs: .meRead, use: getInbox)]
    }

    /// Counting goes no further, so that an inbox answers as soon with a hundred thousand cases as with a hundred.
    private static let mostCounted = 1_000

    /// The entity tag comes from counts, ids and versions, before any case is read.
    func getInbox(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        var parameters = Query(request)
        let page = PageParameters(&parameters, of: request)
        let place = page.page.after.map { InboxPlace(cursor: $0) }
        if case .some(nil) = place {
            parameters.note("cursor", "bad_cursor", "Kursor ini bukan dari daftar ini.", "This cursor is not from this list.")
        }
        try parameters.finish()

        let inbox = tx.inbox(of: principal)
        let counts = try inbox.counts(most: Self.mostCounted)
        let waiting = try inbox.list(after: place ?? nil, limit: page.page.limit)
        let view = Schema.View(now: environment.clock(), calendars: try tx.calendars)
        let tag = Self.tag(counts, waiting, of: principal, in: view, request.language)
        if EntityTags(request.headers["if-none-match"])?.matchesWeakly(tag) == true { return .notModified(tag) }

        var entries: [any JSONWritable] = []
        for entry in waiting.elements {
            switch entry.kind {
            case .consultation: entries.append(try Schema.InboxEntry<Consultation>(entry, for: principal, in: view, tx))
            case .workspaceItem: entries.append(try Schema.InboxEntry<WorkspaceItem>(entry, for: principal, in: view, tx))
            case .ticket: entries.append(try Schema.InboxEntry<Ticket>(entry, for: principal, in: view, tx))
            case .serviceComplaint: entries.append(try Schema.InboxEntry<ServiceComplaint>(entry, for: principal, in: view, tx))
            case .procedureRun: entries.append(try Schema.InboxEntry<ProcedureRun>(entry, for: principal, in: view, tx))
            case .recap: entries.append(try Schema.InboxRecap(entry, for: principal, in: view, request.language, tx))
            }
        }
        let next = waiting.hasMore ? waiting.elements.last.map { page.cursor(after: $0.place.cursor) } : nil
        return Self.answer(entries, counts, next: next, tag)
    }

    private static func tag(
        _ counts: [InboxCount],
        _ waiting: Page<InboxEntry>,
        of principal: Principal,
        in view: Schema.View,
        _ language: Language
    ) -> String {
        var text = "\(principal.userID.text) \(principal.roles.rawValue) \(principal.permissions.rawValue) \(waiting.hasMore)"
        // The titles of recaps are the only words in it that are not the caller's or another's own.
        if waiting.elements.contains(where: { $0.kind == .recap }) { text += " \(language.rawValue)" }
        for count in counts { text += " \(count.kind.rawValue).\(count.state)=\(count.count)" }
        for entry in waiting.elements {
            text += " \(entry.id)/\(entry.version)/\(entry.notice(at: view.now, by: view.calendars)?.rawValue ?? 0)"
        }
        return "\"\(Digest.hex(Array(Digest.sha256(utf8: text).prefix(16))))\""
    }

    private static func answer(_ entries: [any JSONWritable], _ counts: [InboxCount], next: String?, _ tag: String) -> Response {
        var json = JSONWriter(capacity: 512 + entries.count * 768)
        json.object { json in
            json.name("data")
            json.array(entries) { $1.write(to: &$0) }
            json.name("counts")
            json.object { json in
                for kind in StepTiming.SubjectKind.allCases {
                    json.name(dynamic: kind.rawValue)
                    json.object { json in
                        for count in counts where count.kind == kind {
                            json.name(dynamic: count.state)
                            json.value(count.count)
                        }
                    }
                }
            }
            json.member("counts_capped", counts.contains { $0.count >= mostCounted })
            json.name("page")
            json.object { json in
                json.member("next_cursor", next)
                json.member("has_more", next != nil)
            }
        }
        return Response(
            status: 200,
            headers: ["content-type": MediaType.json.rawValue, "etag": tag],
            body: json.body()
        )
    }
}

extension InboxPlace {
    /// The text that a cursor holds of a place.
    fileprivate var cursor: String { "\(due) \(age)" }

    fileprivate init?(cursor: String) {
        let parts = cursor.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, let due = Int64(parts[0]) else { return nil }
        self.init(due: due, age: String(parts[1]))
    }
}

extension CaseResource {
    /// The names of what `principal` may do now.
    fileprivate func waitingActions(for principal: Principal) -> [String] {
        var names: [String] = []
        for name in ownActions(for: principal).map(\.name) + events(for: principal).map(\.rawValue) where !names.contains(name) {
            names.append(name)
        }
        return names
    }

    /// The clock of the step that waits: that of the case, but on a run that of one of its open steps.
    fileprivate func clock(of entry: InboxEntry, or standing: StepClock?) -> StepClock? {
        guard let id = entry.timingID, let run = self as? ProcedureRun else { return standing }
        return run.work?.tasks.first { $0.clock.timingID == id }?.clock
    }
}

extension Schema {
    /// A case that waits for the caller, with the events he may cause.
    struct InboxEntry<Kind: CaseResource>: JSONWritable {
        private let subject: Kind
        private let clock: Clock?
        private let dueAt: Instant?
        private let notice: StepNotice?
        private let actions: [String]

        init(
            _ entry: Domain.InboxEntry,
            for principal: Principal,
            in view: View,
            _ tx: borrowing Transaction
        ) throws(DomainError) {
            let found = try tx.cases(Kind.self).get(.id(Identifier(stored: entry.id)), for: principal)
            subject = found.subject
            let standing = found.subject.clock(of: entry, or: found.clock)
            clock = standing.map { Clock($0, of: found.subject.unitID, isClosed: false, in: view) }
            dueAt = entry.place.due == InboxPlace.never ? nil : Instant(milliseconds: entry.place.due)
            notice = entry.notice(at: view.now, by: view.calendars)
            actions = principal.may(Kind.kind.permissions.write) ? subject.waitingActions(for: principal) : []
        }

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("kind", Kind.kind.rawValue)
                json.member("id", subject.id)
                json.member("number", subject.number)
                json.member("status", subject.state.rawValue)
                json.member("title", subject.title)
                json.member("href", subject.location)
                json.member("unit_id", subject.unitID)
                json.member("requester_id", subject.requesterID)
                json.member("officer_id", subject.officerID)
                json.member("created_at", subject.head.createdAt)
                json.member("updated_at", subject.head.updatedAt)
                json.member("version", subject.version)
                json.member("due_at", dueAt)
                json.member("notice", notice?.name)
                json.name("clock")
                if let clock { clock.write(to: &json) } else { json.null() }
                json.member("actions", actions)
            }
        }
    }
}

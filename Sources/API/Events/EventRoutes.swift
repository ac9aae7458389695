import Domain
import HTTP
import Security

/// The log of events: in pages, as CSV, and live as a stream of server-sent events.
struct EventRoutes {
    let environment: Environment
    let hub: EventHub

    var routes: [Route] {
        [
            .get(
                "/v1/events",
                .listEvents,
                query: ["after", "limit", "cursor", "sort", "format"],
                produces: [.json, .csv, .eventStream],
                needs: .eventsRead,
                use: listEvents
            )
        ]
    }

    func listEvents(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        var parameters = Query(request)
        let after = parameters.integer("after", 0...(1 << 53 - 1))
        let page = PageParameters(&parameters, of: request, isAscendingByDefault: after != nil)
        try parameters.finish()
        let isStream = MediaType.negotiate(request.headers["accept"], among: [.json, .csv, .eventStream]) == .eventStream
        if isStream, parameters.text("format") == nil { return try stream(request, by: principal, after: after, in: tx) }

        let sight = LogSight(of: principal)
        return try Listing(
            parameters: page,
            columns: Self.columns(seenWith: sight),
            key: { String($0.event.sequence) },
            fetch: { page, tx throws(DomainError) in
                let place = page.after.flatMap { Int($0) } ?? (page.isAscending ? after ?? 0 : Int.max)
                return try tx.log(seenWith: sight)
                    .entries(beyond: place, isAscending: page.isAscending, backTo: after ?? 0, limit: page.limit)
            },
            count: { _, _ throws(DomainError) in 0 },
            write: { json, entry in Schema.Event(entry, showsTexts: sight.showsTexts(of: entry)).write(to: &json) }
        ).response(to: request, in: tx, store: environment.store)
    }

    /// A stream from a place in the log on, or from now on.
    private func stream(_ request: Request, by principal: Principal, after: Int?, in tx: borrowing Transaction) throws -> Response {
        let last = try tx.events.lastSequence()
        var opening = EventStream.opening
        var place = last
        let sent = request.headers["last-event-id"]
        if let asked = sent.map({ Int($0) ?? -1 }) ?? after {
            if let reason = try gap(behind: asked, last: last, in: tx) {
                opening += EventStream.reset(to: last, reason: reason)
            } else {
                place = asked
            }
        }
        // A client that is cut off before its first event resumes from here.
        opening += EventStream.place(place)
        guard let secret = request.bearerToken.flatMap({ AccessToken(parsing: String($0)) }) else { throw Problem(.unauthenticated) }
        let credentials = EventStream.Credentials(userID: principal.userID, tokenID: principal.tokenID, hash: secret.hash)
        let stream = try hub.stream(for: credentials, sight: LogSight(of: principal), after: place, opening: opening)
        return Response(
            status: 200,
            headers: ["content-type": MediaType.eventStream.rawValue, "x-accel-buffering": "no"],
            body: .feed(stream)
        )
    }

    /// Why a stream cannot go on from a place: it is none of the log's, or what came after it is older than a day.
    private func gap(behind place: Int, last: Int, in tx: borrowing Transaction) throws -> EventStream.Gap? {
        guard (0...last).contains(place) else { return .unknown }
        guard let next = try tx.events.entries(beyond: place, isAscending: true, limit: 1).first else { return nil }
        let oldest = environment.clock().advanced(byMilliseconds: -EventStream.memory)
        return next.event.time < oldest ? .tooOld : nil
    }

    private static func columns(seenWith sight: LogSight) -> [Column<HistoryEntry>] {
        [
            Column("id") { $0.event.id.text },
            Column("seq") { String($0.event.sequence) },
            Column("time") { $0.event.time.rfc3339 },
            Column("type") { $0.event.type },
            Column("subject_type") { $0.event.subject.rawValue },
            Column("subject_id") { $0.event.subjectID },
            Column("unit_id") { $0.event.unitID?.text ?? "" },
            Column("actor_id") { $0.event.actorID?.text ?? "" },
            Column("actor_name") { $0.actorName ?? "" },
            Column("from") { $0.event.from ?? "" },
            Column("to") { $0.event.to ?? "" },
            Column("reason") { sight.showsTexts(of: $0) ? $0.event.reason ?? "" : "" },
            Column("note") { sight.showsTexts(of: $0) ? $0.event.note ?? "" : "" },
            Column("changed") { $0.event.changed.joined(separator: " ") },
            Column("request_id") { $0.event.requestID ?? "" },
        ]
    }
}

extension Schema {
    /// An entry of the log.
    struct Event: JSONWritable {
        private let entry: HistoryEntry
        private let showsTexts: Bool

        init(_ entry: HistoryEntry, showsTexts: Bool) {
            self.entry = entry
            self.showsTexts = showsTexts
        }

        func write(to json: inout JSONWriter) {
            let event = entry.event
            json.object { json in
                json.member("id", event.id)
                json.member("seq", event.sequence)
                json.member("time", event.time)
                json.member("type", event.type)
                json.member("subject_type", event.subject.rawValue)
                json.member("subject_id", event.subjectID)
                json.member("href", event.subjectLocation)
                json.member("unit_id", event.unitID)
                entry.writeChange(to: &json, showsTexts: showsTexts)
            }
        }
    }
}

extension Event {
    /// Where what the event is about can be read; nil for what has no place of its own.
    fileprivate var subjectLocation: String? {
        switch subject {
        case .consultation, .workspaceItem, .ticket, .serviceComplaint, .procedureRun:
            subject.caseKind.map { "/v1/\($0.collection)/\(subjectID)" }
        case .user: "/v1/users/\(subjectID)"
        case .unit: "/v1/units/\(subjectID)"
        case .procedure: "/v1/procedures/\(subjectID)"
        case .equipment: "/v1/equipment/\(subjectID)"
        case .topology: "/v1/topologies/\(subjectID)"
        case .performancePoint: "/v1/performance-points/\(subjectID)"
        case .recap: "/v1/recaps/\(subjectID)"
        case .calendar: unitID.map { "/v1/units/\($0.text)/calendar" } ?? "/v1/calendar"
        case .token, .session, .pointRule: nil
        }
    }
}

import Domain
import HTTP

/// The history of one object, as a list.
enum HistoryListing {
    private static func shows(_ entry: HistoryEntry, to principal: Principal, externally: Bool) -> Bool {
        !externally || entry.showsTexts(outside: principal.unitID)
    }

    static func response(
        to request: Request,
        of subject: Event.Subject,
        _ id: String,
        for principal: Principal,
        in tx: borrowing Transaction,
        store: any Store
    ) throws -> Response {
        var parameters = Query(request)
        let page = PageParameters(&parameters, of: request)
        try parameters.finish()
        let externally = !principal.roles.isInternal
        return try Listing(
            parameters: page,
            columns: [
                Column("id") { $0.event.id.text },
                Column("seq") { String($0.event.sequence) },
                Column("time") { $0.event.time.rfc3339 },
                Column("event") { $0.event.name },
                Column("actor_id") { $0.event.actorID?.text ?? "" },
                Column("actor_name") { $0.actorName ?? "" },
                Column("from") { $0.event.from ?? "" },
                Column("to") { $0.event.to ?? "" },
                Column("reason") { shows($0, to: principal, externally: externally) ? $0.event.reason ?? "" : "" },
                Column("note") { shows($0, to: principal, externally: externally) ? $0.event.note ?? "" : "" },
                Column("changed") { $0.event.changed.joined(separator: " ") },
                Column("request_id") { $0.event.requestID ?? "" },
            ],
            key: { String($0.event.sequence) },
            fetch: { page, tx throws(DomainError) in try tx.events.list(of: subject, id, page: page) },
            count: { most, tx throws(DomainError) in try tx.events.count(of: subject, id, most: most) },
            write: { json, entry in
                let event = entry.event
                let shows = shows(entry, to: principal, externally: externally)
                json.object { json in
                    json.member("id", event.id)
                    json.member("seq", event.sequence)
                    json.member("time", event.time)
                    json.member("event", event.name)
                    entry.writeChange(to: &json, showsTexts: shows)
                }
            }
        ).response(to: request, in: tx, store: store)
    }
}

extension HistoryEntry {
    /// Writes who did it and what it changed, as histories and the log tell it; the reason and the note only to whom they are shown.
    func writeChange(to json: inout JSONWriter, showsTexts: Bool) {
        json.name("actor")
        if let actor = event.actorID {
            json.object { json in
                json.member("id", actor)
                json.member("name", actorName)
            }
        } else {
            json.null()
        }
        json.member("from", event.from)
        json.member("to", event.to)
        json.member("reason", showsTexts ? event.reason : nil)
        json.member("note", showsTexts ? event.note : nil)
        json.member("changed", event.changed)
        json.member("request_id", event.requestID)
    }
}

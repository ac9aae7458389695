import Documents
import Domain
import HTTP
import Security

/// The printed complaint form of a ticket (annex 2 of SOP/KI-MR).
struct TicketFormRoutes {
    let environment: Environment

    private enum Format: String, CaseIterable {
        case pdf, html
    }

    var routes: [Route] {
        [
            .document(
                "/v1/tickets/{id}/form",
                .getTicketForm,
                query: ["format"],
                produces: [.pdf, .html],
                needs: .ticketsRead,
                use: getTicketForm
            )
        ]
    }

    func getTicketForm(_ request: Request, by principal: Principal) async throws -> Response {
        var parameters = Query(request)
        let asked: Format? = parameters.choice("format")
        try parameters.finish()
        let accepted = MediaType.negotiate(request.headers["accept"], among: [.pdf, .html])
        let reference = try request.caseReference(to: Ticket.self)
        let (form, version) = try await environment.store.read { tx throws(DomainError) in
            let ticket = try tx.tickets.get(reference, for: principal).subject
            return (try ComplaintForm(ticket, in: tx), ticket.version)
        }
        switch asked ?? (accepted == .html ? .html : .pdf) {
        case .pdf:
            let bytes = try await environment.documents.run { Result { try form.pdf() } }.get()
            let headers: Headers = [
                "content-type": MediaType.pdf.rawValue,
                "content-disposition": "inline; filename=\"\(form.number).pdf\"",
                "etag": "\"\(version)-pdf\"",
            ]
            return Response(status: 200, headers: headers, body: .bytes(bytes))
        case .html:
            let headers: Headers = [
                "content-type": MediaType.html.rawValue,
                // The page brings its own style and nothing else.
                "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
                "etag": "\"\(version)-html\"",
            ]
            return Response(status: 200, headers: headers, body: .bytes(Array(form.html().utf8)))
        }
    }
}

extension ComplaintForm {
    /// The form of a ticket as it stands now.
    fileprivate init(_ ticket: Ticket, in tx: borrowing Transaction) throws(DomainError) {
        let officer = if let id = ticket.officerID { try tx.users.find(id) } else { User?.none }
        let unit = try tx.units.find(ticket.unitID)
        let institution = if let officer { try tx.units.find(officer.unitID) } else { unit }
        let calendar = try tx.calendars[ticket.unitID]
        let followUp = [("Rencana", ticket.plan), ("Hasil", ticket.result), ("Laporan", ticket.summary)]
            .compactMap { label, text in text.map { "\(label): \($0)" } }
        self.init(
            institution: [institution?.name ?? ""],
            number: ticket.number,
            date: calendar.localDate(of: ticket.head.createdAt).spelledOut,
            applicantName: ticket.applicantName,
            applicantNIP: ticket.applicantNIP?.text ?? "",
            workUnit: unit?.name ?? "",
            complaint: ticket.problem,
            handling: ticket.handlingSoFar ?? "",
            followUp: followUp.joined(separator: "\n\n"),
            placeAndDate: calendar.localDate(of: ticket.head.updatedAt).spelledOut,
            officerName: officer?.name ?? "",
            officerNIP: officer?.employeeNumber?.text ?? "",
            createdAtSeconds: ticket.head.updatedAt.milliseconds / 1000
        )
    }
}

extension CivilDate {
    /// `21 November 2026`, as it is printed in Indonesian.
    var spelledOut: String {
        let months = [
            "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember",
        ]
        return "\(day) \(months.indices.contains(month - 1) ? months[month - 1] : "") \(year)"
    }
}

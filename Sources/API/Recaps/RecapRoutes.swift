import Domain
import HTTP
import Security

/// The monthly recaps: compiled, received, settled, and read in every form.
struct RecapRoutes {
    let environment: Environment

    /// How many points are posted in one transaction, so that other writes come between.
    private static let portion = 500

    fileprivate enum Format: String, CaseIterable {
        case json, csv, xlsx, pdf
    }

    var routes: [Route] {
        let (recaps, one) = ("/v1/recaps", "/v1/recaps/{id}")
        return [
            .list(recaps, .listRecaps, filters: ["kind", "period", "status"], needs: .recapsRead, use: listRecaps),
            .post(recaps, .createRecap, needs: .recapsWrite, prepare: createRecap),
            .document(
                one,
                .getRecap,
                query: ["format"],
                produces: [.json, .csv, .xlsx, .pdf],
                needs: .recapsRead,
                use: getRecap
            ),
            .post(one + "/submit", .submitRecap, needs: .recapsWrite, use: submitRecap),
            .post(one + "/receive", .receiveRecap, needs: .recapsWrite, prepare: receiveRecap),
            .post(one + "/settle", .settleRecap, needs: .recapsWrite, use: settleRecap),
        ]
    }

    func listRecaps(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        var parameters = Query(request)
        let page = PageParameters(&parameters, of: request)
        var query = RecapQuery(page: page.page)
        query.kind = parameters.choice("kind")
        query.period = parameters.month("period")
        query.states = parameters.choices("status") ?? []
        try parameters.finish()
        let view = Schema.View(now: environment.clock(), calendars: try tx.calendars)
        return try Listing(
            parameters: page,
            columns: [
                Column("id") { $0.id.text },
                Column("kind") { $0.kind.rawValue },
                Column("period") { $0.period.description },
                Column("status") { $0.state.rawValue },
                Column("compiler_id") { $0.compilerID.text },
                Column("receiver_id") { $0.receiverID?.text ?? "" },
                Column("settler_id") { $0.settlerID?.text ?? "" },
                Column("sha256") { $0.frozen?.sha256 ?? "" },
                Column("created_at") { $0.createdAt.rfc3339 },
                Column("submitted_at") { $0.submittedAt?.rfc3339 ?? "" },
                Column("received_at") { $0.receivedAt?.rfc3339 ?? "" },
                Column("settled_at") { $0.settledAt?.rfc3339 ?? "" },
                Column("version") { String($0.version) },
            ],
            key: { $0.id.text },
            fetch: { [query] page, tx throws(DomainError) in
                var query = query
                query.page = page
                return try tx.recaps.list(query, for: principal)
            },
            count: { [query] most, tx throws(DomainError) in try tx.recaps.count(query, for: principal, most: most) },
            write: { json, recap in
                let timed = TimedRecap(recap: recap, clock: nil)
                Schema.Recap(timed: timed, totals: nil, principal: principal, view: view, isWhole: false).write(to: &json)
            }
        ).response(to: request, in: tx, store: environment.store)
    }

    func createRecap(_ request: Request, by principal: Principal) throws -> PreparedWrite {
        let new = try request.json(as: Schema.NewRecap.self)
        let ids = environment.ids
        return { tx, now throws(DomainError) in
            let made = try tx.recaps.create(new.kind, new.period, by: principal, at: now, ids: ids)
            let view = Schema.View(now: now, calendars: try tx.calendars)
            let body = Schema.Recap(timed: made, totals: nil, principal: principal, view: view)
            return .created(body, at: Schema.Recap.location(of: made.recap.id), version: made.recap.version)
        }
    }

    // MARK: Reading

    /// A recap as it was found in one transaction.
    private struct Found: Sendable {
        let timed: TimedRecap
        /// Nil before the submission: its rows may be many, and are counted outside the transaction.
        let frozen: RecapTotals?
        let steps: [Procedure.Step]
        /// What the documents would say if the caller submitted it now.
        let unfrozen: Recap.Frozen
        let view: Schema.View
    }

    func getRecap(_ request: Request, by principal: Principal) async throws -> Response {
        var parameters = Query(request)
        let asked: Format? = parameters.choice("format")
        try parameters.finish()
        let found = try await find(try request.identifier(), for: principal)
        let recap = found.timed.recap
        let totals = if let frozen = found.frozen { frozen } else { try await compile(recap).totals }
        // What is frozen is the same for good; what is not, as long as its sums are.
        let content = recap.frozen.map { String($0.sha256.prefix(16)) } ?? Self.digest(totals, found.unfrozen)
        let source = RecapReader.Source.recap(recap.kind, recap.period)
        switch asked ?? Format(negotiatedBy: request.headers["accept"]) {
        case .json:
            let body = Schema.Recap(timed: found.timed, totals: totals, principal: principal, view: found.view)
            let tag = recap.frozen == nil ? "\(recap.version)-\(content)" : String(recap.version)
            return json(body, RecapReader(source, names: totals.names, store: environment.store, limit: Self.chunk), tag: tag)
        case .csv:
            let reader = RecapReader(source, names: totals.names, store: environment.store, limit: Self.chunk)
            let chunks = RecapChunks(reader) { RecapCSV.bytes($0, isFirst: $1) }
            let type = "\(MediaType.csv.rawValue); charset=utf-8; header=present"
            return answer(recap, "csv", type, tag: "\(content)-csv", .chunks { try chunks.next() })
        case .xlsx:
            let paper = paper(found, totals, request.language)
            let reader = RecapReader(source, names: totals.names, store: environment.store)
            let bytes = try await environment.documents.run { Result { try paper.xlsx(reader) } }.get()
            return answer(recap, "xlsx", MediaType.xlsx.rawValue, tag: "\(content)-xlsx-\(request.language.rawValue)", .bytes(bytes))
        case .pdf:
            let paper = paper(found, totals, request.language)
            let reader = RecapReader(source, names: totals.names, store: environment.store, limit: RecapPaper.mostCases + 1)
            let bytes = try await environment.documents.run { Result { try paper.pdf(reader) } }.get()
            return answer(recap, "pdf", MediaType.pdf.rawValue, tag: "\(content)-pdf-\(request.language.rawValue)", .bytes(bytes))
        }
    }

    /// The rows read for one chunk of a streamed answer.
    private static let chunk = 500

    private func find(_ id: Recap.ID, for principal: Principal) async throws -> Found {
        let environment = environment
        return try await environment.store.read { tx throws(DomainError) in
            let timed = try tx.recaps.get(id, for: principal)
            let recap = timed.recap
            var steps: [Procedure.Step] = []
            // The steps before the recap's own are those of its cases.
            for number in 1..<(recap.kind.workflow.creation.starts ?? 1) {
                if let step = try tx.procedures.step(number, of: recap.kind.procedure, version: recap.procedureVersion) {
                    steps.append(step)
                }
            }
            return Found(
                timed: timed,
                frozen: recap.frozen == nil ? nil : try tx.recaps.totals(of: recap),
                steps: steps,
                unfrozen: try Recap.Frozen(sha256: "", by: principal, in: tx),
                view: Schema.View(now: environment.clock(), calendars: try tx.calendars)
            )
        }
    }

    /// The recap with its rows, which are streamed: there may be very many.
    private func json(_ body: Schema.Recap, _ reader: RecapReader, tag: String) -> Response {
        var head = JSONWriter(capacity: 16_384)
        head.object { json in
            body.writeMembers(to: &json)
            json.name("cases")
            json.array(EmptyCollection<Never>()) { _, _ in }
        }
        // What is written so far, without the end of the list and of the object.
        let beginning = Array(head.finish().dropLast(2))
        let chunks = RecapChunks(reader, end: Array("]}".utf8)) { rows, isFirst in
            (isFirst ? beginning : []) + Schema.RecapCase.bytes(rows, isFirst: isFirst)
        }
        let headers: Headers = ["content-type": MediaType.json.rawValue, "etag": "\"\(tag)\""]
        return Response(status: 200, headers: headers, body: .chunks { try chunks.next() })
    }

    private func answer(_ recap: Recap, _ form: String, _ type: String, tag: String, _ body: Response.Body) -> Response {
        let name = "recap-\(recap.kind.rawValue)-\(recap.period).\(form)"
        let headers: Headers = [
            "content-type": type,
            "content-disposition": "\(form == "pdf" ? "inline" : "attachment"); filename=\"\(name)\"",
            "etag": "\"\(tag)\"",
        ]
        return Response(status: 200, headers: headers, body: body)
    }

    private func paper(_ found: Found, _ totals: RecapTotals, _ language: Language) -> RecapPaper {
        RecapPaper(
            recap: found.timed.recap,
            totals: totals,
            frozen: found.timed.recap.frozen ?? found.unfrozen,
            steps: found.steps,
            calendar: found.view.calendars.service.calendar,
            words: RecapWords(language)
        )
    }

    /// A hash over what the documents of a recap that is not frozen are made of.
    private static func digest(_ totals: RecapTotals, _ frozen: Recap.Frozen) -> String {
        var text = "\(frozen.institution)\n\(frozen.compilerName)\n\(frozen.compilerNIP ?? "")"
        for part in RecapTotals.Part.allCases {
            for line in totals[part] {
                text += "\n\(part.rawValue) \(line.key) \(line.name) \(line.count) \(line.onTime) \(line.late) \(line.points)"
            }
        }
        return String(Digest.hex(Digest.sha256(utf8: text)).prefix(16))
    }

    /// Counts and hashes the rows on a worker thread.
    private func compile(_ recap: Recap) async throws -> RecapCompilation {
        let store = environment.store
        return try await environment.documents.run {
            Result { () throws(DomainError) in try RecapCompilation(of: recap, store: store) }
        }.get()
    }

    // MARK: Events

    /// Seals the recap, compiles what is in it then, and freezes that: three steps, of which only the first and the last are writes.
    ///
    /// Where it breaks off between them the recap stays a sealed draft, and the same request goes on from there.
    func submitRecap(_ request: Request, by principal: Principal) async throws -> Response {
        _ = try request.json(as: EmptyBody.self)
        let id: Recap.ID = try request.identifier()
        let (expected, ids, clock) = (request.ifMatch, environment.ids, environment.clock)
        var compilation: RecapCompilation?
        do {
            try await environment.store.write(discarding: try request.isDryRun()) { tx throws(DomainError) in
                try tx.recaps.seal(id, expecting: expected, by: principal, at: clock())
            }
            let recap = try await environment.store.read { tx throws(DomainError) in try tx.recaps.get(id, for: principal).recap }
            compilation = try await compile(recap)
        } catch let error as DomainError where error.isRefusal {
            // It is so below in the same way, unless this repeats a request that has its answer.
        }
        return try await environment.commit(request, by: principal) { [compilation] tx, now throws(DomainError) in
            let recap = try tx.recaps.get(id, for: principal).recap
            _ = try tx.recaps.transition(of: .submit, on: recap, expecting: expected, by: principal)
            guard let compilation else { throw .unavailable("recap \(id) changed while it was compiled") }
            let frozen = try Recap.Frozen(sha256: compilation.sha256, by: principal, in: tx)
            let moved = try tx.recaps.submit(id, compilation.totals, frozen, expecting: expected, by: principal, at: now, ids: ids)
            return try response(to: moved, for: principal, at: now, in: tx)
        }
    }

    func receiveRecap(_ request: Request, by principal: Principal) throws -> PreparedWrite {
        _ = try request.json(as: EmptyBody.self)
        let id: Recap.ID = try request.identifier()
        let (expected, ids) = (request.ifMatch, environment.ids)
        return { tx, now throws(DomainError) in
            let moved = try tx.recaps.receive(id, expecting: expected, by: principal, at: now, ids: ids)
            return try response(to: moved, for: principal, at: now, in: tx)
        }
    }

    /// Posts the points of the recap portion by portion, then ends it.
    func settleRecap(_ request: Request, by principal: Principal) async throws -> Response {
        _ = try request.json(as: EmptyBody.self)
        let id: Recap.ID = try request.identifier()
        let (expected, ids, clock) = (request.ifMatch, environment.ids, environment.clock)
        let isDryRun = try request.isDryRun()
        if !isDryRun {
            do {
                var last: PerformancePoint.ID?
                repeat {
                    last = try await environment.store.write { [last] tx throws(DomainError) in
                        try tx.recaps.postPortion(
                            of: id,
                            after: last,
                            limit: Self.portion,
                            expecting: expected,
                            by: principal,
                            at: clock(),
                            ids: ids
                        )
                    }
                } while last != nil
            } catch {
                // What is refused is so below in the same way, unless this repeats a request that has its answer.
                if !error.isRefusal { throw error }
            }
        }
        return try await environment.commit(request, by: principal) { tx, now throws(DomainError) in
            let moved = try tx.recaps.settle(id, isDryRun: isDryRun, expecting: expected, by: principal, at: now, ids: ids)
            return try response(to: moved, for: principal, at: now, in: tx)
        }
    }

    /// The recap after an event, without its rows.
    private func response(
        to moved: TimedRecap,
        for principal: Principal,
        at now: Instant,
        in tx: borrowing Transaction
    ) throws(DomainError) -> Response {
        let view = Schema.View(now: now, calendars: try tx.calendars)
        let totals = try tx.recaps.totals(of: moved.recap)
        return .ok(Schema.Recap(timed: moved, totals: totals, principal: principal, view: view), version: moved.recap.version)
    }
}

extension RecapRoutes.Format {
    /// The best form for an `Accept` header.
    fileprivate init(negotiatedBy accept: String?) {
        switch MediaType.negotiate(accept, among: [.json, .csv, .xlsx, .pdf]) {
        case .csv: self = .csv
        case .xlsx: self = .xlsx
        case .pdf: self = .pdf
        default: self = .json
        }
    }
}

extension DomainError {
    /// Whether it says that this may not be done, and not that it could not.
    fileprivate var isRefusal: Bool {
        switch self {
        case .unavailable, .fault: false
        case .notFound, .forbidden, .fourEyes, .refused, .stale, .conflict, .invalid, .inBatch, .quotaExceeded: true
        }
    }
}

package import Domain
package import HTTP

/// The operations of the API, named as in the document.
package enum Operation: String, Sendable, CaseIterable {
    case createSession, deleteCurrentSession
    case getMe, getInbox, changeMyPassword
    case listTokens, createToken, deleteToken
    case listUsers, createUser, getUser, updateUser, deactivateUser, activateUser, resetUserPassword
    case listUnits, createUnit, getUnit, updateUnit
    case listEquipment, createEquipment, getEquipment, updateEquipment
    case listTopologies, createTopology, getTopology, replaceTopology, listTopologyVersions, getTopologyVersion
    case listTopologyAttachments, createTopologyAttachment
    case listConsultations, createConsultation, getConsultation, updateConsultation
    case submitConsultation, assignConsultation, reassignConsultation, proposeConsultation, returnConsultation
    case approveConsultation, deliverConsultation, acknowledgeConsultation, withdrawConsultation
    case getConsultationHistory, getConsultationTimings
    case listWorkspaceItems, createWorkspaceItem, getWorkspaceItem, updateWorkspaceItem
    case submitWorkspaceItem, receiveWorkspaceItem, returnWorkspaceItem, approveWorkspaceItem, acknowledgeWorkspaceItem
    case progressWorkspaceItem, completeWorkspaceItem, cancelWorkspaceItem
    case getWorkspaceItemHistory, getWorkspaceItemTimings, listWorkspaceItemProgress
    case listTickets, createTicket, getTicket, updateTicket
    case submitTicket, dispatchTicket, startTicket, followUpTicket, notSolvedTicket, solvedTicket, reportTicket, closeTicket
    case registerTicket, disposeTicket, examineTicket, classifyTicket, verifyTicket, prioritiseTicket, considerTicket
    case approveTicket, rejectTicket, assignTicket, handleTicket, cancelTicket
    case getTicketHistory, getTicketTimings, getTicketForm
    case listServiceComplaints, createServiceComplaint, getServiceComplaint, updateServiceComplaint
    case submitServiceComplaint, approveDirectServiceComplaint, forwardServiceComplaint, rejectServiceComplaint
    case scheduleServiceComplaint, settleServiceComplaint, withdrawServiceComplaint
    case getServiceComplaintHistory, getServiceComplaintTimings
    case listServiceComplaintLinks, createServiceComplaintLink, deleteServiceComplaintLink
    case listServiceComplaintComments, createServiceComplaintComment
    case listServiceComplaintAttachments, createServiceComplaintAttachment
    case listConsultationLinks, createConsultationLink, deleteConsultationLink
    case listWorkspaceItemLinks, createWorkspaceItemLink, deleteWorkspaceItemLink
    case listTicketLinks, createTicketLink, deleteTicketLink
    case runBatch, search
    case listConsultationComments, createConsultationComment, listConsultationAttachments, createConsultationAttachment
    case listWorkspaceItemComments, createWorkspaceItemComment, listWorkspaceItemAttachments, createWorkspaceItemAttachment
    case listTicketComments, createTicketComment, listTicketAttachments, createTicketAttachment
    case getAttachment, getAttachmentContent, deleteAttachment
    case listProcedureRuns, createProcedureRun, getProcedureRun, updateProcedureRun, cancelProcedureRun, completeProcedureRunStep
    case getProcedureRunHistory, getProcedureRunTimings, getProcedureRunResults
    case listProcedureRunLinks, createProcedureRunLink, deleteProcedureRunLink
    case listProcedureRunComments, createProcedureRunComment, listProcedureRunAttachments, createProcedureRunAttachment
    case listProcedures, getProcedure, getProcedureVersion, createProcedureVersion
    case listStepTimings, summariseStepTimings, explainStepTiming, analyseProcedure
    case pauseConsultation, resumeConsultation, pauseWorkspaceItem, resumeWorkspaceItem, pauseTicket, resumeTicket
    case pauseProcedureRun, resumeProcedureRun
    case getProcedureSchedule, replaceProcedureSchedule
    case getCalendar, replaceCalendar, addRamadan, importHolidays, calculateWorkingTime
    case getUnitCalendar, replaceUnitCalendar, deleteUnitCalendar
    case listPointRules, setPointRule
    case listPerformancePoints, createPerformancePoint, getPointSummary, getPerformancePoint
    case listRecaps, createRecap, getRecap, submitRecap, receiveRecap, settleRecap
    case getUserAppraisal
    case objectPerformancePoint, upholdPerformancePoint, reversePerformancePoint
    case listWorkflows, getWorkflow
    case listEvents, getOverview
    case getLiveness, getReadiness, getMetrics
    case getOpenAPIYAML, getOpenAPIJSON, getDocs, getDocsFile
    case getMonitor, getMonitorFile
    case listProblems, getProblem
}

/// How much a caller may ask of a route (security controls, section 10).
package enum LimitClass: Sendable {
    /// Not limited: health and documents.
    case none
    /// Reads and writes.
    case standard
    /// The bytes of attachments, in and out: a tenth of the standard.
    case attachments
    /// Lists and documents as CSV, XLSX or PDF, which read much at once: a sixtieth of the standard.
    case exports
}

/// Answers a read inside the transaction that checked the token.
package typealias ReadHandler = @Sendable (Request, Principal, borrowing Transaction) throws -> Response
/// Answers a write, which reaches the storage through `Environment.commit`, or makes a document.
package typealias WriteHandler = @Sendable (Request, Principal) async throws -> Response
/// A write that has taken its request apart: what it does within a transaction, alone or among others, at the moment given.
package typealias PreparedWrite = @Sendable (borrowing Transaction, Instant) throws(DomainError) -> Response
/// Takes a write's request apart without touching the storage.
package typealias PreparingHandler = @Sendable (Request, Principal) throws -> PreparedWrite
/// Answers anyone.
package typealias OpenHandler = @Sendable (Request) async throws -> Response

/// What stands before the body of a route that takes a file: it is asked when only the head is there.
package struct Gate: Sendable {
    /// The most bytes of body that are taken.
    package let limit: Int
    /// Lets the body in, to the receiver it gives, or throws why not; it runs inside the transaction that checked the token.
    package let admit: @Sendable (Request, Principal, borrowing Transaction) throws -> any BodyReceiver
}

/// One route: what it is called, who may call it, what it takes and gives, and what answers.
package struct Route: Sendable {
    package enum Action: Sendable {
        case open(OpenHandler)
        case read(Permission, ReadHandler)
        case write(Permission, WriteHandler)
        /// A write that may also be one of a batch.
        case change(Permission, PreparingHandler)
    }

    package let method: Method
    package let path: String
    package let operation: Operation
    /// The names of the query parameters; any other is refused.
    package let query: [String]
    package let produces: [MediaType]
    package let limit: LimitClass
    package let action: Action
    /// Whether a caller who must change his password may use it all the same.
    package var servesOneTimePasswords = false
    /// For a route whose body is streamed.
    package var gate: Gate?

    /// What the caller needs; nil for a route that is open to anyone.
    package var needs: Permission? {
        switch action {
        case .open: nil
        case .read(let permission, _), .write(let permission, _), .change(let permission, _): permission
        }
    }

    /// What a request to this route draws on: an export has a limit of its own.
    func limit(of request: Request) -> LimitClass {
        guard limit == .standard, produces.count > 1 else { return limit }
        if query.contains("format"), let format = request.target.query.first(where: { $0.name == "format" }) {
            return ["csv", "xlsx", "pdf"].contains(format.value) ? .exports : .standard
        }
        guard let type = MediaType.negotiate(request.headers["accept"], among: produces) else { return .standard }
        return [.csv, .xlsx, .pdf].contains(type) ? .exports : .standard
    }

    package static func open(
        _ method: Method,
        _ path: String,
        _ operation: Operation,
        produces: [MediaType] = [.json],
        limit: LimitClass = .none,
        use handler: @escaping OpenHandler
    ) -> Route {
        Route(method: method, path: path, operation: operation, query: [], produces: produces, limit: limit, action: .open(handler))
    }

    package static func get(
        _ path: String,
        _ operation: Operation,
        query: [String] = [],
        produces: [MediaType] = [.json],
        needs permission: Permission,
        use handler: @escaping ReadHandler
    ) -> Route {
        Route(
            method: .get,
            path: path,
            operation: operation,
            query: query,
            produces: produces,
            limit: .standard,
            action: .read(permission, handler)
        )
    }

    /// A route that gives a list: as JSON pages or as CSV.
    package static func list(
        _ path: String,
        _ operation: Operation,
        filters: [String] = [],
        needs permission: Permission,
        use handler: @escaping ReadHandler
    ) -> Route {
        get(
            path,
            operation,
            query: PageParameters.names + filters,
            produces: [.json, .csv],
            needs: permission,
            use: handler
        )
    }

    /// A GET whose answer takes long to make: its handler reads in a transaction of its own and leaves the thread meanwhile.
    package static func document(
        _ path: String,
        _ operation: Operation,
        query: [String] = [],
        produces: [MediaType],
        needs permission: Permission,
        use handler: @escaping WriteHandler
    ) -> Route {
        Route(
            method: .get,
            path: path,
            operation: operation,
            query: query,
            produces: produces,
            limit: .standard,
            action: .write(permission, handler)
        )
    }

    /// A POST that only computes: it changes nothing, and so takes no key and no dry run.
    package static func calculation(
        _ path: String,
        _ operation: Operation,
        needs permission: Permission,
        use handler: @escaping ReadHandler
    ) -> Route {
        Route(
            method: .post,
            path: path,
            operation: operation,
            query: [],
            produces: [.json],
            limit: .standard,
            action: .read(permission, handler)
        )
    }

    /// A route that gives the bytes of a file.
    package static func download(
        _ path: String,
        _ operation: Operation,
        produces: [MediaType],
        needs permission: Permission,
        use handler: @escaping ReadHandler
    ) -> Route {
        Route(
            method: .get,
            path: path,
            operation: operation,
            query: [],
            produces: produces,
            limit: .attachments,
            action: .read(permission, handler)
        )
    }

    /// A route that takes a file.
    package static func upload(
        _ path: String,
        _ operation: Operation,
        needs permission: Permission,
        behind gate: Gate,
        use handler: @escaping WriteHandler
    ) -> Route {
        var route = writing(.post, path, operation, .write(permission, handler), limit: .attachments)
        route.gate = gate
        return route
    }

    package static func post(
        _ path: String,
        _ operation: Operation,
        query: [String] = [],
        needs: Permission,
        use handler: @escaping WriteHandler
    ) -> Route {
        writing(.post, path, operation, query: query, .write(needs, handler))
    }

    package static func post(_ path: String, _ operation: Operation, needs: Permission, prepare: @escaping PreparingHandler) -> Route {
        writing(.post, path, operation, .change(needs, prepare))
    }

    package static func put(_ path: String, _ operation: Operation, needs: Permission, use handler: @escaping WriteHandler) -> Route {
        writing(.put, path, operation, .write(needs, handler))
    }

    package static func patch(_ path: String, _ operation: Operation, needs: Permission, use handler: @escaping WriteHandler) -> Route {
        writing(.patch, path, operation, .write(needs, handler))
    }

    package static func patch(_ path: String, _ operation: Operation, needs: Permission, prepare: @escaping PreparingHandler) -> Route {
        writing(.patch, path, operation, .change(needs, prepare))
    }

    package static func delete(_ path: String, _ operation: Operation, needs: Permission, use handler: @escaping WriteHandler) -> Route {
        writing(.delete, path, operation, .write(needs, handler))
    }

    package static func delete(_ path: String, _ operation: Operation, needs: Permission, prepare: @escaping PreparingHandler) -> Route {
        writing(.delete, path, operation, .change(needs, prepare))
    }

    private static func writing(
        _ method: Method,
        _ path: String,
        _ operation: Operation,
        query: [String] = [],
        _ action: Action,
        limit: LimitClass = .standard
    ) -> Route {
        Route(
            method: method,
            path: path,
            operation: operation,
            query: ["dry_run"] + query,
            produces: [.json],
            limit: limit,
            action: action
        )
    }
}

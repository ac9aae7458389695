package import Domain
package import Files
import HTTP
package import Security
import Synchronization

/// What handlers work with: the storage, the clock, the ids, and the parts that guard sign-in and repeats.
package struct Environment: Sendable {
    package let store: any Store
    /// The bytes of attachments.
    package let files: FileStore
    package let attachmentLimits: AttachmentLimits
    package let clock: @Sendable () -> Instant
    package let ids: IdentifierSource
    package let hasher: PasswordHasher
    package let passwords: PasswordPolicy
    /// Makes documents, one to a core, so that none keeps an I/O thread.
    let documents = WorkerPool(name: "documents", width: PasswordHasher.coreCount, queueLimit: 32)
    private let inFlight = InFlightKeys()

    package init(
        store: any Store,
        files: FileStore,
        attachmentLimits: AttachmentLimits = AttachmentLimits(),
        clock: @escaping @Sendable () -> Instant,
        ids: IdentifierSource,
        hasher: PasswordHasher,
        passwords: PasswordPolicy
    ) {
        self.store = store
        self.files = files
        self.attachmentLimits = attachmentLimits
        self.clock = clock
        self.ids = ids
        self.hasher = hasher
        self.passwords = passwords
    }

    /// Runs a write whole: a repeat under an idempotency key gives the first answer again, a dry run leaves nothing.
    ///
    /// The key is stored in the transaction of the write. `hasSecret` seals the stored answer, so that only the bearer of the same token
    /// can have it again.
    func commit(
        _ request: Request,
        by principal: Principal,
        hasSecret: Bool = false,
        _ body: @escaping @Sendable (borrowing Transaction, Instant) throws(DomainError) -> Response
    ) async throws -> Response {
        let clock = clock
        let key = try request.idempotencyKey(of: principal)
        if try request.isDryRun() {
            var response = try await store.write(discarding: true) { tx throws(DomainError) in try body(tx, clock()) }
            response.headers.set("dry-run", "true")
            return response
        }
        guard let key else {
            return try await store.write { tx throws(DomainError) in try body(tx, clock()) }
        }
        guard inFlight.insert(key) else { throw Problem(.idempotencyInFlight) }
        defer { inFlight.remove(key) }
        let hash = request.contentHash
        let secret = hasSecret ? request.bearerToken.map { Digest.deriveKey(from: Array($0.utf8), context: "idempotency") } : nil
        let outcome = try await store.write { tx throws(DomainError) in
            let now = clock()
            if let kept = try tx.idempotency.find(key, since: now.advanced(byMilliseconds: -IdempotencyKey.life)) {
                return kept.requestHash == hash ? Outcome.replayed(kept) : .reused
            }
            let response = try body(tx, now)
            try tx.idempotency.insert(KeptAnswer(response, requestHash: hash, sealedWith: secret), under: key, at: now)
            return .fresh(response)
        }
        switch outcome {
        case .fresh(let response): return response
        case .replayed(let kept): return try kept.response(openedWith: secret)
        case .reused: throw Problem(.idempotencyReused)
        }
    }

    private enum Outcome: Sendable {
        case fresh(Response)
        case replayed(KeptAnswer)
        case reused
    }
}

/// The keys whose first request still runs on this node.
private final class InFlightKeys: Sendable {
    private let keys = Mutex<Set<IdempotencyKey>>([])

    func insert(_ key: IdempotencyKey) -> Bool { keys.withLock { $0.insert(key).inserted } }

    func remove(_ key: IdempotencyKey) { keys.withLock { _ = $0.remove(key) } }
}

extension KeptAnswer {
    fileprivate init(_ response: Response, requestHash: [UInt8], sealedWith secret: [UInt8]?) {
        var body: [UInt8] = []
        if case .bytes(let block) = response.body { body = block.array }
        self.init(
            requestHash: requestHash,
            status: response.status,
            location: response.headers["location"],
            entityTag: response.headers["etag"],
            contentType: response.headers["content-type"],
            body: secret.map { SecretBox.seal(body, key: $0) } ?? body,
            isSealed: secret != nil
        )
    }

    fileprivate func response(openedWith secret: [UInt8]?) throws(Problem) -> Response {
        var bytes = body
        if isSealed {
            guard let secret, let opened = SecretBox.open(body, key: secret) else { throw Problem(.conflict) }
            bytes = opened
        }
        var headers: Headers = ["idempotency-replayed": "true"]
        if let location { headers.append("location", location) }
        if let entityTag { headers.append("etag", entityTag) }
        if let contentType { headers.append("content-type", contentType) }
        return Response(status: status, headers: headers, body: bytes.isEmpty ? .none : .bytes(bytes))
    }
}

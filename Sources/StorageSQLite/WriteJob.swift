import Domain

/// One waiting body, whatever it answers.
protocol WriteJob: AnyObject, Sendable {
    /// Runs the body and keeps its answer; says whether its changes are to be kept.
    func run(_ transaction: borrowing Transaction) -> Bool

    /// Hands the kept answer to the one who waits, or `failure` in place of a success that did not reach the disk.
    func finish(_ failure: DomainError?)
}

/// A body with the continuation that waits for its answer.
final class BodyJob<Value: Sendable>: WriteJob, @unchecked Sendable {
    // Safety: `result` is touched only by the thread that runs and then finishes the job, one after the other.
    private var result: Result<Value, DomainError>?
    private let discarding: Bool
    private let body: @Sendable (borrowing Transaction) throws(DomainError) -> Value
    private let continuation: CheckedContinuation<Result<Value, DomainError>, Never>

    init(
        discarding: Bool,
        _ body: @escaping @Sendable (borrowing Transaction) throws(DomainError) -> Value,
        _ continuation: CheckedContinuation<Result<Value, DomainError>, Never>
    ) {
        self.discarding = discarding
        self.body = body
        self.continuation = continuation
    }

    func run(_ transaction: borrowing Transaction) -> Bool {
        do throws(DomainError) {
            result = .success(try body(transaction))
            return !discarding
        } catch {
            result = .failure(error)
            return false
        }
    }

    func finish(_ failure: DomainError?) {
        switch (result, failure) {
        case (.failure(let error), _): continuation.resume(returning: .failure(error))
        case (_, let failure?): continuation.resume(returning: .failure(failure))
        case (let result?, nil): continuation.resume(returning: result)
        case (nil, nil): continuation.resume(returning: .failure(.fault("a body was answered before it ran")))
        }
    }
}

/// The storage, as the rest of the house sees it.
package protocol Store: Sendable {
    /// Runs `body` at once on this thread, in one read-only transaction.
    func read<Value>(_ body: (borrowing Transaction) throws(DomainError) -> Value) async throws(DomainError) -> Value

    /// Runs `body` on the writer and returns once its changes are on disk; an error, or `discarding`, undoes just this body.
    func write<Value: Sendable>(
        discarding: Bool,
        _ body: @escaping @Sendable (borrowing Transaction) throws(DomainError) -> Value
    ) async throws(DomainError) -> Value
}

extension Store {
    /// Runs `body` on the writer and returns once its changes are on disk; an error undoes just this body.
    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (borrowing Transaction) throws(DomainError) -> Value
    ) async throws(DomainError) -> Value {
        try await write(discarding: false, body)
    }
}

/// The repositories of one engine, bound to one connection.
package protocol Repositories: AnyObject {
}

/// One running transaction: the way to the repositories. It can be lent but not kept.
package struct Transaction: ~Copyable {
    let repositories: any Repositories

    package init(_ repositories: any Repositories) {
        self.repositories = repositories
    }
}

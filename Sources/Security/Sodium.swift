import CSodium

/// libsodium, made ready once for the whole process.
package enum Sodium {
    /// libsodium could not be made ready on this machine.
    package struct Unavailable: Error {}

    private static let isReady = sodium_init() >= 0

    /// Makes libsodium ready; may be called any number of times from any thread.
    package static func start() throws(Unavailable) {
        guard isReady else { throw Unavailable() }
    }

    /// Makes libsodium ready for a caller that has no way on without it.
    static func ensureStarted() {
        // No input reaches this: without its generator the process must not hand out a single secret.
        precondition(isReady, "libsodium cannot start")
    }
}

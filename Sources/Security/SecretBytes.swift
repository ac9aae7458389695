import CSodium

/// A copy of a secret in memory of its own, which is overwritten when the last owner lets go of it.
final class SecretBytes: @unchecked Sendable {
    // Safety: the memory is filled in `init`, only read after it, and freed in `deinit`, when no other owner is left.
    private let start: UnsafeMutablePointer<CChar>
    private let count: Int

    init(utf8 text: String) {
        count = text.utf8.count
        start = .allocate(capacity: count)
        for (offset, byte) in text.utf8.enumerated() {
            (start + offset).initialize(to: CChar(bitPattern: byte))
        }
    }

    deinit {
        sodium_memzero(start, count)
        start.deallocate()
    }

    /// Lends the first byte and the number of bytes for the length of the call.
    func withBytes<Value>(_ body: (UnsafePointer<CChar>, UInt64) -> Value) -> Value {
        body(start, UInt64(count))
    }
}

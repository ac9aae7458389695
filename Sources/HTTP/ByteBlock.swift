/// Bytes that lie at one place and change no more, so that they go out from where they were written.
package final class ByteBlock: @unchecked Sendable {
    // Safety: the block owns this memory alone and frees it with its last holder; until then all only read its first `count` bytes, which
    // are initialized.
    private let memory: UnsafeMutablePointer<UInt8>
    package let count: Int

    /// Takes over memory, of which the first `count` bytes are initialized.
    init(owning memory: UnsafeMutablePointer<UInt8>, count: Int) {
        self.memory = memory
        self.count = count
    }

    /// Copies `bytes`.
    package convenience init(_ bytes: [UInt8]) {
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: max(bytes.count, 1))
        _ = UnsafeMutableBufferPointer(start: memory, count: bytes.count).initialize(from: bytes)
        self.init(owning: memory, count: bytes.count)
    }

    deinit { memory.deallocate() }

    /// Runs `body` with the bytes, which stay where they are as long as anyone holds the block.
    package func withBytes<Value>(_ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value {
        body(UnsafeBufferPointer(start: memory, count: count))
    }

    /// A copy of the bytes.
    package var array: [UInt8] { withBytes { Array($0) } }
}

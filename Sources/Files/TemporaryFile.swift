import Domain
import Glibc
import Security
import Synchronization

/// A file that is being written and has no name of its own yet; unless it is kept it is gone with the last reference.
package final class TemporaryFile: Sendable {
    private struct State: ~Copyable {
        var size = 0
        var hasher: SHA256Hasher? = SHA256Hasher()
        var hash: [UInt8]?
        /// Whether the name is no longer that of a temporary file: it was given its place, or taken away.
        var isOver = false
    }

    let path: String
    let descriptor: Int32
    private let state = Mutex(State())

    init(path: String) throws(FileStore.Failure) {
        self.path = path
        descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .last(path) }
    }

    deinit {
        discard()
        close(descriptor)
    }

    /// Takes the file away unless it has its place: at once, where the last reference may go a moment later on another thread.
    package func discard() {
        state.withLock { state in
            if !state.isOver { unlink(path) }
            state.isOver = true
        }
    }

    /// Adds the next bytes; nothing may be added once the hash was asked for.
    package func write(_ bytes: RawSpan) throws(FileStore.Failure) {
        try state.withLock { state throws(FileStore.Failure) in
            state.hasher?.update(Span<UInt8>(_bytes: bytes))
            try bytes.withUnsafeBytes { buffer throws(FileStore.Failure) in
                var written = 0
                while written < buffer.count {
                    let count = Glibc.write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
                    if count < 0, errno == EINTR { continue }
                    guard count > 0 else { throw .last(path) }
                    written += count
                }
            }
            state.size += bytes.byteCount
        }
    }

    /// The SHA-256 of all that was written.
    package var hash: [UInt8] {
        state.withLock { state in
            if let hasher = state.hasher.take() { state.hash = hasher.finish() }
            return state.hash ?? []
        }
    }

    /// Brings the bytes to disk and gives the file its place.
    func keep(at place: String) throws(FileStore.Failure) {
        guard fsync(descriptor) == 0, rename(path, place) == 0 else { throw .last(place) }
        state.withLock { $0.isOver = true }
    }
}

extension TemporaryFile: RandomAccess {
    /// In bytes, so far.
    package var size: Int { state.withLock { $0.size } }

    package func bytes(at offset: Int, count: Int) throws -> [UInt8] {
        try FileStore.bytes(of: descriptor, path, at: offset, count: count)
    }
}

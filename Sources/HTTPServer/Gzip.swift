import CZlib
import Glibc
import HTTP
import Synchronization

/// One deflate stream that writes the gzip format.
final class GzipStream: @unchecked Sendable {
    // Safety: a stream has one owner at a time: the pool, the answer being packed, or the source of one chunked body.
    private let stream: UnsafeMutablePointer<z_stream>

    init?() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // Level 4: it runs on the I/O thread, so speed counts more than the last few percent.
        guard sikimr_gzip_start(stream, 4) == Z_OK else { return nil }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Packs all of `block` into memory that the caller must `free`; nil when there is none.
    func pack(_ block: ByteBlock) -> UnsafeMutableRawBufferPointer? {
        guard deflateReset(stream) == Z_OK, let input = UInt32(exactly: block.count) else { return nil }
        let bound = Int(deflateBound(stream, UInt(input)))
        guard let memory = malloc(bound) else { return nil }
        let packed = block.withBytes { bytes in
            run(bytes, into: UnsafeMutableRawBufferPointer(start: memory, count: bound), flush: Z_FINISH)
        }
        guard packed.status == Z_STREAM_END else {
            free(memory)
            return nil
        }
        return UnsafeMutableRawBufferPointer(start: memory, count: packed.written)
    }

    /// Packs the next chunk of a body, or with nil its end, so that the client can read all of it.
    func next(_ chunk: [UInt8]?) -> [UInt8]? {
        let chunk = chunk ?? []
        guard let input = UInt32(exactly: chunk.count) else { return nil }
        let bound = Int(deflateBound(stream, UInt(input))) + 64
        var isPacked = false
        let packed = [UInt8](unsafeUninitializedCapacity: bound) { output, count in
            let result = chunk.withUnsafeBufferPointer {
                run($0, into: UnsafeMutableRawBufferPointer(output), flush: chunk.isEmpty ? Z_FINISH : Z_SYNC_FLUSH)
            }
            count = result.written
            isPacked = result.status == (chunk.isEmpty ? Z_STREAM_END : Z_OK)
        }
        return isPacked ? packed : nil
    }

    private func run(
        _ input: UnsafeBufferPointer<UInt8>,
        into output: UnsafeMutableRawBufferPointer,
        flush: Int32
    ) -> (status: Int32, written: Int) {
        // Safety: zlib only reads through `next_in`; both buffers outlive the call.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.pointee.avail_in = UInt32(clamping: input.count)
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(clamping: output.count)
        let status = deflate(stream, flush)
        return (status, output.count - Int(stream.pointee.avail_out))
    }
}

/// Streams at rest, since each needs about 256 KiB of memory of its own.
final class GzipPool: Sendable {
    private let streams = Mutex<[GzipStream]>([])

    /// Packs all of `block` into memory that the caller must `free`.
    func pack(_ block: ByteBlock) -> UnsafeMutableRawBufferPointer? {
        guard let stream = streams.withLock({ $0.popLast() }) ?? GzipStream() else { return nil }
        defer { streams.withLock { if $0.count < 8 { $0.append(stream) } } }
        return stream.pack(block)
    }
}

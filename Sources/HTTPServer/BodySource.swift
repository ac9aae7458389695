import CMicroHTTPD
import HTTP

/// A body that libmicrohttpd asks for piece by piece, on the I/O thread.
class BodySource {
    /// Copies what fits; 0 after suspending, -1 ends the body and -2 breaks it off, as libmicrohttpd defines them.
    func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int { -1 }

    /// A response that owns this source.
    final func response(blockSize: Int) -> OpaquePointer? {
        let context = Unmanaged.passRetained(self)
        let made = MHD_create_response_from_callback(
            UInt64.max,
            blockSize,
            { context, _, buffer, room in
                guard let context, let buffer else { return -2 }
                let source = Unmanaged<BodySource>.fromOpaque(context).takeUnretainedValue()
                return source.fill(UnsafeMutableRawBufferPointer(start: buffer, count: room))
            },
            context.toOpaque(),
            { context in
                if let context { Unmanaged<BodySource>.fromOpaque(context).release() }
            }
        )
        if made == nil { context.release() }
        return made
    }
}

/// The chunks of one body, drawn as they are asked for.
final class ChunkSource: BodySource {
    private let draw: @Sendable () throws -> [UInt8]?
    private let gzip: GzipStream?
    private let connection: Connection
    private var pending: ArraySlice<UInt8> = []
    private var isOver = false

    init(_ draw: @escaping @Sendable () throws -> [UInt8]?, gzip: GzipStream?, connection: Connection) {
        self.draw = draw
        self.gzip = gzip
        self.connection = connection
    }

    override func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        while pending.isEmpty {
            if isOver { return -1 }
            do {
                let chunk = try draw()
                if let chunk, chunk.isEmpty { continue }
                isOver = chunk == nil
                guard let gzip else {
                    pending = chunk.map { $0[...] } ?? []
                    continue
                }
                guard let packed = gzip.next(chunk) else { return -2 }
                pending = packed[...]
            } catch {
                return -2
            }
        }
        let count = move(&pending, to: buffer)
        connection.chunkSent(count)
        return count
    }
}

/// A feed, drawn when the last bytes have gone out and it has woken the connection.
final class FeedSource: BodySource {
    private let feed: any BodyFeed
    private let connection: Connection
    private let handle: OpaquePointer
    private var pending: ArraySlice<UInt8> = []

    init(_ feed: any BodyFeed, connection: Connection, _ handle: OpaquePointer) {
        self.feed = feed
        self.connection = connection
        self.handle = handle
        super.init()
        feed.whenReady { connection.wake() }
    }

    deinit { feed.close() }

    override func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        while pending.isEmpty {
            guard connection.beginDraw() else { return -1 }
            do {
                switch try feed.draw() {
                case .bytes(let bytes): pending = bytes[...]
                case .end: return -1
                case .later: if connection.rest(handle) { return 0 }
                }
            } catch {
                return -2
            }
        }
        let count = move(&pending, to: buffer)
        connection.chunkSent(count)
        return count
    }
}

/// Moves as many bytes as fit and counts them.
private func move(_ pending: inout ArraySlice<UInt8>, to buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, pending.count)
    buffer.copyBytes(from: pending.prefix(count))
    // Releases the memory with the last byte, since a feed may rest for long.
    pending = count < pending.count ? pending.dropFirst(count) : []
    return count
}

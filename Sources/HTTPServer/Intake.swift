import CMicroHTTPD
import HTTP

/// Hands a streamed body to its receiver as it comes, and takes it apart if it is a form.
///
/// libmicrohttpd's parser of forms wants `boundary` as the last parameter of `Content-Type`, one space after the colon of a
/// part's fields and nothing but line ends behind the last boundary; what it cannot read is `malformed_request`.
final class Intake {
    let limit: Int
    private(set) var problem: Problem?
    private var receiver: (any BodyReceiver)?
    private var parser: OpaquePointer?
    private var size = 0
    private var parts = 0
    /// The part that began last and has no bytes yet.
    private var emptyPart: BodyPart?
    /// How much the parser read since it last gave something back.
    private var silence = 0

    /// The most parts of one form.
    static let mostParts = 100
    /// Fields of parts cost the parser a pass over its buffer for each line, so no more than this may come at a stretch.
    private static let longestSilence = 32 << 10
    private static let bufferSize = 16 << 10

    /// Prepares for the body whose head libmicrohttpd has just read.
    init(_ receiver: any BodyReceiver, limit: Int, contentType: String?, _ connection: OpaquePointer) {
        self.receiver = receiver
        self.limit = limit
        guard contentType.map(Self.isForm) ?? false else {
            do { try receiver.begin(BodyPart(contentType: contentType)) } catch { refuse(error) }
            return
        }
        // Safety: the parser is destroyed with this object, and runs only inside its methods.
        let context = Unmanaged.passUnretained(self).toOpaque()
        parser = MHD_create_post_processor(
            connection,
            Self.bufferSize,
            { context, _, name, fileName, contentType, encoding, data, offset, count in
                guard let context else { return .NO }
                let part = BodyPart(
                    name: name.map { String(cString: $0) },
                    fileName: fileName.map { String(cString: $0) },
                    contentType: contentType.map { String(cString: $0) }
                )
                let bytes = UnsafeRawBufferPointer(start: data, count: data == nil ? 0 : count)
                let intake = Unmanaged<Intake>.fromOpaque(context).takeUnretainedValue()
                return intake.take(part, encoding: encoding.map { String(cString: $0) }, bytes, at: offset) ? .YES : .NO
            },
            context
        )
        if parser == nil { refuse(Problem(.malformedRequest)) }
    }

    deinit { MHD_destroy_post_processor(parser) }

    /// Takes a part of the body; false when so much came that the connection is not worth draining any more.
    func take(_ data: UnsafeRawBufferPointer) -> Bool {
        size += data.count
        if size > limit { refuse(Problem(.tooLarge)) }
        guard problem == nil else { return size / 2 <= limit }
        guard let parser else {
            do throws(Problem) { try receiver?.receive(data.bytes) } catch { refuse(error) }
            return true
        }
        silence += data.count
        if MHD_post_process(parser, data.baseAddress, data.count) == .NO || silence > Self.longestSilence {
            refuse(Problem(.malformedRequest))
        }
        return true
    }

    /// Ends the body: the receiver of a whole one, or the first problem of another.
    func finish() -> Result<any BodyReceiver, Problem> {
        if let parser {
            self.parser = nil
            if MHD_destroy_post_processor(parser) == .NO { refuse(Problem(.malformedRequest)) }
        }
        guard problem == nil, let receiver else { return .failure(problem ?? Problem(.internal)) }
        self.receiver = nil
        return .success(receiver)
    }

    /// Keeps the first problem and lets go of the receiver.
    private func refuse(_ problem: Problem) {
        self.problem = self.problem ?? problem
        receiver = nil
    }

    private func take(_ part: BodyPart, encoding: String?, _ bytes: UnsafeRawBufferPointer, at offset: UInt64) -> Bool {
        silence = 0
        do throws(Problem) {
            guard let receiver else { return false }
            // The parser may name a part once before it has its first byte, and again with it.
            if offset == 0, bytes.isEmpty || part != emptyPart {
                parts += 1
                if parts > Self.mostParts { throw Problem(.malformedRequest) }
                guard encoding.map(Self.isPlain) ?? true else { throw Problem(.unsupportedMediaType) }
                try receiver.begin(part)
            }
            emptyPart = offset == 0 && bytes.isEmpty ? part : nil
            if !bytes.isEmpty { try receiver.receive(bytes.bytes) }
            return true
        } catch {
            refuse(error)
            return false
        }
    }

    private static func isForm(_ type: String) -> Bool {
        type.prefix { $0 != ";" && $0 != " " && $0 != "\t" }.lowercased() == "multipart/form-data"
    }

    /// Whether the bytes stand for themselves; forms have no other encoding (RFC 7578, section 4.7).
    private static func isPlain(_ encoding: String) -> Bool {
        ["7bit", "8bit", "binary"].contains(encoding.lowercased())
    }
}

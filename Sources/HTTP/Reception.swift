/// Where the body of a request goes, decided when only its head is there.
package enum Reception: Sendable {
    /// Into memory, up to the server's limit, as `Request.body`.
    case collected
    /// Nowhere: this answer goes out at once and the connection is closed.
    case refused(Response)
    /// To the receiver, as it comes, up to `limit` bytes of body; the request then carries it.
    case streamed(any BodyReceiver, limit: Int)
}

/// Takes a body as it comes, on the I/O thread: it may write to a file, and must not wait for anything else.
///
/// The server lets go of it as soon as the client goes away, the body breaks a rule or a call throws; `deinit` is the place
/// to remove what it wrote. If the body comes to its end, the request carries it to the handler, which finishes the work.
/// Its calls never overlap: the I/O thread makes them one by one, and the handler begins after the last.
package protocol BodyReceiver: AnyObject, Sendable {
    /// A part begins: the one part of a plain body, or the next field of a `multipart/form-data` one.
    func begin(_ part: BodyPart) throws(Problem)
    /// The next bytes of the part that began last; a part may have none.
    func receive(_ bytes: RawSpan) throws(Problem)
}

/// What a client says of one part of a body; nothing of it is to be trusted.
package struct BodyPart: Sendable, Equatable {
    /// The name of the form field; nil for a plain body.
    package let name: String?
    /// The name of the file as the client gave it, with whatever it has of directories.
    package let fileName: String?
    package let contentType: String?

    package init(name: String? = nil, fileName: String? = nil, contentType: String? = nil) {
        self.name = name
        self.fileName = fileName
        self.contentType = contentType
    }
}

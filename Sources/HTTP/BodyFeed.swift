/// A body whose next bytes come later and which need not end, such as a stream of events.
///
/// The server calls `whenReady` once, before the first `draw`, when the answer goes out; this is the time to subscribe to
/// whatever brings the bytes. A feed whose answer is never sent is dropped without any call.
package protocol BodyFeed: AnyObject, Sendable {
    /// The next bytes; called on the I/O thread, so it must not block. Throwing breaks the connection off.
    func draw() throws -> FeedDraw
    /// Gives what to call, from any thread, whenever `draw` may have something again after `later`; too many calls do no harm.
    func whenReady(_ wake: @escaping @Sendable () -> Void)
    /// The answer is over, whichever side ended it; nothing is drawn any more, and the feed should drop its wake-up.
    func close()
}

/// What a feed has just now.
package enum FeedDraw: Sendable, Equatable {
    case bytes([UInt8])
    /// Nothing until the next wake-up.
    case later
    case end
}

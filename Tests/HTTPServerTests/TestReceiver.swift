import HTTP
import Synchronization

/// Keeps what it receives, and says when it is gone.
final class TestReceiver: BodyReceiver {
    struct Received: Equatable {
        let part: BodyPart
        var bytes: [UInt8] = []
    }

    let received = Mutex<[Received]>([])
    private let onEnd: @Sendable () -> Void

    init(onEnd: @escaping @Sendable () -> Void) { self.onEnd = onEnd }

    deinit { onEnd() }

    func begin(_ part: BodyPart) throws(Problem) {
        if part.contentType == "application/x-forbidden" { throw Problem(.unsupportedMediaType) }
        received.withLock { $0.append(Received(part: part)) }
    }

    func receive(_ bytes: RawSpan) throws(Problem) {
        received.withLock { received in
            bytes.withUnsafeBytes { received[received.count - 1].bytes += $0 }
        }
    }
}

/// What became of the uploads of a test.
final class Uploads: Sendable {
    let received = Mutex<[[TestReceiver.Received]]>([])
    private let begun = Atomic(0)
    private let ended = Atomic(0)

    var count: Int { begun.load(ordering: .relaxed) }
    /// How many receivers are still there.
    var open: Int { count - ended.load(ordering: .relaxed) }

    func receiver() -> TestReceiver {
        begun.add(1, ordering: .relaxed)
        return TestReceiver { self.ended.add(1, ordering: .relaxed) }
    }

    /// The parts of the only upload.
    var only: [TestReceiver.Received] { received.withLock { $0.count == 1 ? $0[0] : [] } }
}

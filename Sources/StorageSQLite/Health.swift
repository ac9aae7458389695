import Synchronization

/// Whether the storage can be trusted; once it cannot, it stays so until the process starts anew.
final class Health: Sendable {
    private let failed = Atomic<Bool>(false)
    private let onFatal: @Sendable (String) -> Void

    init(onFatal: @escaping @Sendable (String) -> Void) {
        self.onFatal = onFatal
    }

    var isFailed: Bool { failed.load(ordering: .acquiring) }

    /// Stops all reads and writes for good and tells so, the first time.
    func fail(_ reason: String) {
        guard !failed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        onFatal(reason)
    }
}

import CXLSXWriter
import Glibc

/// One XLSX file on its way into memory, and the libxlsxwriter workbook that writes it.
///
/// Debian's libxlsxwriter 1.1.4 writes to a named file only: the name is that of an anonymous file in memory. Rows wait in
/// unnamed files of the temporary folder. Relied on: libxlsxwriter has no state outside of a workbook.
final class XLSXFile {
    private let descriptor: Int32
    private var open: UnsafeMutablePointer<lxw_workbook>?

    init() throws(DocumentError) {
        descriptor = memfd_create("xlsx", UInt32(memfd_close_on_exec))
        guard descriptor >= 0 else { throw DocumentError.libraryFailed("memfd_create: error \(errno)") }
        var options = lxw_workbook_options()
        // Every row leaves the memory once the next one starts.
        options.constant_memory = 1
        open = workbook_new_opt("/proc/self/fd/\(descriptor)", &options)
        guard open != nil else { throw DocumentError.libraryFailed("libxlsxwriter: no workbook") }
    }

    deinit {
        if let open { lxw_workbook_free(open) }
        if descriptor >= 0 { close(descriptor) }
    }

    /// The workbook while it is being written.
    func workbook() throws(DocumentError) -> UnsafeMutablePointer<lxw_workbook> {
        guard let open else { throw DocumentError.libraryFailed("libxlsxwriter: the workbook is closed") }
        return open
    }

    /// Fails with the library's own words unless the call succeeded.
    static func check(_ error: lxw_error) throws(DocumentError) {
        guard error != LXW_NO_ERROR else { return }
        throw DocumentError.libraryFailed("libxlsxwriter: \(lxw_strerror(error).map { String(cString: $0) } ?? "error \(error.rawValue)")")
    }

    /// Ends the file and gives its bytes away.
    func finish() throws(DocumentError) -> [UInt8] {
        let workbook = try workbook()
        // It frees the workbook even when it fails.
        open = nil
        try Self.check(workbook_close(workbook))
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw DocumentError.libraryFailed("fstat: error \(errno)") }
        let size = Int(status.st_size)
        var filled = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while filled < size {
                guard let base = buffer.baseAddress else { break }
                let read = pread(descriptor, base + filled, size - filled, off_t(filled))
                if read > 0 { filled += read } else if read == 0 || errno != EINTR { break }
            }
            count = filled
        }
        guard filled == size else { throw DocumentError.libraryFailed("pread: error \(errno)") }
        return bytes
    }
}

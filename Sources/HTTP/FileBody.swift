import Glibc

/// Part of an open file, sent as it is; the descriptor is closed with the last reference.
package final class FileBody: Sendable {
    package let descriptor: Int32
    /// Where the part begins, in bytes.
    package let offset: Int
    /// How many bytes are sent; the file must have them until the answer is over.
    package let length: Int

    /// Takes over `descriptor`, which is open for reading on a regular file.
    package init(owning descriptor: Int32, offset: Int = 0, length: Int) {
        self.descriptor = descriptor
        self.offset = offset
        self.length = length
    }

    deinit { close(descriptor) }
}

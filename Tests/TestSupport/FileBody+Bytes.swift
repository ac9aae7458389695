import Glibc
import HTTP

extension FileBody {
    /// The bytes it sends, as far as the file has them.
    package func bytes() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            count = max(0, pread(descriptor, buffer.baseAddress, buffer.count, offset))
        }
    }
}

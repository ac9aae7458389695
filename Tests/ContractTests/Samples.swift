/// Small files of the types that cases take; each byte is written by hand or told by the format.
enum Sample {
    static let pdf = "%PDF-1.4\n%%EOF\n"
    static let text = "Satu baris.\n"
}

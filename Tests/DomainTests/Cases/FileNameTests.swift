import Domain
import Testing

@Suite struct FileNameTests {
    @Test(
        arguments: [
            ("surat.pdf", "surat.pdf"), ("/etc/passwd", "passwd"), (#"C:\Users\a\b.doc"#, "b.doc"), ("../../a.txt", "a.txt"),
            ("a\u{0}b\n.txt", "ab.txt"), (" a .txt ", "a .txt"), ("a.txt. .", "a.txt"), ("e\u{301}.txt", "\u{E9}.txt"),
            ("invoice\u{202E}fdp.exe", "invoicefdp.exe"), ("a\u{200B}.txt", "a.txt"), (".htaccess", ".htaccess"), ("日本.csv", "日本.csv"),
        ]
    )
    func `a name is cleaned`(_ sent: String, _ kept: String) throws {
        let name = try #require(FileName(cleaning: sent))
        #expect(Array(name.text.utf8) == Array(kept.utf8))
    }

    @Test(arguments: ["", " ", "/", "a/", "..", "...", "\u{0}", "\\", "a." + String(repeating: "x", count: 300)])
    func `what leaves no name is none`(_ sent: String) {
        #expect(FileName(cleaning: sent) == nil)
    }

    @Test func `a long name loses its middle, not its extension, and no half character stays`() throws {
        let name = try #require(FileName(cleaning: String(repeating: "é", count: 200) + ".pdf"))
        #expect(name.text == String(repeating: "é", count: 125) + ".pdf" && name.text.utf8.count == 254)
        #expect(try #require(FileName(cleaning: String(repeating: "a", count: 300))).text.utf8.count == 255)
        #expect(try #require(FileName(cleaning: String(repeating: "a", count: 255))).text.utf8.count == 255)
    }

    @Test(arguments: [("a.PDF", "pdf"), ("a.tar.gz", "gz"), ("a", ""), (".pdf", "")])
    func `the extension is what stands behind the last dot`(_ text: String, _ end: String) {
        #expect(FileName(stored: text).fileExtension == end)
    }
}

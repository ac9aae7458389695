import HTTP
import Testing

@Suite struct ContentDispositionTests {
    @Test(
        arguments: [
            (#"attachment; filename="a b.pdf""#, "a b.pdf"), ("attachment;filename=a.pdf", "a.pdf"), (#"attachment; FileName = "a""#, "a"),
            (#"attachment; filename="a\"b\\c""#, #"a"b\c"#), (#"attachment; filename="C:\dir\a.pdf""#, #"C:\dir\a.pdf"#),
            ("attachment; filename=a.txt; filename*=UTF-8''na%C3%AFf.txt", "naïf.txt"),
            ("attachment; filename*=utf-8'id'%e2%82%ac.txt; filename=b.txt", "€.txt"),
            ("attachment; filename*=ISO-8859-1''%A3.txt; filename=b.txt", "b.txt"),
            ("attachment; filename*=UTF-8''%zz; filename=b.txt", "b.txt"), ("attachment; filename*=UTF-8''%C3; filename=b.txt", "b.txt"),
            (#"attachment; name="x; filename=no"; filename=yes"#, "yes"), (#"inline; filename="; ""#, "; "), ("x; filename=é.txt", "é.txt"),
        ]
    )
    func `the file name is read from a field`(_ field: String, _ name: String) {
        #expect(ContentDisposition.fileName(in: field) == name)
    }

    @Test(arguments: ["", "attachment", "attachment; filename", "filename=a", "attachment; filenam=a", ";", ";;=", "a; filename*=UTF-8'x"])
    func `a field without a name has none`(_ field: String) {
        #expect(ContentDisposition.fileName(in: field) == nil)
    }

    @Test func `a name is written so that it reads back and cannot leave its field`() {
        #expect(ContentDisposition.attachment("a.pdf") == "attachment; filename*=UTF-8''a.pdf")
        #expect(ContentDisposition.attachment("a\"\r\n;é%") == "attachment; filename*=UTF-8''a%22%0D%0A%3B%C3%A9%25")
        for name in ["surat tugas.pdf", "日本.csv", "a'b*c\"d"] {
            #expect(ContentDisposition.fileName(in: ContentDisposition.attachment(name)) == name)
        }
    }
}

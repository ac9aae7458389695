import HTTP
import Testing

@Suite struct CSVWriterTests {
    private func row(_ cells: [String]) -> String {
        var csv = CSVWriter()
        csv.row(cells)
        return String(decoding: csv.finish(), as: UTF8.self)
    }

    @Test(arguments: [
        (["a", "b"], "a,b\r\n"),
        (["", ""], ",\r\n"),
        (["a,b"], "\"a,b\"\r\n"),
        (["a\"b"], "\"a\"\"b\"\r\n"),
        (["\""], "\"\"\"\"\r\n"),
        (["a\nb"], "\"a\nb\"\r\n"),
        (["a\r\nb"], "\"a\r\nb\"\r\n"),
        (["a b ", "é€"], "a b ,é€\r\n"),
        (["a=b", "1-2", "x@y"], "a=b,1-2,x@y\r\n"),
    ])
    func `cells are quoted as RFC 4180 says`(_ cells: [String], _ line: String) {
        #expect(row(cells) == line)
    }

    @Test(arguments: [
        ("=1+1", "'=1+1"),
        ("+62811", "'+62811"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\u{0}x", "'\u{0}x"),
        ("\rx", "\"'\rx\""),
        ("\r\nx", "\"'\r\nx\""),
        ("=A1,B1", "\"'=A1,B1\""),
        ("=\"a\"", "\"'=\"\"a\"\"\""),
    ])
    func `a cell that a spreadsheet would run is neutralised`(_ cell: String, _ written: String) {
        #expect(row([cell]) == written + "\r\n")
        #expect(row(["x", cell]) == "x," + written + "\r\n")
    }

    @Test func `rows follow one another`() {
        var csv = CSVWriter()
        csv.row(["id", "name"])
        csv.row(["1", "a"])
        #expect(String(decoding: csv.finish(), as: UTF8.self) == "id,name\r\n1,a\r\n")
    }
}

import HTTP
import Testing

@Suite struct ByteRangeTests {
    private func selection(_ range: String, size: Int = 100) -> ByteRange.Selection {
        ByteRange.select(["range": range], size: size, entityTag: "\"1\"")
    }

    @Test(arguments: [
        ("bytes=0-0", 0, 0), ("bytes=0-99", 0, 99), ("bytes=5-9", 5, 9), ("bytes=5-", 5, 99), ("bytes=99-", 99, 99),
        ("bytes=5-1000", 5, 99), ("bytes=5-99999999999999999999", 5, 99), ("bytes=-1", 99, 99), ("bytes=-100", 0, 99),
        ("bytes=-1000", 0, 99), ("bytes=-99999999999999999999", 0, 99), ("BYTES=5-9", 5, 9), ("bytes=, 5-9 ,", 5, 9),
    ]) func `a range that has bytes is a part`(_ header: String, _ first: Int, _ last: Int) {
        let selection = selection(header)
        #expect(selection == .partial(ByteRange(first: first, last: last)))
        #expect(selection.contentRange(of: 100) == "bytes \(first)-\(last)/100")
    }

    @Test(arguments: ["bytes=100-", "bytes=100-200", "bytes=99999999999999999999-", "bytes=-0"])
    func `a range behind the end cannot be satisfied`(_ header: String) {
        #expect(selection(header) == .unsatisfiable)
        #expect(selection(header).contentRange(of: 100) == "bytes */100")
    }

    @Test(arguments: [
        "", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5", "bytes=9-5", "bytes=1-2-3", "bytes=1-2,4-5", "bytes=5-x", "bytes=x-5",
        "bytes=--5", "bytes=+1-5", "bytes=1 - 5", "bytes =1-5", "items=0-5", "bytes=٠-٩", "=0-5", "bytes=0x1-5",
    ]) func `anything else is ignored`(_ header: String) {
        #expect(selection(header) == .full)
        #expect(selection(header).contentRange(of: 100) == nil)
    }

    @Test func `nothing has no ranges`() {
        #expect(selection("bytes=0-", size: 0) == .unsatisfiable)
        #expect(selection("bytes=-5", size: 0) == .full)
    }

    @Test func `without the field, or with two, all is sent`() {
        #expect(ByteRange.select([:], size: 100, entityTag: "\"1\"") == .full)
        #expect(ByteRange.select(["range": "bytes=0-1", "range": "bytes=0-1"], size: 100, entityTag: "\"1\"") == .full)
    }

    @Test func `If-Range lets the range through only for this very tag`() {
        func select(_ condition: String, _ tag: String?) -> ByteRange.Selection {
            ByteRange.select(["range": "bytes=0-1", "if-range": condition], size: 100, entityTag: tag)
        }
        #expect(select("\"1\"", "\"1\"") == .partial(ByteRange(first: 0, last: 1)))
        #expect(select("\"2\"", "\"1\"") == .full)
        #expect(select("W/\"1\"", "W/\"1\"") == .full)
        #expect(select("W/\"1\"", "\"1\"") == .full)
        #expect(select("Sat, 29 Oct 1994 19:43:31 GMT", "\"1\"") == .full)
        #expect(select("\"1\"", nil) == .full)
    }
}

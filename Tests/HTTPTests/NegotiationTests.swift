import HTTP
import Testing

@Suite struct NegotiationTests {
    @Test(
        arguments: [
            (nil, MediaType.json),
            ("*/*", .json),
            ("", .json),
            ("application/json", .json),
            ("text/csv", .csv),
            ("TEXT/CSV", .csv),
            ("text/*", .csv),
            ("text/csv, application/json", .json),
            ("application/json;q=0.5, text/csv", .csv),
            ("application/json; q=0.5 , text/csv;q=0.4", .json),
            ("text/csv;header=present;q=0.9, application/json;q=0.1", .csv),
            ("application/json;q=0, */*", .csv),
            ("*/*;q=0.1, text/csv;q=0.2", .csv),
            ("image/png, */*;q=0.1", .json),
            ("application/*;q=0.2, text/*;q=0.3", .csv),
            ("text/csv;q=7", .csv),
        ] as [(String?, MediaType)]
    )
    func `the best of what Accept asks for is chosen`(_ accept: String?, _ type: MediaType) {
        #expect(MediaType.negotiate(accept, among: [.json, .csv]) == type)
    }

    @Test(arguments: [
        "image/png", "text/html", "text/csv;q=0", "*/*;q=0", "text/csv;q=x", "text/csv;q=nan", "json", "application/js", ";", ",",
    ])
    func `nothing is chosen when nothing is acceptable`(_ accept: String) {
        let chosen = MediaType.negotiate(accept, among: [.json, .csv])
        #expect(accept == "," ? chosen == .json : chosen == nil)
    }

    @Test(
        arguments: [
            (nil, Language.indonesian),
            ("", .indonesian),
            ("id", .indonesian),
            ("en", .english),
            ("EN", .english),
            ("en-GB", .english),
            ("en-GB,en;q=0.9,id;q=0.8", .english),
            ("id;q=0.1, en;q=0.9", .english),
            ("id, en", .indonesian),
            ("en, id", .english),
            ("fr", .indonesian),
            ("fr, en;q=0.1", .english),
            ("en;q=0", .indonesian),
            ("english", .indonesian),
            ("*", .indonesian),
            ("en;q=nan", .indonesian),
        ] as [(String?, Language)]
    )
    func `the better language is chosen, Indonesian when neither is named`(_ header: String?, _ language: Language) {
        #expect(Language(accepting: header) == language)
    }

    @Test func `If-Match compares strongly and If-None-Match weakly`() throws {
        let tags = try #require(EntityTags(#""1", W/"2" ,"3""#))
        #expect(tags.matchesStrongly(#""1""#) && tags.matchesStrongly(#""3""#))
        #expect(!tags.matchesStrongly(#""2""#) && !tags.matchesStrongly(#""4""#))
        #expect(tags.matchesWeakly(#""1""#) && tags.matchesWeakly(#""2""#))
        #expect(!tags.matchesWeakly(#""4""#))
    }

    @Test func `a star matches any tag and no header is no condition`() {
        #expect(EntityTags("*") == .any)
        #expect(EntityTags(" * ") == .any)
        #expect(EntityTags("*")?.matchesStrongly(#""9""#) == true)
        #expect(EntityTags(nil) == nil)
        #expect(EntityTags("")?.matchesWeakly(#""1""#) == false)
    }

    @Test(arguments: [("a", true), ("A-z_0.9", true), ("", false), ("a b", false), ("a\nb", false), ("é", false), ("a;b", false)])
    func `a request id is taken when its characters are allowed`(_ text: String, _ isTaken: Bool) {
        #expect(Request.isRequestID(text) == isTaken)
    }

    @Test func `a request id has 128 characters at most`() {
        #expect(Request.isRequestID(String(repeating: "a", count: 128)))
        #expect(!Request.isRequestID(String(repeating: "a", count: 129)))
    }
}

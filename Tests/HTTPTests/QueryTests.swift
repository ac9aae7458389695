import HTTP
import Testing

@Suite struct QueryTests {
    private enum Sort: String, CaseIterable {
        case rising, falling
    }

    private func query(_ text: String) throws -> Query { Query(try request(.get, "/v1/things?\(text)")) }

    /// The faults of a query as `parameter code`.
    private func faults(_ query: consuming Query) -> [String] {
        do throws(Problem) {
            try query.finish()
            return []
        } catch {
            #expect(error.code == .invalidParameter)
            return error.errors.map { fault in
                guard case .parameter(let name) = fault.place else { return "no parameter" }
                return "\(name) \(fault.code)"
            }
        }
    }

    @Test func `right parameters become their values`() throws {
        var query = try query("limit=200&flag=true&off=false&sort=rising&all=falling,rising,falling&q=a+b&code=c7")
        let (limit, flag, off) = (query.integer("limit", 1...200), query.flag("flag"), query.flag("off"))
        let (sort, all): (Sort?, [Sort]?) = (query.choice("sort"), query.choices("all"))
        let (words, code) = (query.text("q", longest: 3), query.parsed("code", (id: "kode", en: "a code")) { Int($0.dropFirst()) })
        #expect(
            limit == 200 && flag == true && off == false && sort == .rising && all == [.falling, .rising] && words == "a b" && code == 7
        )
        #expect(faults(query).isEmpty)
    }

    @Test func `parameters that were not sent are nil and no fault`() throws {
        var query = try query("")
        let (limit, flag, words) = (query.integer("limit", 1...200), query.flag("flag"), query.text("q", longest: 3))
        let (sort, all): (Sort?, [Sort]?) = (query.choice("sort"), query.choices("all"))
        #expect(limit == nil && flag == nil && words == nil && sort == nil && all == nil)
        #expect(faults(query).isEmpty)
    }

    @Test func `every fault is named at once`() throws {
        var query = try query("limit=201&flag=1&sort=up&all=rising,,falling&q=abcd&code=x")
        _ = query.integer("limit", 1...200)
        _ = query.flag("flag")
        let _: Sort? = query.choice("sort")
        let _: [Sort]? = query.choices("all")
        _ = query.text("q", longest: 3)
        let _: Int? = query.parsed("code", (id: "kode", en: "a code")) { _ in nil }
        let found = faults(query)
        #expect(found == ["limit out_of_range", "flag wrong_type", "sort not_one_of", "all not_one_of", "q too_long", "code bad_format"])
    }

    @Test(arguments: ["0", "201", "-1", "+5", "007", "5.0", "five", "", " 5", "99999999999999999999", "0x10"])
    func `an integer is written plainly and within its range`(_ value: String) throws {
        var query = try query("limit=\(percentEncoded(value))")
        #expect(query.integer("limit", 1...200) == nil)
        #expect(faults(query) == ["limit out_of_range"])
    }

    @Test(arguments: ["TRUE", "True", "1", "yes", ""])
    func `a flag is true or false`(_ value: String) throws {
        var query = try query("flag=\(value)")
        #expect(query.flag("flag") == nil)
        #expect(faults(query) == ["flag wrong_type"])
    }

    @Test(arguments: ["", "   ", "a\u{1}b"])
    func `a text has something to see and no control characters`(_ value: String) throws {
        var query = try query("q=\(percentEncoded(value))")
        #expect(query.text("q", longest: 10) == nil)
        #expect(faults(query).count == 1)
    }
}

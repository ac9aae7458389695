import HTTP
import Testing

/// A body with a member of every kind.
private struct Thing: RequestBody {
    enum Colour: String, CaseIterable {
        case red, green, blue
    }

    let name: String
    let note: String?
    let colour: Colour
    let colours: [Colour]
    let count: Int
    let isOpen: Bool?
    let code: Int?

    init(_ fields: inout Fields) {
        name = fields.text("name", .line(2...5))
        note = fields.optionalText("note", .lines(1...10))
        colour = fields.choice("colour", or: .red)
        colours = fields.choices("colours", count: 1...2)
        count = fields.integer("count", 1...9)
        isOpen = fields.optionalFlag("is_open")
        code = fields.optionalParsed("code", (id: "kode", en: "a code")) { $0.hasPrefix("c") ? Int($0.dropFirst()) : nil }
    }
}

/// A merge patch with a member of every kind.
private struct Patch: RequestBody {
    let name: Change<String>
    let note: Change<String>
    let colour: Change<Thing.Colour>
    let flag: Change<Bool>
    let hue: Change<Thing.Colour>

    init(_ fields: inout Fields) {
        name = fields.changedText("name", .line(2...5))
        note = fields.clearableText("note", .line(1...5))
        colour = fields.changedChoice("colour")
        flag = fields.changedFlag("flag")
        hue = fields.clearableChoice("hue")
    }
}

@Suite struct FieldsTests {
    private let whole = #"{"name":"abc","colour":"green","colours":["red"],"count":3}"#

    private func problem<Body: RequestBody>(_ json: String, _ type: Body.Type, headers: Headers? = nil) throws -> Problem? {
        let sent = try headers.map { try request(headers: $0, body: json) } ?? request(body: json)
        do throws(Problem) {
            _ = try sent.json(as: type)
            return nil
        } catch {
            return error
        }
    }

    /// The faults of a body as `pointer code`, in their order.
    private func faults<Body: RequestBody>(_ json: String, _ type: Body.Type = Thing.self) throws -> [String] {
        guard let problem = try problem(json, type) else { return [] }
        #expect(problem.code == .invalid)
        return problem.errors.map { error in
            guard case .pointer(let pointer) = error.place else { return "no pointer" }
            return "\(pointer) \(error.code)"
        }
    }

    @Test func `a right body becomes its value`() throws {
        let json = #"{"name":"abc","note":"a\tb","colour":"green","colours":["red","blue"],"count":3,"is_open":true,"code":"c7"}"#
        let thing = try request(body: json).json(as: Thing.self)
        #expect(thing.name == "abc" && thing.note == "a\tb" && thing.colour == .green && thing.colours == [.red, .blue])
        #expect(thing.count == 3 && thing.isOpen == true && thing.code == 7)
    }

    @Test func `an optional member may be missing or null`() throws {
        for json in [whole, String(whole.dropLast()) + #","note":null,"is_open":null,"code":null}"#] {
            let thing = try request(body: json).json(as: Thing.self)
            #expect(thing.note == nil && thing.isOpen == nil && thing.code == nil)
        }
    }

    @Test func `every fault is named at once`() throws {
        let json =
            #"{"name":"a","note":7,"colour":"pink","colours":["red","x","red"],"count":10,"is_open":"yes","code":"d","extra":1,"more":{}}"#
        #expect(
            try faults(json) == [
                "/name too_short", "/note wrong_type", "/colour not_one_of", "/colours/1 not_one_of", "/colours duplicate",
                "/colours wrong_count",
                "/count out_of_range", "/is_open wrong_type", "/code bad_format", "/extra unknown", "/more unknown",
            ]
        )
    }

    @Test func `every missing member is named at once`() throws {
        let expected = ["/name required", "/colour required", "/colours required", "/count required"]
        #expect(try faults("{}") == expected)
        #expect(try faults("") == expected)
        #expect(try faults(#"{"name":null,"colour":null,"colours":null,"count":null}"#) == expected)
    }

    @Test(arguments: ["[]", "1", "\"x\"", "null", "true"])
    func `a body that is no object is refused`(_ json: String) throws {
        #expect(try faults(json) == [" wrong_type"])
    }

    @Test func `a pointer escapes tilde and slash`() throws {
        #expect(
            try faults(String(whole.dropLast()) + #","a/b":1,"m~n":1,"~/":1,"~1":1}"#) == [
                "/a~1b unknown", "/m~0n unknown", "/~0~1 unknown", "/~01 unknown",
            ]
        )
    }

    @Test(arguments: [
        (#""a""#, "too_short"), (#""abcdef""#, "too_long"), (#""   ""#, "blank"), (#""a\tb""#, "control_character"),
        (#""a\r\nb""#, "control_character"),
        (#""a\u007fb""#, "control_character"), (#""a\u0085b""#, "control_character"), ("7", "wrong_type"), (#"["a"]"#, "wrong_type"),
    ])
    func `a line of text keeps its rule`(_ value: String, _ code: String) throws {
        let json = #"{"name":\#(value),"colour":"green","colours":["red"],"count":3}"#
        #expect(try faults(json) == ["/name \(code)"])
    }

    @Test(arguments: [
        (#""3""#, "wrong_type"), ("3.5", "wrong_type"), ("0", "out_of_range"), ("10", "out_of_range"),
        ("-9007199254740991", "out_of_range"),
    ])
    func `an integer keeps its range`(_ value: String, _ code: String) throws {
        let json = #"{"name":"abc","colour":"green","colours":["red"],"count":\#(value)}"#
        #expect(try faults(json) == ["/count \(code)"])
    }

    @Test func `a length is counted in code points of the composed text`() throws {
        // Five letters e with an accent apart are ten code points as sent and five as stored.
        let decomposed = String(repeating: "e\u{301}", count: 5)
        let thing = try request(body: #"{"name":"\#(decomposed)","colour":"red","colours":["red"],"count":1}"#).json(as: Thing.self)
        #expect(Array(thing.name.unicodeScalars).count == 5)
        #expect(thing.name.unicodeScalars.elementsEqual(String(repeating: "\u{E9}", count: 5).unicodeScalars))
        #expect(try faults(#"{"name":"\#(decomposed)e","colour":"red","colours":["red"],"count":1}"#) == ["/name too_long"])
    }

    @Test func `details are in the language of the request`() throws {
        let english = try #require(try problem("{}", Thing.self))
        #expect(english.errors.first?.detail == "This member is required.")
        let indonesian = try #require(try problem("{}", Thing.self, headers: ["content-type": "application/json"]))
        #expect(indonesian.errors.first?.detail == "Isian ini wajib.")
    }

    @Test func `a patch tells keeping, clearing and setting apart`() throws {
        let kept = try request(body: "{}").json(as: Patch.self)
        #expect(kept.name == .keep && kept.note == .keep && kept.colour == .keep && kept.flag == .keep && kept.hue == .keep)
        let set = try request(body: #"{"name":"abc","note":"x","colour":"blue","flag":false,"hue":"red"}"#).json(as: Patch.self)
        #expect(
            set.name == .set("abc") && set.note == .set("x") && set.colour == .set(.blue) && set.flag == .set(false)
                && set.hue == .set(.red)
        )
        let cleared = try request(body: #"{"note":null,"hue":null}"#).json(as: Patch.self)
        #expect(cleared.note == .clear && cleared.hue == .clear && cleared.name == .keep)
        #expect(
            try faults(#"{"name":null,"colour":null,"flag":null}"#, Patch.self) == ["/name required", "/colour required", "/flag required"]
        )
        #expect(try faults(#"{"name":"a","flag":1,"x":null}"#, Patch.self) == ["/name too_short", "/flag wrong_type", "/x unknown"])
    }

    @Test func `a change is applied to the value before it`() {
        #expect(Change<String>.keep.applied(to: "old") == "old")
        #expect(Change<String>.set("new").applied(to: "old") == "new")
        let old: String? = "old"
        #expect(Change<String>.clear.applied(to: old) == nil)
        #expect(Change<String>.keep.applied(to: old) == "old")
        #expect(Change<String>.set("new").applied(to: String?.none) == "new")
    }

    @Test(arguments: ["application/json", "APPLICATION/JSON", "application/json; charset=utf-8"])
    func `JSON is taken by its media type`(_ type: String) throws {
        #expect(try problem(whole, Thing.self, headers: ["content-type": type]) == nil)
    }

    @Test(arguments: ["text/plain", "application/jsonp", "application/merge-patch+json", "", "application/x-www-form-urlencoded"])
    func `another media type is refused`(_ type: String) throws {
        #expect(try problem(whole, Thing.self, headers: ["content-type": type])?.code == .unsupportedMediaType)
        #expect(try problem(whole, Thing.self, headers: [:])?.code == .unsupportedMediaType)
    }

    @Test func `a merge patch is taken where one is allowed`() throws {
        let request = try request(headers: ["content-type": "application/merge-patch+json"], body: #"{"flag":true}"#)
        #expect(try request.json(as: Patch.self, allowsPatch: true).flag == .set(true))
    }

    @Test func `a body that is no JSON is malformed, and the detail says where`() throws {
        let problem = try #require(try problem(#"{"name":"#, Thing.self))
        #expect(problem.code == .malformedJSON)
        #expect(problem.detail == "the text is cut off (byte 8).")
    }

    @Test func `a call without members refuses any`() throws {
        _ = try request(headers: [:]).json(as: EmptyBody.self)
        _ = try request(body: "{}").json(as: EmptyBody.self)
        #expect(try faults(#"{"a":1}"#, EmptyBody.self) == ["/a unknown"])
    }
}

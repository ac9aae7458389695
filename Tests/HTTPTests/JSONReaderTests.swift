import HTTP
import Testing

@Suite struct JSONReaderTests {
    /// What the reader has against a text, in English; nil when nothing.
    private func fault(_ bytes: [UInt8]) -> String? {
        do throws(JSONReader.Fault) {
            _ = try JSONReader.parse(bytes)
            return nil
        } catch {
            return error.detail(in: .english)
        }
    }

    private func fault(_ text: String) -> String? { fault(Array(text.utf8)) }

    @Test func `every kind of value is read`() throws {
        let value = try parse(#" { "a" : [ 1 , -2.5 , true , false , null ] , "b" : { } , "c" : "x" , "d" : [ ] } "#)
        var object = JSONObject()
        object.insert("a", .array([.integer(1), .number(-2.5), .bool(true), .bool(false), .null]), at: 0)
        object.insert("b", .object(JSONObject()), at: 1)
        object.insert("c", .string("x"), at: 2)
        object.insert("d", .array([]), at: 3)
        #expect(value == .object(object))
    }

    @Test(arguments: [
        (#""""#, ""),
        (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
        (#""\u0041\u00e9\u20AC""#, "Aé€"),
        (#""\ud83d\ude00""#, "😀"),
        (#""é€😀""#, "é€😀"),
        (#""\u0001""#, "\u{1}"),
    ])
    func `escapes become what they stand for`(_ json: String, _ text: String) throws {
        #expect(try parse(json) == .string(text))
    }

    @Test(arguments: [
        "", " ", "nul", "tru", "True", "undefined", "NaN", "Infinity", "-Infinity", "'a'", "{", "}", "[", "]", "[1,]", "[,1]", "[1 2]",
        "{,}",
        #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{a:1}"#, #"{"a" 1}"#, #"{"a":1 "b":2}"#, #"{1:2}"#, "1 2", "{}x", "// c\n1", "/* */1",
        #""\x41""#, #""\u00g0""#, #""\u123""#, "\"a\nb\"", "\"a\tb\"", "\"", "\"\\", "\u{FEFF}1",
    ])
    func `what is not JSON is refused`(_ text: String) {
        #expect(fault(text) != nil)
    }

    @Test(arguments: ["01", "-", "+1", "1.", ".5", "1e", "1e+", "-01", "0x10", "1.e5", "--1", "00", "1_000"])
    func `what is not a number is refused`(_ text: String) {
        #expect(fault(text) != nil)
    }

    @Test func `a text that is cut off anywhere is refused`() throws {
        let sample = Array(#"{"a":[1,-2.5e3,true,false,null,"x\u00e9\ud83d\ude00\n"],"b":{"c":"é€"}}"#.utf8)
        _ = try JSONReader.parse(sample)
        for length in 0..<sample.count { #expect(fault(Array(sample[..<length])) != nil, "\(length) bytes") }
    }

    @Test func `32 levels are read and 33 refused`() throws {
        func nested(_ levels: Int, _ open: String, _ close: String, _ inner: String) -> String {
            String(repeating: open, count: levels) + inner + String(repeating: close, count: levels)
        }
        #expect(fault(nested(32, "[", "]", "")) == nil)
        #expect(fault(nested(33, "[", "]", ""))?.hasPrefix("more than 32 levels") == true)
        #expect(fault(nested(31, #"{"a":"#, "}", "1")) == nil)
        #expect(fault(nested(32, #"{"a":"#, "}", "1"))?.hasPrefix("more than 32 levels") == true)
        #expect(fault(String(repeating: "[", count: 500_000))?.hasPrefix("more than 32 levels") == true)
    }

    @Test(arguments: [#"{"a":1,"a":2}"#, #"{"a":1,"b":2,"\u0061":3}"#, #"{"x":{"a":null,"a":null}}"#, #"{"":1,"":2}"#])
    func `a repeated member is refused`(_ text: String) {
        #expect(fault(text)?.hasPrefix("a member name is repeated") == true)
    }

    @Test(arguments: [
        #""\ud800""#, #""\udc00""#, #""\ud800x""#, #""\ud800\u0041""#, #""\ud800\ud800""#, #""\udfff\ud800""#, #"{"\ud800":1}"#,
    ])
    func `a lone surrogate is refused`(_ text: String) {
        #expect(fault(text) != nil)
    }

    @Test func `NUL is refused, raw and escaped`() {
        #expect(fault(#""a\u0000b""#)?.hasPrefix("a NUL character") == true)
        #expect(fault(Array("\"a".utf8) + [0] + Array("b\"".utf8)) != nil)
        #expect(fault([0]) != nil)
        #expect(fault(Array("1".utf8) + [0]) != nil)
    }

    @Test(arguments: [
        ("9007199254740991", JSONValue.integer(9_007_199_254_740_991)),
        ("-9007199254740991", .integer(-9_007_199_254_740_991)),
        ("0", .integer(0)),
        ("-0", .integer(0)),
        ("1e3", .integer(1000)),
        ("1.0", .integer(1)),
        ("0.5", .number(0.5)),
        ("1E-2", .number(0.01)),
        ("1e300", .number(1e300)),
        ("1e-999", .integer(0)),
    ])
    func `a number within the limits is read`(_ text: String, _ value: JSONValue) throws {
        #expect(try parse(text) == value)
    }

    @Test(arguments: [
        "9007199254740992", "-9007199254740992", "9223372036854775807", "9223372036854775808", "-9223372036854775809",
        "123456789012345678901234567890", "1e999", "-1e999", "1e99999999999999999999",
    ])
    func `a number beyond the limits is refused`(_ text: String) {
        #expect(fault(text) != nil)
    }

    @Test func `a number of more than 64 characters is refused`() {
        #expect(fault("0." + String(repeating: "1", count: 62)) == nil)
        #expect(fault("0." + String(repeating: "1", count: 63))?.hasPrefix("a number too long") == true)
        #expect(fault(String(repeating: "9", count: 1_000_000)) != nil)
    }

    @Test(
        arguments: [
            [0xFF], [0xC0, 0xAF], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80], [0xE2, 0x82],
            [0xF8, 0x88, 0x80, 0x80, 0x80],
        ] as [[UInt8]]
    )
    func `what is not UTF-8 is refused`(_ bytes: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        #expect(fault([quote] + bytes + [quote])?.hasPrefix("not UTF-8") == true)
        #expect(fault(Array(#"{"a\n"#.utf8) + bytes + Array(#"":1}"#.utf8))?.hasPrefix("not UTF-8") == true)
        #expect(fault(bytes) != nil)
    }

    @Test func `an array has 10 000 elements at most`() {
        func array(_ count: Int) -> String { "[" + Array(repeating: "0", count: count).joined(separator: ",") + "]" }
        #expect(fault(array(10_000)) == nil)
        #expect(fault(array(10_001))?.hasPrefix("more than 10,000 elements") == true)
    }

    @Test func `an object has 256 members at most`() {
        func object(_ count: Int) -> String { "{" + (0..<count).map { "\"m\($0)\":0" }.joined(separator: ",") + "}" }
        #expect(fault(object(256)) == nil)
        #expect(fault(object(257))?.hasPrefix("more than 256 members") == true)
    }

    @Test func `a string has 80 000 bytes at most, however they are written`() {
        func string(_ unit: String, _ count: Int) -> String { "\"" + String(repeating: unit, count: count) + "\"" }
        #expect(fault(string("a", 80_000)) == nil)
        #expect(fault(string("a", 80_001))?.hasPrefix("a string longer than 80,000 bytes") == true)
        #expect(fault(string("😀", 20_000)) == nil)
        #expect(fault(string("😀", 20_001)) != nil)
        #expect(fault(string(#"\n"#, 80_000)) == nil)
        #expect(fault(string(#"\n"#, 80_001)) != nil)
        #expect(fault("{" + string("a", 80_001) + ":1}") != nil)
    }

    @Test func `a fault says where, in both languages`() throws {
        do throws(JSONReader.Fault) {
            _ = try JSONReader.parse(Array(#"{"a":1,"a":2}"#.utf8))
            Issue.record("It was read.")
        } catch {
            #expect(error.offset == 10)
            #expect(error.detail(in: .english) == "a member name is repeated (byte 10).")
            #expect(error.detail(in: .indonesian) == "nama anggota ganda (bita 10).")
        }
    }

    @Test func `20 000 random texts never trap, and what is read is written back the same`() throws {
        var random = SeededGenerator(seed: 42)
        let tokens = [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "d83d", "\\ude00", "null", "true", "false", "-", "0", "12", ".", "e", "E+",
            "9007199254740992",
            "\"a\"", "\"b\":", " ", "\n", "é", "\u{0}",
        ].map { Array($0.utf8) }
        let sample = Array(#"{"a":[1,-2.5e3,true,null,"x\u00e9\ud83d\ude00"],"b":{"c":"é","d":[[],{}]}}"#.utf8)
        var readable = 0
        for round in 0..<20_000 {
            var bytes: [UInt8] = []
            switch round % 3 {
            case 0: for _ in 0..<Int.random(in: 0...40, using: &random) { bytes.append(UInt8.random(in: 0...255, using: &random)) }
            case 1: for _ in 0..<Int.random(in: 1...12, using: &random) { bytes += tokens.randomElement(using: &random) ?? [] }
            default:
                bytes = sample
                for _ in 0..<Int.random(in: 0...2, using: &random) {
                    guard let place = bytes.indices.randomElement(using: &random) else { continue }
                    bytes[place] = Bool.random(using: &random) ? UInt8.random(in: 0...255, using: &random) : UInt8(ascii: "0")
                }
            }
            guard let value = try? JSONReader.parse(bytes) else { continue }
            readable += 1
            var json = JSONWriter()
            value.write(to: &json)
            #expect(try JSONReader.parse(json.finish()) == value)
        }
        #expect(readable > 1000)
    }
}

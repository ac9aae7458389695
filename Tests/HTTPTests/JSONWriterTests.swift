import HTTP
import Testing

@Suite struct JSONWriterTests {
    private func written(_ write: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        write(&json)
        return String(decoding: json.finish(), as: UTF8.self)
    }

    @Test func `objects and arrays are written without a stray comma`() {
        let text = written { json in
            json.object { json in
                json.member("a", 1)
                json.member("b", "x")
                json.member("none", String?.none)
                json.member("no_number", Int?.none)
                json.member("flag", true)
                json.member("texts", ["p", "q"])
                json.name("empty")
                json.object { _ in }
                json.name("list")
                json.array { json in
                    json.array { json in
                        json.value(1)
                        json.value(2)
                    }
                    json.array { _ in }
                }
                json.name("end")
                json.null()
            }
        }
        #expect(
            text
                == #"{"a":1,"b":"x","none":null,"no_number":null,"flag":true,"texts":["p","q"],"empty":{},"list":[[1,2],[]],"end":null}"#
        )
    }

    @Test(arguments: [
        ("plain", #""plain""#),
        ("\"\\", #""\"\\""#),
        ("a\nb\rc\td", #""a\nb\rc\td""#),
        ("\u{0}\u{1}\u{8}\u{C}\u{1F}", #""\u0000\u0001\u0008\u000c\u001f""#),
        ("\r\n", #""\r\n""#),
        ("é€😀/", #""é€😀/""#),
        ("", #""""#),
    ])
    func `a text is escaped where it must be and nowhere else`(_ text: String, _ json: String) {
        #expect(written { $0.value(text) } == json)
    }

    @Test func `what must be escaped is found at every place of a text of every length`() {
        for length in 1...50 {
            for place in 0..<length {
                let (before, after) = (String(repeating: "a", count: place), String(repeating: "b", count: length - place - 1))
                #expect(written { $0.value("\(before)\"\(after)") } == "\"\(before)\\\"\(after)\"")
                #expect(written { $0.value("\(before)\u{1F}\(after)") } == "\"\(before)\\u001f\(after)\"")
            }
        }
    }

    @Test func `whatever is written is read back the same`() throws {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<3000 {
            let value = Self.value(levels: 4, &random)
            var json = JSONWriter()
            value.write(to: &json)
            #expect(try JSONReader.parse(json.finish()) == value)
        }
    }

    private static func value(levels: Int, _ random: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(levels > 0 ? 7 : 5), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .integer(Int64.random(in: -9_007_199_254_740_991...9_007_199_254_740_991, using: &random))
        case 3: return .number(Double.random(in: -1...1, using: &random) * 1e-3 + 1e-9)
        case 4: return .string(text(&random))
        case 5: return .array((0..<Int.random(in: 0...4, using: &random)).map { _ in value(levels: levels - 1, &random) })
        default:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                let name = text(&random)
                if object[name] == nil { object.insert(name, value(levels: levels - 1, &random), at: .max) }
            }
            return .object(object)
        }
    }

    private static func text(_ random: inout SeededGenerator) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            let code =
                Bool.random(using: &random) ? UInt32.random(in: 1...0x7F, using: &random) : UInt32.random(in: 1...0x10FFFF, using: &random)
            if let scalar = Unicode.Scalar(code) { text.unicodeScalars.append(scalar) }
        }
        return text
    }
}

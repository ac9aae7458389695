import API
import HTTP
import Testing

/// The judge is judged first: a validator that lets everything pass would prove nothing.
@Suite struct SchemaValidatorTests {
    private func faults(_ value: String, _ schema: String) throws -> [String] {
        let contract = try #require(Contract.current)
        let (value, schema) = (try JSONReader.parse(Array(value.utf8)), try JSONReader.parse(Array(schema.utf8)))
        return SchemaValidator(contract: contract).faults(of: value, against: schema)
    }

    @Test(arguments: [
        ("1", #"{"type":"integer","minimum":1,"maximum":1}"#),
        ("null", #"{"type":["string","null"],"pattern":"^a"}"#),
        (#""b""#, #"{"enum":["a","b"]}"#),
        (#""éé""#, #"{"minLength":2,"maxLength":2}"#),
        (#"{"a":1}"#, #"{"type":"object","required":["a"],"properties":{"a":{"type":"integer"},"b":{}}}"#),
        (#"[1,2]"#, #"{"items":{"type":"integer"},"uniqueItems":true,"minItems":2,"maxItems":2}"#),
        ("null", #"{"anyOf":[{"type":"string"},{"type":"null"}]}"#),
        (#""usr_01k9ab3cd4ef5gh6jk7mn8pqr1""#, ##"{"$ref":"#/components/schemas/UserID"}"##),
    ])
    func `a value that fits has no fault`(_ value: String, _ schema: String) throws {
        #expect(try faults(value, schema) == [])
    }

    @Test(arguments: [
        ("1.5", #"{"type":"integer"}"#),
        ("0", #"{"minimum":1}"#),
        ("2", #"{"maximum":1}"#),
        (#""x""#, #"{"type":["integer","null"]}"#),
        (#""c""#, #"{"enum":["a","b"]}"#),
        (#""ba""#, #"{"pattern":"^a"}"#),
        (#""é""#, #"{"minLength":2}"#),
        (#""ééé""#, #"{"maxLength":2}"#),
        (#"{}"#, #"{"required":["a"]}"#),
        (#"{"c":1}"#, #"{"properties":{"a":{}}}"#),
        (#"{"c":1}"#, #"{"additionalProperties":false}"#),
        (#"{"a":{"b":"x"}}"#, #"{"properties":{"a":{"properties":{"b":{"type":"integer"}}}}}"#),
        (#"[1,"x"]"#, #"{"items":{"type":"integer"}}"#),
        (#"[1,1]"#, #"{"uniqueItems":true}"#),
        ("1", #"{"anyOf":[{"type":"string"},{"type":"null"}]}"#),
        ("1", #"{"oneOf":[{"type":"integer"},{"minimum":0}]}"#),
        ("1", #"{"allOf":[{"type":"integer"},{"minimum":2}]}"#),
        (#""usr_01""#, ##"{"$ref":"#/components/schemas/UserID"}"##),
        ("1", ##"{"$ref":"#/components/schemas/Nothing"}"##),
        ("1", #"{"unheardOf":true}"#),
    ])
    func `a value that does not fit has a fault`(_ value: String, _ schema: String) throws {
        #expect(try !faults(value, schema).isEmpty)
    }
}

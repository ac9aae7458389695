import Testing

@testable import Security

struct PasswordPolicyTests {
    @Test(arguments: [
        "sembilan kuda nil", "correct horse battery staple", "十五文字以上のパスワードです。はい", "   spaces  count   ", "xk29fhw0qpz8vn1",
    ])
    func `fifteen code points of any kind are enough by default`(_ password: String) {
        #expect(PasswordPolicy.default.problems(of: password, context: []) == [])
    }

    @Test
    func `the length is counted in code points, at both ends`() {
        let policy = PasswordPolicy.default
        #expect(policy.problems(of: "xk29fhw0qpz8vn", context: []) == [.tooShort(minimum: 15)])
        #expect(policy.problems(of: "", context: []) == [.tooShort(minimum: 15)])
        let long = String("kuda nil 7 sawah 🦛 bintang laut pagi ".unicodeScalars.map(String.init).joined())
        let longest = String(String.UnicodeScalarView((long + long + long + long).unicodeScalars.prefix(128)))
        #expect(policy.problems(of: longest, context: []) == [])
        #expect(policy.problems(of: longest + "x", context: []) == [.tooLong(maximum: 128)])
        #expect(policy.problems(of: String(repeating: "a", count: 1_000_000), context: []) == [.tooLong(maximum: 128)])
        // Two code points each, though one character.
        #expect(policy.problems(of: "e\u{301}k\u{301}x\u{301}b\u{301}w\u{301}u\u{301}z\u{301}", context: []) == [.tooShort(minimum: 15)])
        #expect(policy.problems(of: "e\u{301}k\u{301}x\u{301}b\u{301}w\u{301}u\u{301}z\u{301}q\u{301}", context: []) == [])
    }

    @Test(arguments: [
        "aaaaaaaaaaaaaaa", "123456789012345", "987654321098765", "qwertyuiopasdfgh", "abcdefghijklmnop", "zyxwvutsrqponmlk",
        "abababababababab", "abcabcabcabcabc", "QwertyQwertyQwerty", "1qaz2wsx3edc4rfv", "qwertyuiopqwertyuiop", "112211221122112",
        "katakatakatakata", "Liverpool10Liverpool10", "123456789QWERTY", "polniypizdec0211",
        "q1w2e3r4t5y6u7i8", "1234567890qwertyuiop",
    ])
    func `what everyone tries first is common, in any case of letters`(_ password: String) {
        #expect(PasswordPolicy.default.problems(of: password, context: []).contains(.common))
    }

    @Test(arguments: ["christopher1", "Password1234", "sanfrancisco", "1q2w3e4r5t6y"])
    func `the list reaches down to twelve code points`(_ password: String) {
        #expect(PasswordPolicy.spbeStrict.problems(of: password, context: []).contains(.common))
    }

    @Test(arguments: [
        ("budi.santoso2024", ["budi.santoso"]), ("BUDISANTOSO12345", ["budi.santoso"]), ("santosobudi!!!!!", ["Budi Santoso"]),
        ("199005172015031", ["199005172015031001"]), ("199005172015031001", ["199005172015031001"]), ("lahir17051990ab", ["1990-05-17"]),
        ("17-05-1990budibu", ["199005172015031001", "budi"]), ("sikimrsikimr2025", []), ("SI-KIMR.SI-KIMR", []),
        ("KementerianRI123", []), ("kepatuhan.internal.1", []), ("Indonesia1945!!", []), ("passwordpasswo1", []),
    ])
    func `words known of the owner or the service do not make a password`(_ password: String, _ context: [String]) {
        #expect(PasswordPolicy.default.problems(of: password, context: context).contains(.containsContext))
    }

    @Test
    func `a known word is no harm beside eight other code points`() {
        let policy = PasswordPolicy.default
        #expect(policy.problems(of: "budi 7 sawah bintang", context: ["budi"]) == [])
        #expect(policy.problems(of: "budi12345678xyz", context: ["budi"]) == [])
        #expect(policy.problems(of: "xk2fhwqbudibudi", context: ["budi"]) == [.containsContext])
        #expect(policy.problems(of: "xk29fhw0qpz8vn1", context: ["", "a", "x", "1", "-", "é"]) == [])
    }

    @Test
    func `the strict profile wants twelve code points and all four classes`() {
        let policy = PasswordPolicy.spbeStrict
        #expect(policy.problems(of: "Kx7!mw#Qz29f", context: []) == [])
        #expect(policy.problems(of: "Kx7!mw#Qz29", context: []) == [.tooShort(minimum: 12)])
        for password in ["kx7!mw#qz29f", "KX7!MW#QZ29F", "Kxa!mw#Qzbcf", "Kx7omwhQz29f"] {
            #expect(policy.problems(of: password, context: []) == [.missingClasses])
        }
        #expect(policy.problems(of: "Ab1!", context: []) == [.tooShort(minimum: 12)])
    }

    @Test
    func `profiles are found by name`() {
        #expect(PasswordPolicy(named: "default")?.minimum == 15)
        #expect(PasswordPolicy(named: "spbe-strict")?.minimum == 12)
        #expect(PasswordPolicy(named: "none") == nil)
    }

    @Test
    func `one-time passwords pass the default policy`() {
        for _ in 0..<100 {
            #expect(PasswordPolicy.default.problems(of: OneTimePassword.generate(), context: ["budi"]) == [])
        }
    }

    @Test
    func `no password and no context stop the policy`() {
        for count in 0..<400 {
            let password = String(decoding: SecureRandom.bytes(count % 200), as: UTF8.self)
            let context = (0..<3).map { _ in String(decoding: SecureRandom.bytes(count % 20), as: UTF8.self) }
            _ = PasswordPolicy.default.problems(of: password, context: context)
            _ = PasswordPolicy.spbeStrict.problems(of: password, context: context)
        }
    }
}

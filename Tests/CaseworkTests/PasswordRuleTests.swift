import Catalogue
import Testing

@testable import Casework

/// Which passwords are refused before anybody can guess them.
@Suite struct PasswordRuleTests {
    private func code(_ password: String, login: String = "minato-01", names: [String] = []) -> String? {
        PasswordRule.findings(for: password, login: login, names: names).first?.code
    }

    @Test func `the list that ships is long enough`() {
        #expect(CommonPasswords.count >= 10_000)
    }

    @Test(
        arguments: [
            (0, "length"), (11, "length"), (12, nil), (64, nil), (128, nil), (129, "length"), (5000, "length"),
        ] as [(Int, String?)]
    )
    func `12 to 128 characters`(count: Int, expected: String?) {
        // The digits of no number that has an order.
        let letters = Array("kumo-no-ue-wa-itsumo-hare/gaikokugo~no&uta")
        let password = String((0..<count).map { letters[($0 * 5 + $0 / letters.count * 7) % letters.count] })
        #expect(code(password) == expected)
    }

    @Test func `characters are counted, not bytes`() {
        #expect(code("朝焼けの海に浮かぶ小舟") == "length")
        #expect(code("朝焼けの海に浮かぶ小舟二艘") == nil)
    }

    @Test(arguments: [
        "aaaaaaaaaaaa", "dragon.dragon.", "sakurasakura", "qwerty-123456", "abababababab", "abcabcabcabc",
        "abcdabcdabcd", "xy7xy7xy7xy7x", "123456789012", "012345678901",
        "20201111-0123", "090-1234-5678", "abcdefghijkl", "zyxwvutsrqpo", "qwertyuiop@[", "1qaz2wsx3edc",
        "asdfghjkl;:]",
        "!!!!!!!!!!!!", "            ", "ああああああああああああ", "あいうえおかきくけこさし", "1234567890ab", "ＡＢＣＤＥＦＧＨＩＪＫＬ",
    ])
    func `repetitions, rows of the keyboard and digits alone`(password: String) {
        #expect(code(password) == "pattern")
    }

    @Test(arguments: [
        "password1234", "Password2020!", "P@ssw0rd1234", "p4$$w0rd-2020", "123password123", "sakura202011",
        "Sakura!!2020",
        "passwordpassword", "iloveyou2020", "Iloveyou!1234", "welcome12345!",
        "sunshine2020!", "letmein-2020-1", "administrator", "administrator1", "tanaka-hanako",
        "suzuki.2020.4", "hokenjo-2020!", "corona-corona", "aishiteru2020", "paＳＳword１２３４", "パスワード20201111!",
        "ほけんじょ20201111", "monkeydragon1", "tokyo-shinjuku", "k0r0n4-2020!!", "1liverpool1990",
    ])
    func `common words with digits and signs around them`(password: String) {
        #expect(code(password) == "common")
    }

    @Test(arguments: [
        ("xk-minato-01-gata", "minato-01"), ("10-otanim-wo-gyaku", "minato-01"), ("kaede99!ame&yuki", "kaede99"),
    ])
    func `the user ID within, forwards or backwards`(password: String, login: String) {
        #expect(code(password, login: login) == "own_name")
    }

    @Test(arguments: [
        ("みなと病院のあいことば", ["みなと病院"]), ("ＭＩＮＡＴＯ Clinic no kagi", ["Minato Clinic"]),
        ("鈴木一郎のとけい七つ", ["鈴木 一郎"]),
    ])
    func `the organisation's or one's own name within`(password: String, names: [String]) {
        let long = password + "と傘"
        #expect(code(long, names: names) == "own_name")
        #expect(code(long, names: []) == nil)
    }

    @Test(arguments: [
        "correct horse battery", "renshu-no-aikotoba-2020", "hersys-renshu-2020", "long-enough-password",
        "hashi mizu kumo tsukue", "Tq8#vN2!kLz0", "青い傘と七つの鍵と古時計", "wakaba.himawari.kaidan.ryoko", "mfk3-82nd-pq7x-c5wz",
    ])
    func `what nobody tries first is taken`(password: String) {
        #expect(code(password) == nil)
    }

    @Test func `an account isn't issued with a refused password`() async throws {
        let office = try await Office()
        for password in ["password1234", "hc-user-nine-x", "新宿区保健所のかぎです"] {
            let said = await findings {
                try await office.casework.issueAccount(
                    login: "hc-user-nine",
                    name: "鈴木",
                    organisation: "hc-13104",
                    phone: "03-0000-0003",
                    password: password
                )
            }
            #expect(said.map(\.place.item) == ["password"], "\(password)")
        }
    }
}

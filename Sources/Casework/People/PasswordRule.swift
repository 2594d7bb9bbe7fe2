public import Catalogue

/// Which passwords are taken: long enough, and none that whoever guesses tries first (NIST SP 800-63B 3.1.1.2).
///
/// No mixture of kinds of characters is asked for and none expires: both make people choose worse ones.
public enum PasswordRule {
    /// Characters a password may have.
    public static let length = 12...128

    /// What is wrong with a password, all of it at the place `password`; empty where it may be used.
    ///
    /// - Parameters:
    ///   - password: as it was typed.
    ///   - login: the user ID it belongs to.
    ///   - names: names that a guesser would try for this user: the organisation's, the person's.
    /// - Returns: the first thing that is wrong.
    public static func findings(for password: String, login: String, names: [String] = []) -> [Finding] {
        guard length.contains(password.count) else {
            return [Finding("password", "length", "パスワードは12文字以上128文字以下で入力してください。")]
        }
        let text = password.nfkc.lowercased()
        if isPattern(text) {
            return [
                Finding(
                    "password",
                    "pattern",
                    "同じ文字の繰り返し、「1234」やキーボードの並び、数字だけのパスワードは使えません。別のパスワードにしてください。"
                )
            ]
        }
        let own = ([login] + names).map { plain($0) }.filter { $0.count >= 4 || ($0.count >= 3 && !isASCII($0)) }
        if own.contains(where: { plain(text).contains($0) || plain(text).contains(String($0.reversed())) }) {
            return [
                Finding("password", "own_name", "ユーザーIDや組織名・氏名を含むパスワードは使えません。別のパスワードにしてください。")
            ]
        }
        if isCommon(text) {
            return [
                Finding(
                    "password",
                    "common",
                    "よく使われていて推測されやすいパスワードです。関係のない言葉を4つほど並べるなど、別のパスワードにしてください。"
                )
            ]
        }
        return []
    }

    private static func isASCII(_ text: String) -> Bool { text.utf8.allSatisfy { $0 < 128 } }

    /// Letters and digits only, in one form.
    private static func plain(_ text: String) -> String {
        text.nfkc.lowercased().filter { $0.isLetter || $0.isNumber }
    }

    // MARK: Patterns

    /// Rows of keyboards (a Japanese one and a telephone's), columns, letters and digits in their order.
    private static let runs: [[Character]] = [
        "abcdefghijklmnopqrstuvwxyz", "01234567890", "1234567890-^", "qwertyuiop@[", "asdfghjkl;:]", "zxcvbnm,./",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/", "qazwsxedcrfvtgbyhnujmikolp", "147258369", "789456123",
        "あいうえおかきくけこさしすせそたちつてと", "いろはにほへとちりぬるを",
    ].flatMap { [Array($0), Array($0.reversed())] }

    private static func isPattern(_ text: String) -> Bool {
        let letters = Array(text)
        if Set(letters).count < 5 { return true }
        if !letters.contains(where: \.isLetter) { return true }
        if unit(letters).count < 8 { return true }
        return letters.count - ordered(letters) < 6
    }

    /// The shortest beginning that repeated makes the whole text, its last time perhaps cut off.
    private static func unit(_ letters: [Character]) -> ArraySlice<Character> {
        for length in 1..<max(2, letters.count / 2 + 1)
        where letters.indices.allSatisfy({ letters[$0] == letters[$0 % length] }) {
            return letters.prefix(length)
        }
        return letters[...]
    }

    /// How many of the first letters stand one behind the other somewhere in a row.
    private static func run(_ letters: ArraySlice<Character>, in row: [Character]) -> Int {
        var longest = 0
        for place in row.indices where row[place] == letters.first {
            var count = 0
            for (one, other) in zip(row[place...], letters) {
                guard one == other else { break }
                count += 1
            }
            longest = max(longest, count)
        }
        return longest
    }

    /// How many letters stand in runs of at least four.
    private static func ordered(_ letters: [Character]) -> Int {
        var count = 0
        var start = 0
        while start < letters.count {
            let longest = runs.map { run(letters[start...], in: $0) }.max() ?? 0
            if longest >= 4 { count += longest }
            start += longest >= 4 ? longest : 1
        }
        return count
    }

    // MARK: Common words

    /// What may stand around a common word without making a good password of it: a year, a date, some signs.
    private static let mostAround = 10

    private static func isCommon(_ text: String) -> Bool {
        let whole = text.filter { !$0.isWhitespace }
        for base in bases(whole) where whole.count - base.count <= mostAround {
            let letters = base.filter(\.isLetter)
            for word in Set([base, letters, String(unit(Array(base))), String(unit(Array(letters)))]) {
                if CommonPasswords.contains(word) || isPair(word) { return true }
            }
        }
        return false
    }

    /// The text without what stands around its first and last letter, as it is and with digits read as letters.
    private static func bases(_ text: String) -> Set<String> {
        let stripped = strip(text)
        var found: Set<String> = [stripped]
        for one in ["i", "l"] as [Character] {
            found.insert(strip(unleet(stripped, one)))
            found.insert(strip(unleet(text, one)))
            // A sign between the word and what stands behind it says where the word ends.
            for part in text.split(whereSeparator: { "-_./ ".contains($0) }) {
                found.insert(strip(unleet(String(part), one)))
            }
        }
        return found.filter { $0.count >= CommonPasswords.shortest }
    }

    private static func strip(_ text: String) -> String {
        guard let first = text.firstIndex(where: \.isLetter), let last = text.lastIndex(where: \.isLetter) else {
            return ""
        }
        return String(text[first...last])
    }

    private static let leet: [Character: Character] = [
        "@": "a", "4": "a", "3": "e", "0": "o", "$": "s", "5": "s", "7": "t", "+": "t", "8": "b", "9": "g",
    ]

    private static func unleet(_ text: String, _ one: Character) -> String {
        String(text.map { $0 == "1" || $0 == "!" ? one : leet[$0] ?? $0 })
    }

    /// Whether a text is two common words, one behind the other.
    private static func isPair(_ word: String) -> Bool {
        let letters = Array(word)
        let shortest = CommonPasswords.shortest
        guard letters.count >= 2 * shortest, letters.count <= 32 else { return false }
        return (shortest...(letters.count - shortest)).contains { cut in
            CommonPasswords.contains(String(letters[..<cut])) && CommonPasswords.contains(String(letters[cut...]))
        }
    }
}

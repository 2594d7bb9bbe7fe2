import Catalogue
import Testing

/// What is asked of people themselves, and told to them, is there in every language.
@Suite struct WordingTests {
    private static let today = CalendarDate(dayNumber: 18_400)
    private static let asked = Catalogue.items.filter { $0.asked != nil }

    /// Whether a text is there and can be read by whoever reads no Japanese.
    private func isEnglish(_ text: String) -> Bool {
        !text.isEmpty && text.unicodeScalars.allSatisfy { $0.value < 0x3000 }
    }

    @Test func `an item that is asked of the person has its question in every language`() {
        #expect(Self.asked.count >= 15)
        for item in Self.asked {
            for words in [item.asked?.label, item.asked?.hint].compactMap(\.self) {
                #expect(isEnglish(words.en), "\(item.key)")
                #expect(!words.ja.isEmpty && words.ja != words.en, "\(item.key)")
            }
        }
    }

    @Test func `a question with answers to choose from offers at least two, in every language`() {
        let lists = Self.asked.compactMap(\.type.codeList)
        #expect(!lists.isEmpty)
        for list in lists {
            let offered = list.entries.compactMap(\.offered)
            #expect(offered.count >= 2, "\(list.key)")
            #expect(offered.allSatisfy { isEnglish($0.en) && !$0.ja.isEmpty }, "\(list.key)")
        }
    }

    @Test(arguments: [
        "x", "３７度５分", "99999", "1e5", "-", "37,5", "98.6F", "\u{1}", "\u{E000}", "\u{FFFF}", "はいいいえ",
        String(repeating: "長", count: 10_001), String(repeating: "9", count: 400),
    ])
    func `whatever is refused of an asked item is refused in every language`(typed: String) {
        for item in Self.asked {
            guard case .failure(let failure) = ValueReader.read(typed, for: item, today: Self.today) else { continue }
            #expect(isEnglish(failure.english), "\(item.key) \(failure.code)")
            // Neither language repeats what was typed.
            #expect(!failure.english.contains(typed) || typed.count < 2, "\(item.key)")
        }
    }

    @Test func `of each kind of asked item something is refused`() {
        for item in Self.asked {
            let typed = item.type == .longText ? "\u{1}" : "x"
            guard case .failure = ValueReader.read(typed, for: item, today: Self.today) else {
                Issue.record("\(item.key) takes \(typed)")
                continue
            }
        }
    }

    @Test(arguments: [
        "", "x", "86年4月1日", "4月1日", "1986年13月1日", "1986年2月30日", "0年1月1日", "平成40年4月1日", "昭和0年4月1日",
        "99999年1月1日", "1986年4月x日", "明治", String(repeating: "1", count: 300),
    ])
    func `a date that can't be read is refused in every language`(typed: String) {
        guard case .failure(let failure) = JapaneseDate.read(typed, today: Self.today) else {
            Issue.record("\(typed) was read")
            return
        }
        #expect(isEnglish(failure.english), "\(failure.code)")
    }

    @Test func `a finding is shown in English where it has some, else in Japanese`() {
        let both = Finding("spo2", "range", Wording("数字で", "a number"))
        #expect(both.worded(in: .en).message == "a number")
        #expect(both.worded(in: .ja).message == "数字で")
        let one = Finding("phone", "format", "電話番号を", severity: .warning)
        #expect(one.worded(in: .en) == one)
    }
}

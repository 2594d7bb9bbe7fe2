import Catalogue
import Testing

@Suite struct JapaneseDateTests {
    @Test(arguments: [
        "2020-05-22", "2020/5/22", "2020.5.22", "20200522", "2020年5月22日", "２０２０／５／２２", "2020年05月22日", "2020ー5ー22",
        "R2.5.22", "r2/5/22", "R2-5-22", "R020522", "r020522", "Ｒ２．５．２２", "令和2年5月22日", "令2.5.22", "㋿2年5月22日",
        "令和02年5月22日",
        "令和二年五月二十二日", "二〇二〇年五月二二日", "二千二十年五月二十二日", " 2020 年 5 月 22 日 ", "㋿2年㋄22日", "今日", "t", "T", "Ｔ",
        "2020\u{2212}05\u{2010}22", "2020/5/22\u{200B}",
    ])
    func `a day is read as it is typed`(typed: String) {
        #expect(JapaneseDate.read(typed, today: TextSample.today).value?.iso == "2020-05-22")
    }

    @Test(arguments: [("昨日", "2020-05-21"), ("y", "2020-05-21"), ("一昨日", "2020-05-20")])
    func `a day is read from today`(typed: String, iso: String) {
        #expect(JapaneseDate.read(typed, today: TextSample.today).value?.iso == iso)
    }

    @Test(arguments: [
        ("S26.7.15", "1951-07-15"), ("昭和二十六年七月十五日", "1951-07-15"), ("㍼26年7月15日", "1951-07-15"),
        ("H1.1.8", "1989-01-08"),
        ("平成元年1月8日", "1989-01-08"), ("S64.1.7", "1989-01-07"), ("H31.4.30", "2019-04-30"), ("R元.5.1", "2019-05-01"),
        ("R1.5.1", "2019-05-01"), ("T1.7.30", "1912-07-30"), ("大正十五年十二月二十四日", "1926-12-24"), ("S1.12.25", "1926-12-25"),
        ("M45.7.29", "1912-07-29"), ("M1.1.25", "1868-01-25"), ("M6.1.1", "1873-01-01"), ("t151224", "1926-12-24"),
    ])
    func `a day of an era is read`(typed: String, iso: String) {
        #expect(JapaneseDate.read(typed, today: TextSample.today).value?.iso == iso)
    }

    @Test(arguments: [
        ("平成31年5月1日", "平成31年5月1日は令和元年5月1日です。"), ("H31.5.1", "平成31年5月1日は令和元年5月1日です。"),
        ("昭和64年1月8日", "昭和64年1月8日は平成元年1月8日です。"), ("昭和99年1月1日", "昭和99年1月1日は令和6年1月1日です。"),
        ("令和元年4月30日", "令和元年4月30日は平成31年4月30日です。"), ("平成元年1月7日", "平成元年1月7日は昭和64年1月7日です。"),
        ("大正15年12月25日", "大正15年12月25日は昭和元年12月25日です。"), ("昭和元年12月24日", "昭和元年12月24日は大正15年12月24日です。"),
        ("明治45年7月30日", "明治45年7月30日は大正元年7月30日です。"), ("大正元年7月29日", "大正元年7月29日は明治45年7月29日です。"),
        ("明治元年1月24日", "明治元年1月24日は1868年1月24日です。"),
    ])
    func `a day outside its era is refused with the right one`(typed: String, start: String) {
        let read = JapaneseDate.read(typed, today: TextSample.today)
        #expect(read.code == "era")
        #expect(read.message?.hasPrefix(start) == true)
    }

    @Test(arguments: [
        ("20/5/22", "year"), ("5/22", "year"), ("5月22日", "year"), ("2/4/2020", "year"), ("200/5/22", "year"),
        ("R0.5.22", "year"),
        ("0000-01-01", "year"), ("2020-02-30", "calendar"), ("2019/2/29", "calendar"), ("平成30年2月30日", "calendar"),
        ("2020/13/1", "calendar"), ("2020/0/1", "calendar"), ("2020/1/0", "calendar"), ("20201301", "calendar"),
        ("", "empty"),
        ("　", "empty"), ("200522", "format"), ("R20522", "format"), ("R2.5", "format"), ("2020-5/22", "format"),
        ("2020年5月22", "format"),
        ("20200522日", "format"), ("2020/005/22", "format"), ("慶応3年1月1日", "format"), ("明日", "format"),
        ("2020/5/22x", "format"),
        ("元/5/22", "format"), ("令和十十年五月一日", "format"), ("99999999999999999999", "format"), ("R2020.5.22", "format"),
        ("二〇二〇五二二一", "format"), ("平成三十一年五月一日", "era"), ("2020-05-22T09:00", "format"),
    ])
    func `what is no day or not certainly one is refused`(typed: String, code: String) {
        let read = JapaneseDate.read(typed, today: TextSample.today)
        #expect(read.code == code)
    }

    @Test func `the last day of a month is named`() {
        #expect(JapaneseDate.read("平成30年2月30日", today: TextSample.today).message?.hasPrefix("平成30年2月は28日までです。") == true)
    }

    @Test(arguments: [
        ("2020-05-22", "令和2年5月22日", "2020年5月22日（令和2年）"), ("2019-05-01", "令和元年5月1日", "2019年5月1日（令和元年）"),
        ("2019-04-30", "平成31年4月30日", "2019年4月30日（平成31年）"), ("1989-01-08", "平成元年1月8日", "1989年1月8日（平成元年）"),
        ("1989-01-07", "昭和64年1月7日", "1989年1月7日（昭和64年）"), ("1926-12-25", "昭和元年12月25日", "1926年12月25日（昭和元年）"),
        ("1926-12-24", "大正15年12月24日", "1926年12月24日（大正15年）"), ("1912-07-30", "大正元年7月30日", "1912年7月30日（大正元年）"),
        ("1912-07-29", "明治45年7月29日", "1912年7月29日（明治45年）"), ("1868-01-25", "明治元年1月25日", "1868年1月25日（明治元年）"),
        ("1868-01-24", "1868年1月24日", "1868年1月24日"), ("1850-01-01", "1850年1月1日", "1850年1月1日"),
    ])
    func `a day is shown in its era`(iso: String, era: String, display: String) throws {
        let date = try #require(CalendarDate(iso: iso))
        #expect(JapaneseDate.era(date) == era)
        #expect(JapaneseDate.display(date) == display)
    }

    @Test func `every day since 1868 is read back from its era and its digits`() throws {
        let first = try #require(CalendarDate(iso: "1868-01-25"))
        var wrong: [String] = []
        for offset in 0..<62_000 {
            let date = first.adding(days: offset)
            let digits = date.iso.filter { $0 != "-" }
            for text in [JapaneseDate.era(date), date.iso, digits]
            where JapaneseDate.read(text, today: TextSample.today).value != date {
                wrong.append(text)
            }
        }
        #expect(wrong == [])
    }
}

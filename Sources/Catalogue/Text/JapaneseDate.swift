/// Days in both calendars of Japan: 西暦 and 元号.
///
/// Own code, because Foundation's Japanese calendar reads 平成31年5月1日 without a word. Before 1873 days are those of
/// the Gregorian calendar, also where an era of that time is named: nobody living was born then.
public enum JapaneseDate {
    /// Reads a day typed in Western or Japanese years, or 今日・昨日・一昨日・t・y.
    ///
    /// Nothing is guessed: a year of two digits without an era, a day without a year and a year outside its era are
    /// refused, each with what to type instead.
    public static func read(_ text: String, today: CalendarDate) -> Result<CalendarDate, ReadingFailure> {
        guard text.utf8.count <= 256 else { return refusedFormat }
        var typed = String.UnicodeScalarView()
        for scalar in text.folded.unicodeScalars where !scalar.isBlank {
            typed.append(scalar.isHyphen ? "-" : scalar)
        }
        if typed.isEmpty { return .refused("empty", "日付を入力してください。", "Please enter a date.") }
        switch String(typed) {
        case "今日", "本日", "きょう", "t", "T": return .success(today)
        case "昨日", "きのう", "y", "Y": return .success(today.adding(days: -1))
        case "一昨日", "おととい": return .success(today.adding(days: -2))
        default: break
        }
        guard let parts = DateText(typed) else { return refusedFormat }
        switch parts.year {
        case nil:
            return .refused("year", "年がありません。例：2020/5/22、R2.5.22", wantsYear)
        case .western(let year):
            return day(year, parts.month, parts.day, label: "\(year)年")
        case .short:
            return .refused("year", "年は西暦4桁か元号で入力してください。例：2020/5/22、R2.5.22", wantsYear)
        case .era(let era, let year):
            guard year > 0 else { return .refused("year", "年は元年（1年）からです。年を確かめてください。", wantsYear) }
            let label = "\(era.name)\(Self.year(year))年"
            return day(era.first.year + year - 1, parts.month, parts.day, label: label).flatMap { date in
                if Era.of(date)?.name == era.name { return .success(date) }
                let right = Self.era(date)
                return .refused(
                    "era",
                    "\(label)\(parts.month)月\(parts.day)日は\(right)です。元号を改めて入力してください。",
                    wantsYear
                )
            }
        }
    }

    /// The day in its era: `令和2年5月22日`, `令和元年5月1日`; Western where it is before 明治.
    public static func era(_ date: CalendarDate) -> String {
        let (year, month, day) = date.parts
        return "\(eraYear(date) ?? "\(year)")年\(month)月\(day)日"
    }

    /// The day with both years: `2020年5月22日（令和2年）`.
    public static func display(_ date: CalendarDate) -> String {
        let (year, month, day) = date.parts
        return "\(year)年\(month)月\(day)日" + (eraYear(date).map { "（\($0)年）" } ?? "")
    }

    private static let refusedFormat: Result<CalendarDate, ReadingFailure> = .refused(
        "format",
        "日付として読めません。例：2020/5/22、20200522、R2.5.22、令和2年5月22日",
        "This cannot be read as a date. Please use numbers only, for example 1985, 4, 1."
    )

    private static let wantsYear = "Please type the year with four digits, for example 1985."

    private static func year(_ number: Int) -> String {
        number == 1 ? "元" : String(number)
    }

    private static func eraYear(_ date: CalendarDate) -> String? {
        Era.of(date).map { $0.name + year(date.parts.year - $0.first.year + 1) }
    }

    private static func day(
        _ year: Int,
        _ month: Int,
        _ day: Int,
        label: String
    ) -> Result<CalendarDate, ReadingFailure> {
        if let date = CalendarDate(year: year, month: month, day: day) { return .success(date) }
        if !(1...9999).contains(year) { return .refused("year", "年を確かめてください。", wantsYear) }
        if !(1...12).contains(month) {
            return .refused("calendar", "月は1から12です。月を確かめてください。", "The month is a number from 1 to 12.")
        }
        let last = (28...31).last { CalendarDate(year: year, month: month, day: $0) != nil } ?? 31
        return .refused(
            "calendar",
            "\(label)\(month)月は\(last)日までです。日を確かめてください。",
            "There is no such day in that month. Please check the day."
        )
    }
}

/// 元号 with the first day it names in law.
struct Era {
    let name: String
    let letter: Unicode.Scalar
    let first: (year: Int, month: Int, day: Int)

    /// The eras, newest first.
    ///
    /// 明治 counts from the New Year of its first year (改元の詔), in the Gregorian calendar 25 January.
    static let all = [
        Era(name: "令和", letter: "R", first: (2019, 5, 1)),
        Era(name: "平成", letter: "H", first: (1989, 1, 8)),
        Era(name: "昭和", letter: "S", first: (1926, 12, 25)),
        Era(name: "大正", letter: "T", first: (1912, 7, 30)),
        Era(name: "明治", letter: "M", first: (1868, 1, 25)),
    ]

    static func of(_ date: CalendarDate) -> Era? {
        all.first { date.parts >= $0.first }
    }
}

import Casework
import Catalogue
import Hummingbird

/// Tells while typing how a field is understood; sent as a form, so that nothing typed stands in an address.
enum EntryCheck {
    /// What `entry.js` shows below the field.
    struct Answer: Encodable {
        /// How it was understood: 「2020年5月22日（令和2年）」.
        var text = ""
        /// What is wrong and how to mend it.
        var message = ""
        /// The age that follows from a birth date.
        var age: Int?
        /// Whether a guardian is asked for.
        var isMinor: Bool?
    }

    static func answer(
        _ sent: FormData,
        _ context: WebContext,
        _ site: Site,
        _ staff: Staff
    ) async throws -> Response {
        let today = site.casework.today
        let words = try await CaseWords(site)
        guard let item = words.item(sent["item"] ?? "") else { throw Refusal.notFound }
        var answer = Answer()
        switch ItemForm.value(sent["text"] ?? "", of: item, words: words, today: today) {
        case .failure(let failure):
            answer.message = failure.message
        case .success(let value):
            let fields = ItemFields(words: words, today: today)
            answer.text = fields.understood(sent["text"] ?? "", of: item)
            if item.key == "birth_date", case .date(let birth)? = value {
                let day = Age.day(diagnosed: sent["on"] ?? "", today: today)
                answer.message = Age.message(birth: birth, today: today)
                if answer.message.isEmpty {
                    answer.text += Age.label(birth: birth, on: day)
                    answer.age = birth.age(on: day)
                    answer.isMinor = Age.isMinor(birth: birth, on: day)
                }
            }
        }
        return try .json(encoding: answer)
    }
}

extension EntryCheck {
    /// Whether the person is to be notified at all, by the form of 2022-09-26.
    struct Group: Encodable {
        /// What the answers say, empty until they say something.
        var text = ""
        /// Whether no report is needed.
        var isNotNeeded = false
    }

    static func group(
        _ sent: FormData,
        _ context: WebContext,
        _ site: Site,
        _ staff: Staff
    ) async throws -> Response {
        let words = try await CaseWords(site)
        let form = NotificationForm(NotificationForm.fields(sent), words: words, today: site.casework.today)
        return try .json(encoding: group(form))
    }

    static func group(_ form: NotificationForm) -> Group {
        guard form.version.onlyFourGroups else { return Group() }
        switch FourGroups.verdict(form.read().items, today: form.today) {
        case .open: return Group()
        case .needed(let reasons): return Group(text: "届出の対象です（\(reasons.joined(separator: "、"))）。")
        case .notNeeded: return Group(text: FourGroups.notNeeded, isNotNeeded: true)
        }
    }
}

/// The age that shows itself beside a birth date.
enum Age {
    /// The day on which ages count: of the diagnosis where it is typed already.
    static func day(diagnosed text: String, today: CalendarDate) -> CalendarDate {
        guard case .success(let day) = JapaneseDate.read(text, today: today) else { return today }
        return min(day, today)
    }

    /// 「 34歳」, with months for a baby.
    static func label(birth: CalendarDate, on day: CalendarDate) -> String {
        let age = birth.age(on: day)
        if age < 0 { return "" }
        return age == 0 ? " 0歳\(birth.ageInMonths(on: day))か月" : " \(age)歳"
    }

    /// What is wrong with a birth date.
    static func message(birth: CalendarDate, today: CalendarDate) -> String {
        birth > today ? "生年月日が今日より後になっています。正しい日付に直してください。" : ""
    }

    /// Whether the form asks for a guardian: what the form's own rule would require decides.
    static func isMinor(birth: CalendarDate, on day: CalendarDate) -> Bool {
        var record = Record()
        record[.birthDate] = birth
        record[.diagnosedOn] = day
        return FormVersion.version("2020-02")?.isRequired("guardian_name", record: record, today: day) ?? false
    }
}

import Access
import Casework
import Catalogue
import Hummingbird

/// The pages behind a person's link: large, short, in the words people use at home.
struct SelfReportView {
    let secret: String
    let page: ReportPage
    let frame: SelfReportFrame
    /// The name of the form: what is sent again after a finding is still the same form.
    var form: String

    init(secret: String, page: ReportPage, frame: SelfReportFrame) {
        self.secret = secret
        self.page = page
        self.frame = frame
        form = page.form
    }

    /// The pages in the language of a request.
    init(_ secret: String, _ page: ReportPage, _ request: Request, _ site: Site) {
        let frame = SelfReportFrame(
            tongue: PageLanguage(request),
            office: page.office,
            isDemonstration: site.isDemonstration
        )
        self.init(secret: secret, page: page, frame: frame)
    }

    /// What the page asks, in its order.
    static let items: [ItemDefinition] =
        [Item.bodyTemperature.definition, Item.spo2.definition] + HealthCheck.questions.map(\.definition)
        + [Item.observationNote.definition, Item.reportedBy.definition]

    private var tongue: PageLanguage { frame.tongue }
    private var address: String { "/r/\(secret)\(tongue.query)" }

    private func label(_ item: ItemDefinition) -> String { item.asked.map { tongue.text($0.label) } ?? item.ja }

    private func hint(_ item: ItemDefinition) -> String { item.asked?.hint.map { tongue.text($0) } ?? "" }

    /// The answers that a person is offered.
    private func answers(_ item: ItemDefinition) -> [(value: String, label: String)] {
        (item.type.codeList?.entries ?? []).compactMap { entry in
            entry.offered.map { (entry.code.rawValue, tongue.text($0)) }
        }
    }

    // MARK: Asking

    func birthDate(_ fields: BirthDateFields, _ findings: [Finding] = []) -> HTML {
        let findings = findings.map { $0.worded(in: tongue.language) }
        let errors = findings.at("birth_date")
        func part(_ name: String, _ label: Wording, _ value: String, _ most: Int, isFirst: Bool = false) -> HTML {
            let id = isFirst ? "field-birth_date" : "field-\(name)"
            return """
                <span class="report-part"><input class="input" id="\(id)" name="\(name)" type="text" \
                inputmode="numeric" autocomplete="off" maxlength="\(most)" value="\(value)"\
                \(Components.describedBy("birth_date", "", errors))><label for="\(id)">\(tongue.text(label))</label></span>
                """
        }
        let title = Wording("ご本人の確認", "Who is reporting")
        return frame.page(
            title,
            """
            <h1>\(tongue.text(title))</h1>
            <p>\(tongue.say(
                "健康状態を報告する方の生年月日を入力してください。同じスマートフォンやパソコンでは、次からは聞かれません。",
                """
                Please enter the date of birth of the person whose health is reported. You will not be asked again on \
                the same telephone or computer.
                """))</p>
            <form method="post" action="\(address)" novalidate>
            <fieldset class="field\(errors.isEmpty ? "" : " has-error")"><legend class="label">\
            \(tongue.say("生年月日", "Date of birth"))</legend>
            <div class="report-birth">\(era(fields))\
            \(part("birth_year", Wording("年", "Year"), fields.year, 6, isFirst: true))\
            \(part("birth_month", Wording("月", "Month"), fields.month, 3))\
            \(part("birth_day", Wording("日", "Day"), fields.day, 3))</div>
            \(Components.fieldErrors("birth_date", errors))</fieldset>
            <p><button type="submit" class="button button-primary button-large">\(tongue.say("次へ", "Next"))</button></p>
            </form>
            \(frame.contact)
            """,
            findings
        )
    }

    /// The era, for whoever counts in eras: an English page has Western years only.
    private func era(_ fields: BirthDateFields) -> HTML {
        guard tongue.language == .ja else { return .empty }
        let eras = [("", "西暦")] + BirthDateFields.eras.map { ($0, $0) }
        let options: [HTML] = eras.map { value, label in
            let mark: HTML = value == fields.era ? " selected" : .empty
            return #"<option value="\#(value)"\#(mark)>\#(label)</option>"#
        }
        return """
            <span class="select"><select class="input" name="birth_era" aria-label="元号">\(options)</select></span>
            """
    }

    func questions(_ typed: [String: String], _ findings: [Finding] = []) -> HTML {
        let findings = findings.map { $0.worded(in: tongue.language) }
        let isUnlikely = !findings.isEmpty && findings.allSatisfy { $0.severity == .warning }
        let keeps: HTML = isUnlikely ? #"<input type="hidden" name="keeps_warnings" value="1">"# : .empty
        let lines: [HTML] = HealthCheck.questions.map { radios($0.definition, typed[$0.key] ?? "", findings) }
        return frame.page(
            Wording("健康状態の報告", "Health report"),
            """
            <h1>\(tongue.say("今日の健康状態", "Your health today"))</h1>
            <p class="report-urgent">\(tongue.say(
                """
                息が苦しい、顔色が悪い、ぼんやりするなど、急いで助けが必要なときは、\
                入力せずに\(frame.call("119"))へ電話してください。
                """,
                """
                If you need help urgently, for example if it is hard to breathe or somebody looks pale or is drowsy, \
                do not fill this in: call \(frame.call("119")) (ambulance).
                """))</p>
            <form method="post" action="\(address)" class="report-form" novalidate>
            <input type="hidden" name="form" value="\(form)">\(keeps)
            \(text(Item.bodyTemperature.definition, typed, findings,
                required: nil, #" inputmode="decimal" autocomplete="off" maxlength="8""#))
            \(text(Item.spo2.definition, typed, findings,
                required: false, #" inputmode="numeric" autocomplete="off" maxlength="8""#))
            <h2>\(tongue.say("今の体調", "How you are now"))</h2>
            \(lines)
            \(note(Item.observationNote.definition, typed, findings))
            \(radios(Item.reportedBy.definition, typed["reported_by"] ?? "self", findings))
            <p><button type="submit" class="button button-primary button-large">\
            \(isUnlikely ? tongue.say("このまま送信する", "Send as it is") : tongue.say("送信する", "Send"))</button></p>
            </form>
            \(frame.contact)
            """,
            findings
        )
    }

    private func text(
        _ item: ItemDefinition,
        _ typed: [String: String],
        _ findings: [Finding],
        required: Bool?,
        _ attributes: HTML
    ) -> HTML {
        Components.textField(
            name: item.key,
            label: label(item),
            value: typed[item.key] ?? "",
            required: required,
            hint: hint(item),
            errors: findings.at(item.key),
            attributes: attributes,
            language: tongue.language
        )
    }

    private func note(_ item: ItemDefinition, _ typed: [String: String], _ findings: [Finding]) -> HTML {
        Components.textArea(
            name: item.key,
            label: label(item),
            value: typed[item.key] ?? "",
            required: false,
            hint: hint(item),
            errors: findings.at(item.key),
            attributes: #" maxlength="1000" autocomplete="off""#,
            language: tongue.language
        )
    }

    private func radios(_ item: ItemDefinition, _ value: String, _ findings: [Finding]) -> HTML {
        Components.radios(
            name: item.key,
            label: label(item),
            value: value,
            options: answers(item),
            errors: findings.at(item.key)
        )
    }

    // MARK: Answering

    /// Thanks, and what to do if it gets worse; nothing of what was sent.
    func thanks(_ alarm: Alarm) -> HTML {
        let urgent: HTML =
            alarm == .emergency
            ? Components.banner(
                .error,
                title: tongue.text(Wording("すぐに電話してください", "Call now")),
                body: tongue.say(
                    """
                    <p>急いで手当てが必要かもしれません。ためらわずに\(frame.call("119"))へ電話し、\
                    新型コロナウイルスで療養や待機をしていることを伝えてください。</p>
                    """,
                    """
                    <p>You may need treatment at once. Do not hesitate to call \(frame.call("119")) (ambulance), and say \
                    that you are staying at home or in a facility because of COVID-19.</p>
                    """
                ),
                language: tongue.language
            ) : .empty
        let title = Wording("報告を受け付けました", "Your report has been received")
        let office: HTML = page.office.map { tongue.name($0.name) } ?? tongue.say("保健所", "The public health centre")
        return frame.page(
            title,
            """
            \(urgent)
            <h1>\(tongue.text(title))</h1>
            <p>\(tongue.say(
                "ありがとうございました。\(office)に届きました。この画面は閉じてかまいません。",
                "Thank you. It has reached \(office). You can close this page."))</p>
            \(frame.signs)
            \(frame.contact)
            """,
            switches: false
        )
    }

    var locked: HTML {
        let title = Wording("このURLは使えなくなりました", "This link has stopped working")
        return frame.page(
            title,
            """
            <h1>\(tongue.text(title))</h1>
            <p>\(tongue.say(
                """
                生年月日の入力が\(Casework.reportLinkTries)回違っていたため、このURLを止めました。\
                保健所に電話して、新しいURLを受け取ってください。
                """,
                """
                The date of birth was wrong \(Casework.reportLinkTries) times, so the link was stopped. Please call the \
                public health centre to get a new one.
                """))</p>
            \(frame.contact)
            """
        )
    }

    var closed: HTML {
        let title = Wording("このURLでの報告は終わりました", "Reports through this link have ended")
        return frame.page(
            title,
            """
            <h1>\(tongue.text(title))</h1>
            <p>\(tongue.say(
                """
                新しいURLが届いているときは、そちらを開いてください。療養や待機が終わった方は、報告の必要はありません。\
                体調が悪いときや、届いていないときは、保健所に電話してください。
                """,
                """
                If you have been given a new link, please open that one. If your time of care or waiting is over, you \
                need not report any more. If you feel ill or have no new link, please call the public health centre.
                """))</p>
            \(frame.contact)
            """
        )
    }
}

import Access
import Casework
import Catalogue

/// The pages behind a person's link: large, short, in the words people use at home.
struct SelfReportView {
    let secret: String
    let page: ReportPage
    let isDemonstration: Bool
    /// The name of the form: what is sent again after a finding is still the same form.
    var form: String

    init(secret: String, page: ReportPage, isDemonstration: Bool) {
        self.secret = secret
        self.page = page
        self.isDemonstration = isDemonstration
        form = page.form
    }

    /// What the page asks, in its order.
    static let items: [ItemDefinition] =
        [Item.bodyTemperature.definition, Item.spo2.definition] + HealthCheck.questions.map(\.definition)
        + [Item.observationNote.definition, Item.reportedBy.definition]

    /// The staff's terms in the words of those who answer.
    private static let words: [String: String] = [
        "symptom_breath": "息が苦しい、息が荒い",
        "symptom_face": "顔色が悪い、くちびるが紫色になっている",
        "symptom_consciousness": "ぼんやりする、呼びかけへの反応が弱い",
        "symptom_cough": "せきや鼻水が出る",
        "symptom_fatigue": "体がだるい",
        "symptom_nausea": "はき気がする、はいた",
        "symptom_diarrhoea": "下痢をしている",
        "symptom_eating": "食事がとれない",
        "symptom_urine": "半日以上、尿（おしっこ）が出ていない",
        "symptom_taste": "においや味が分からない",
        "antipyretic": "今日、熱を下げる薬（解熱剤）を使った",
    ]

    private static let answers: [(value: String, label: String)] = [
        ("yes", "はい"), ("no", "いいえ"), ("unknown", "わからない"),
    ]

    private var address: String { "/r/\(secret)" }

    // MARK: Asking

    func birthDate(_ fields: BirthDateFields, _ findings: [Finding] = []) -> HTML {
        let eras = [("", "西暦")] + BirthDateFields.eras.map { ($0, $0) }
        let errors = findings.at("birth_date")
        func part(_ name: String, _ label: String, _ value: String, _ most: Int, isFirst: Bool = false) -> HTML {
            let id = isFirst ? "field-birth_date" : "field-\(name)"
            return """
                <span class="report-part"><input class="input" id="\(id)" name="\(name)" type="text" \
                inputmode="numeric" autocomplete="off" maxlength="\(most)" value="\(value)"\
                \(Components.describedBy("birth_date", "", errors))><label for="\(id)">\(label)</label></span>
                """
        }
        let options: [HTML] = eras.map { value, label in
            let mark: HTML = value == fields.era ? " selected" : .empty
            return #"<option value="\#(value)"\#(mark)>\#(label)</option>"#
        }
        return frame(
            "ご本人の確認",
            """
            <h1>ご本人の確認</h1>
            <p>健康状態を報告する方の生年月日を入力してください。同じスマートフォンやパソコンでは、次からは聞かれません。</p>
            <form method="post" action="\(address)" novalidate>
            <fieldset class="field\(errors.isEmpty ? "" : " has-error")"><legend class="label">生年月日</legend>
            <div class="report-birth"><span class="select"><select class="input" name="birth_era" aria-label="元号">\
            \(options)</select></span>\(part("birth_year", "年", fields.year, 6, isFirst: true))\
            \(part("birth_month", "月", fields.month, 3))\(part("birth_day", "日", fields.day, 3))</div>
            \(Components.fieldErrors("birth_date", errors))</fieldset>
            <p><button type="submit" class="button button-primary button-large">次へ</button></p>
            </form>
            \(contact)
            """,
            findings
        )
    }

    func questions(_ typed: [String: String], _ findings: [Finding] = []) -> HTML {
        let isUnlikely = !findings.isEmpty && findings.allSatisfy { $0.severity == .warning }
        let keeps: HTML = isUnlikely ? #"<input type="hidden" name="keeps_warnings" value="1">"# : .empty
        let lines: [HTML] = HealthCheck.questions.map { item in
            Components.radios(
                name: item.key,
                label: Self.words[item.key] ?? item.definition.ja,
                value: typed[item.key] ?? "",
                options: Self.answers,
                errors: findings.at(item.key)
            )
        }
        return frame(
            "健康状態の報告",
            """
            <h1>今日の健康状態</h1>
            <p class="report-urgent">息が苦しい、顔色が悪い、ぼんやりするなど、急いで助けが必要なときは、\
            入力せずに\(Self.call("119"))へ電話してください。</p>
            <form method="post" action="\(address)" class="report-form" novalidate>
            <input type="hidden" name="form" value="\(form)">\(keeps)
            \(Components.textField(
                name: "body_temperature", label: "体温（℃）", value: typed["body_temperature"] ?? "",
                hint: "例：36.5", errors: findings.at("body_temperature"),
                attributes: #" inputmode="decimal" autocomplete="off" maxlength="8""#))
            \(Components.textField(
                name: "spo2", label: "酸素飽和度（％）", value: typed["spo2"] ?? "", required: false,
                hint: "パルスオキシメーターがあるときだけ。例：97", errors: findings.at("spo2"),
                attributes: #" inputmode="numeric" autocomplete="off" maxlength="8""#))
            <h2>今の体調</h2>
            \(lines)
            \(Components.textArea(
                name: "observation_note", label: "保健所に伝えたいこと", value: typed["observation_note"] ?? "",
                required: false, hint: "ここに書いてもすぐには返事ができません。急ぐときは電話してください。",
                errors: findings.at("observation_note"), attributes: #" maxlength="1000" autocomplete="off""#))
            \(Components.radios(
                name: "reported_by", label: "入力している方", value: typed["reported_by"] ?? "self",
                options: [("self", "本人"), ("family", "家族など")], errors: findings.at("reported_by")))
            <p><button type="submit" class="button button-primary button-large">\
            \(isUnlikely ? "このまま送信する" : "送信する")</button></p>
            </form>
            \(contact)
            """,
            findings
        )
    }

    // MARK: Answering

    /// Thanks, and what to do if it gets worse; nothing of what was sent.
    func thanks(_ alarm: Alarm) -> HTML {
        let urgent: HTML =
            alarm == .emergency
            ? Components.banner(
                .error,
                title: "すぐに電話してください",
                body: """
                    <p>急いで手当てが必要かもしれません。ためらわずに\(Self.call("119"))へ電話し、\
                    新型コロナウイルスで療養や待機をしていることを伝えてください。</p>
                    """
            ) : .empty
        return frame(
            "報告を受け付けました",
            """
            \(urgent)
            <h1>報告を受け付けました</h1>
            <p>ありがとうございました。\(page.office?.name ?? "保健所")に届きました。この画面は閉じてかまいません。</p>
            \(Self.signs)
            \(contact)
            """
        )
    }

    /// 緊急性の高い症状.
    private static let signs: HTML = """
        <section class="report-signs" aria-labelledby="signs"><h2 id="signs">次の症状が一つでもあるときは、すぐに119番</h2>
        <ul>
        <li>顔色が明らかに悪い、くちびるが紫色になっている</li>
        <li>いつもと違う、様子がおかしい</li>
        <li>息が荒い、急に息苦しくなった、少し動くと息が苦しい</li>
        <li>胸が痛い</li>
        <li>横になれない、座らないと息ができない、肩で息をしている</li>
        <li>ぼんやりしている、呼びかけへの反応が弱い、もうろうとしている</li>
        <li>脈がとぶ、脈のリズムが乱れる感じがする</li>
        </ul>
        <p><a class="button button-danger button-large" href="tel:119">119番に電話する</a></p>
        </section>
        """

    var locked: HTML {
        frame(
            "このURLは使えなくなりました",
            """
            <h1>このURLは使えなくなりました</h1>
            <p>生年月日の入力が\(Casework.reportLinkTries)回違っていたため、このURLを止めました。\
            保健所に電話して、新しいURLを受け取ってください。</p>
            \(contact)
            """
        )
    }

    var closed: HTML {
        frame(
            "このURLでの報告は終わりました",
            """
            <h1>このURLでの報告は終わりました</h1>
            <p>新しいURLが届いているときは、そちらを開いてください。療養や待機が終わった方は、報告の必要はありません。\
            体調が悪いときや、届いていないときは、保健所に電話してください。</p>
            \(contact)
            """
        )
    }

    static func unknown(isDemonstration: Bool) -> HTML {
        frame(
            "ページが見つかりません",
            """
            <h1>ページが見つかりません</h1>
            <p>URLが途中で切れているか、まちがっています。届いた文章や紙に書かれたURLを、最初から最後まで確かめてください。\
            それでも開けないときは、お住まいの地域の保健所に電話してください。</p>
            <p class="report-urgent">急いで助けが必要なときは、\(call("119"))へ電話してください。</p>
            """,
            office: nil,
            isDemonstration: isDemonstration
        )
    }

    // MARK: Frame

    /// Whom to call.
    private var contact: HTML {
        guard let office = page.office else { return .empty }
        let phone: HTML = office.phone.isEmpty ? .empty : "　電話 \(Self.call(office.phone))"
        return "<p class=\"report-contact\">問い合わせ：\(office.name)\(phone)</p>"
    }

    private static func call(_ phone: String) -> HTML {
        let digits = phone.filter { ("0"..."9").contains($0) || $0 == "+" }
        return #"<a href="tel:\#(digits)">\#(phone == "119" ? "119番" : phone)</a>"#
    }

    private func frame(_ title: String, _ main: HTML, _ findings: [Finding] = []) -> HTML {
        Self.frame(title, main, findings, office: page.office, isDemonstration: isDemonstration)
    }

    /// A page without the staff's menu: whoever comes here has no account.
    private static func frame(
        _ title: String,
        _ main: HTML,
        _ findings: [Finding] = [],
        office: Organisation?,
        isDemonstration: Bool
    ) -> HTML {
        let isRefused = findings.contains { $0.severity == .refusal }
        let practice: HTML =
            isDemonstration ? #"<p class="demonstration"><strong>練習用</strong>これは練習用の環境です。</p>"# : .empty
        return """
            <!DOCTYPE html>
            <html lang="ja">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="format-detection" content="telephone=no">
            <meta name="robots" content="noindex, nofollow">
            <title>\(isRefused ? "エラー：" : "")\(title) | HER-SYS</title>
            <link rel="icon" type="image/svg+xml" href="\(Assets.address("icon.svg"))">
            <link rel="stylesheet" href="\(Assets.address("hersys.css"))">
            <link rel="stylesheet" href="\(Assets.address("report.css"))">
            </head>
            <body class="report-body">
            <a class="skip" href="#main">本文へ移動</a>
            <header class="header">\(practice)<p class="report-head"><strong>健康状態の報告</strong>\
            <span>\(office?.name ?? "")</span></p></header>
            <main id="main" class="main report" tabindex="-1">
            \(Layout.errorSummary(findings))
            \(main)
            </main>
            <footer class="footer"><p>新型コロナウイルス感染者等情報把握・管理支援システム（HER-SYS）</p></footer>
            </body>
            </html>

            """
    }
}

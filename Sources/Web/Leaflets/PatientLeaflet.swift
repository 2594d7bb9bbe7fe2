import Access
import Casework
import Catalogue

/// 患者・濃厚接触者の方へ: what the system is, what is collected and why, who sees it, how to report one's health.
///
/// Only what the system does or the notice of 22 May 2020 says: the table follows the rights, the list of what is asked
/// follows the page that asks it.
struct PatientLeaflet {
    let tongue: PageLanguage

    static let title = Wording("患者の方・濃厚接触者の方へ", "For patients and their close contacts")

    private static let openingHours = Int(Casework.openingSeconds / 3600)

    /// Two sheets of A4.
    var sheets: HTML {
        """
        <article class="sheet leaflet" lang="\(tongue.language.rawValue)">
        <h1>\(tongue.text(Self.title))</h1>
        <p class="leaflet-lead">\(tongue.say(
            "HER-SYS（ハーシス）であなたの情報をどのように扱うかと、毎日の健康状態の報告のしかたを説明します。",
            "How your information is handled in HER-SYS, and how to report your health day by day."))</p>
        \(about)
        \(law)
        \(seen)
        </article>
        <article class="sheet leaflet" lang="\(tongue.language.rawValue)">
        \(reporting)
        \(care)
        \(asking)
        \(office)
        </article>
        """
    }

    private func section(_ title: Wording, _ body: HTML) -> HTML {
        "<section><h2>\(tongue.text(title))</h2>\(body)</section>"
    }

    private func list(_ lines: [HTML]) -> HTML {
        let items: [HTML] = lines.map { "<li>\($0)</li>" }
        return "<ul>\(items)</ul>"
    }

    // MARK: First sheet

    private var about: HTML {
        section(
            Wording("HER-SYSとは", "What HER-SYS is"),
            tongue.say(
                """
                <p>「新型コロナウイルス感染者等情報把握・管理支援システム」の略称です。患者や濃厚接触者の方の情報を、\
                保健所、都道府県、医療機関などの関係者がすぐに共有し、療養や入院の調整、毎日の健康の確認に役立てます。</p>
                """,
                """
                <p>HER-SYS is the Health Center Real-time Information-sharing System on COVID-19. Through it public health \
                centres, prefectures, medical institutions and others concerned share at once what they have to know of \
                patients and close contacts, to arrange care and admission and to look after their health every day.</p>
                """
            )
        )
    }

    private var law: HTML {
        section(
            Wording("集める情報と、その根拠", "What is collected, and by which law"),
            """
            <p>\(tongue.say(
                """
                「感染症の予防及び感染症の患者に対する医療に関する法律」（感染症法）に基づいて、次の情報を集めます。\
                法令に基づくため、情報を集めたり関係者に伝えたりすることについて、ご本人の同意は必要とされていません。
                """,
                """
                The Act on the Prevention of Infectious Diseases and Medical Care for Patients with Infectious Diseases is \
                the basis of all of it. Because the law provides for it, your consent is not needed to collect the \
                information or to pass it on to those concerned.
                """))</p>
            \(list([
                tongue.say(
                    "医師の届出（第12条）：氏名、性別、生年月日、住所、職業、症状、検査の結果、診断した日など",
                    """
                    Notification by the physician (Article 12): name, sex, date of birth, address, occupation, symptoms, \
                    test results, day of diagnosis and the like
                    """),
                tongue.say(
                    "積極的疫学調査（第15条）：行動歴、接触した方、感染経路、健康状態など",
                    """
                    Investigation by the public health centre (Article 15): where you went, whom you met, how you may have \
                    been infected, your health and the like
                    """),
                tongue.say(
                    "入院の勧告など（第19条・第20条）：入院、療養する場所、退院など",
                    "Recommendation of admission (Articles 19 and 20): admission, where you stay, discharge and the like"),
            ]))
            """
        )
    }

    private var seen: HTML {
        section(
            Wording("だれが何を見るか", "Who sees what"),
            """
            \(SeenBy.table(tongue))
            <p class="leaflet-note">\(tongue.say(
                "○＝見られる　△＝その機関が入力したものだけ　匿名＝氏名、生年月日、電話番号など、本人を特定する情報を除いたもの　－＝見られない",
                """
                ○ = can see it; △ = only what it has entered itself; No names = without name, date of birth, telephone and \
                whatever else tells who you are; – = cannot see it
                """))</p>
            \(list([
                tongue.say(
                    """
                    担当の保健所は、必要なときに、項目と期限を決めて、ほかの機関にも見ることを許可することがあります。\
                    医療機関、受託機関、宿泊療養施設に、行動歴、接触した方、感染経路を見せることはできません。
                    """,
                    """
                    Where it is needed, the public health centre in charge may let another of these organisations see more, \
                    for a certain time. Where you went, whom you met and how you were infected cannot be shown to medical \
                    institutions, contractors or facilities.
                    """),
                tongue.say(
                    "緊急のときは、ほかの保健所が、理由を記録したうえで\(Self.openingHours)時間に限って見ることがあります。担当の保健所にはすぐに知らされます。",
                    """
                    In an emergency another public health centre may look for \(Self.openingHours) hours, after writing down why. The \
                    centre in charge is told at once.
                    """),
                tongue.say(
                    "だれが、いつ、どこから、あなたの情報を見たかは、すべて記録されます。",
                    "Each time somebody looks at your information, who, when and from where is written down."),
            ]))
            """
        )
    }

    // MARK: Second sheet

    private var reporting: HTML {
        section(
            Wording("毎日の健康状態の報告", "Reporting your health every day"),
            """
            <ol>\(steps)</ol>
            <p class="leaflet-note">\(tongue.say("この画面で尋ねること：", "What the page asks: "))\(asked)</p>
            <p class="leaflet-urgent">\(tongue.say(
                """
                <strong>次の症状が一つでもあるときは、報告を待たずに119番に電話してください。</strong>\
                この画面に書いても、すぐには返事ができません。
                """,
                """
                <strong>If there is even one of these signs, do not wait: call 119 (ambulance).</strong> What you write on \
                the page cannot be answered right away.
                """))</p>
            \(list(SelfReportFrame.emergencySigns.map { "\(tongue.text($0))" }))
            """
        )
    }

    private var steps: [HTML] {
        let steps = [
            tongue.say(
                "保健所などから渡されたURL（QRコード）を、スマートフォンやパソコンで開きます。IDやパスワードは要りません。",
                "Open the link (or QR code) that you were given, on a smartphone or computer. You need no ID or password."
            ),
            tongue.say(
                """
                初めて開いたときだけ、生年月日を入力します。\(Casework.reportLinkTries)回まちがえると止まります。\
                止まったときは、保健所に電話してください。
                """,
                """
                The first time, enter your date of birth. After \(Casework.reportLinkTries) wrong tries the link stops \
                working: please call the public health centre.
                """
            ),
            tongue.say(
                "体温と症状を入力して送信します。家族などが代わりに入力することもできます。",
                "Enter your temperature and symptoms, and send them. Your family or somebody else can do it for you."
            ),
            tongue.say(
                "送った内容は、本人にも表示されません。療養や待機が終わると、URLは使えなくなります。",
                "What was sent is not shown again, not even to you. The link ends with your care or waiting."
            ),
        ]
        return steps.map { "<li>\($0)</li>" }
    }

    /// The questions of the page, from the page.
    private var asked: HTML {
        let birth = tongue.text(Wording("生年月日（初めの1回）", "date of birth (once)"))
        let names = SelfReportView.items.compactMap { item in
            item.asked.map { tongue.language == .ja ? $0.label.ja : $0.label.en.lowercasedFirst }
        }
        let all = [birth] + names
        return "\(all.joined(separator: tongue.language == .ja ? "／" : "; "))"
    }

    private var care: HTML {
        section(
            Wording("だまされないために", "Do not be deceived"),
            list([
                tongue.say(
                    """
                    健康状態の報告で、<strong>パスワード、銀行口座、クレジットカード、マイナンバーを尋ねることはありません。</strong>\
                    お金を払うこともありません。
                    """,
                    """
                    The health report <strong>never asks for passwords, bank accounts, credit cards or My Number</strong>, \
                    and there is nothing to pay.
                    """
                ),
                tongue.say(
                    "おかしいと思ったら、入力せず、電話に答えず、下の保健所に確かめてください。",
                    "If something seems strange, enter nothing, answer nothing, and ask the public health centre below."
                ),
                tongue.say(
                    "URLは、ほかの人に送ったり、インターネットに載せたりしないでください。",
                    "Do not send your link to others, and do not put it on the Internet."
                ),
                tongue.say(
                    """
                    通信と、記録する内容は暗号化されます。スマートフォンには、生年月日を確かめた印だけが残り、\
                    入力した内容は残りません。
                    """,
                    """
                    What is sent and what is stored is encrypted. Your telephone keeps only a mark that the date of birth \
                    was right, and nothing of what you entered.
                    """
                ),
            ])
        )
    }

    private var asking: HTML {
        section(
            Wording("自分の情報について知りたいとき、直したいとき", "To ask about your information, or have it corrected"),
            tongue.say(
                """
                <p>担当の保健所に申し出てください。手続は、保健所を置く自治体の定めによります。氏名や住所などに\
                まちがいがあるときも、保健所に知らせてください。</p>
                """,
                """
                <p>Please ask the public health centre in charge; the rules of its local government apply. Tell it as well \
                if your name, your address or anything else is wrong.</p>
                """
            )
        )
    }

    private var office: HTML {
        """
        <dl class="leaflet-office"><div><dt>\(tongue.say("担当の保健所", "Public health centre in charge"))</dt><dd></dd></div>\
        <div><dt>\(tongue.say("電話番号", "Telephone"))</dt><dd></dd></div></dl>
        """
    }
}

extension String {
    /// The text with a small first letter, within a sentence; an abbreviation stays as it is.
    fileprivate var lowercasedFirst: String {
        guard let first, dropFirst().first?.isUppercase != true else { return self }
        return first.lowercased() + dropFirst()
    }
}

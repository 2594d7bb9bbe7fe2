import Casework
import Catalogue

/// 情報セキュリティのお願い: one sheet for the wall, for everybody who works with the system.
///
/// Numbers come from where they are enforced.
enum SecurityLeaflet {
    static let title = Wording("情報セキュリティのお願い", "Information security")

    private static let rules: [(title: String, text: String)] = [
        (
            "IDは、決められた人だけが使う",
            """
            貸さない、借りない、教えない。1人に1つです。機関に1つのIDは、使う職員を決めて記録し、担当を離れた職員がいるときは\
            パスワードを変えます。異動・退職のときは、すぐにIDの停止を頼みます。
            """
        ),
        (
            "パスワードは\(PasswordRule.length.lowerBound)文字以上、使い回さない",
            """
            \(PasswordRule.length.lowerBound)～\(PasswordRule.length.upperBound)文字。よくある言葉、組織名、並び順の文字は使えません。\
            紙に書いて貼らない、ほかのサービスと同じにしない。ID通知票は、パスワードを変えたら細断します。
            """
        ),
        (
            "ワンタイムパスワードは、だれにも教えない",
            "尋ねる電話、SMS、メールには答えません。心当たりのない認証の電話やSMSが来たら、パスワードを知られたおそれがあります。すぐに報告してください。"
        ),
        (
            "席を離れるときは、ログアウトか画面ロック",
            "\(Casework.idleSeconds / 60)分間操作がないと自動的にログアウトしますが、それまではだれでも見られます。画面は、窓口や通路から見えない向きに置きます。"
        ),
        (
            "印刷は必要な分だけ。紙は鍵のかかる場所へ",
            "印刷したらすぐに取りに行きます。保存したファイルも同じです。要らなくなったら、読めないように細断・消去します。"
        ),
        (
            "FAX・封筒は、宛先を2人で確かめる",
            "番号を声に出して確かめ、短縮番号に頼りません。健康観察用のURLは、本人（保護者・家族）にだけ渡します。"
        ),
        (
            "画面を撮らない、書き写さない、転送しない",
            "スクリーンショット、スマートフォンでの撮影、個人のメールやSNSへの転送はしません。"
        ),
        (
            "組織が認めた端末と回線だけで使う",
            "個人のパソコンやスマートフォン、公共の無線LANでは使いません。OS、ブラウザー、ウイルス対策ソフトは最新にします。"
        ),
        (
            "不審なメールやSMSのリンクを開かない",
            "いつもの、登録しておいたアドレスから開きます。ログインページのアドレスがいつもと違うときは、入力せずに報告してください。"
        ),
        (
            "担当する人の情報だけを見る",
            "だれが、いつ、どこから、だれの情報を見たかは、すべて記録され、点検されます。興味や私用で検索しません。"
        ),
    ]

    static let sheet: HTML = {
        let items: [HTML] = rules.map { "<li><h2>\($0.title)</h2><p>\($0.text)</p></li>" }
        return """
            <article class="sheet leaflet wall">
            <h1>\(title.ja)</h1>
            <p class="leaflet-lead">HER-SYSには、患者や濃厚接触者の方の大切な情報があります。使う人みんなで守ります。</p>
            <ol class="wall-rules">\(items)</ol>
            <section class="wall-report"><h2>こんなときは、すぐに報告（夜間・休日も）</h2>
            <p>電話・端末・紙・ID通知票をなくした／まちがった相手にFAXやメールを送った／パスワードを知られたかもしれない／\
            身に覚えのないログインや操作がある</p>
            <p>報告を受けた人は、IDを停止します。停止すると、開いている画面もすべて使えなくなります。認証に使う電話をなくしたときは、\
            IDを発行した人が確認方法をやり直します。<strong>早く報告したことで、不利な扱いを受けることはありません。</strong></p>
            <dl class="leaflet-office"><div><dt>システム利用管理者・<br>利用者認証実施者</dt><dd></dd></div>\
            <div><dt>電話番号</dt><dd></dd></div></dl></section>
            </article>
            """
    }()
}

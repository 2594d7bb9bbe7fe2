import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird
import Storage

/// 管理: a page of links for whoever holds a duty; everything below it asks for its own right again.
enum AdminPages {
    static let routes: [Route] =
        [.page("/admin") { _, _, site, staff in .page(try page(site, staff)) }]
        + AccountListPages.routes + AccountManagePages.routes + AccountIssuePages.routes + AccountFilePages.routes
        + SlipPages.routes + FirstUsePages.routes

    /// What somebody may do with the accounts of their own organisation.
    static func powers(_ staff: Staff) -> Set<AccountPower> {
        staff.duties.reduce(into: []) { $0.formUnion($1.powers(at: staff.organisation.kind)) }
    }

    /// A link with what stands behind it.
    private struct Entry {
        let address: String
        let label: String
        let text: String
        var power: AccountPower?
        /// To whose people it is of use; nil for everybody's.
        var kinds: Set<OrganisationKind>?

        func isFor(_ staff: Staff, _ powers: Set<AccountPower>) -> Bool {
            (power.map(powers.contains) ?? true) && (kinds?.contains(staff.organisation.kind) ?? true)
        }
    }

    private static let entries = [
        Entry(
            address: "/admin/accounts",
            label: "アカウントの一覧",
            text: "最後に利用した日、使われていないID、停止中のIDを確かめます。変更、停止、初期パスワードの再発行もここから行います。",
            power: .see
        ),
        Entry(
            address: "/admin/issue",
            label: "アカウントの発行",
            text: "1件ずつ発行し、ID通知票を印刷します。",
            power: .issue
        ),
        Entry(
            address: "/admin/account-files",
            label: "CSVでまとめて発行",
            text: "ファイルを確認してから、まとめて発行し、ID通知票を印刷します。",
            power: .issue
        ),
        Entry(
            address: "/admin/clients",
            label: "APIの接続",
            text: "電子カルテなどのプログラムに、APIのクライアントを発行します。秘密の交換と停止もここから行います。",
            power: .issue
        ),
        Entry(
            address: "/admin/readiness",
            label: "導入準備状況",
            text: "利用開始日と、都道府県・保健所設置市・特別区の回答を確かめます。未回答の自治体に督促します。",
            power: .see,
            kinds: [.ministry]
        ),
        Entry(
            address: "/admin/connection-tests",
            label: "接続環境の確認状況",
            text: "どの組織が、何台の端末で接続を確かめたかを見ます。",
            power: .see,
            kinds: [.ministry]
        ),
        Entry(
            address: "/readiness",
            label: "導入準備状況の登録",
            text: "利用をいつ始めるかを回答します。",
            power: .see,
            kinds: [.prefecture, .city]
        ),
        Entry(
            address: "/reading-review",
            label: "閲覧の点検",
            text: "自組織の職員の閲覧のうち、いつもと違うものを確かめます。",
            power: .review
        ),
    ]

    private static func page(_ site: Site, _ staff: Staff) throws -> HTML {
        guard !staff.duties.isEmpty else { throw Refusal.notFound }
        let powers = powers(staff)
        let rows: [HTML] = entries.filter { $0.isFor(staff, powers) }.map { entry in
            """
            <li><div><a href="\(entry.address)"><strong>\(entry.label)</strong></a>\
            <p class="support admin-text">\(entry.text)</p></div></li>
            """
        }
        let duties = staff.duties.sorted().map(\.label).joined(separator: "、")
        return Layout.page(
            title: "管理",
            staff: staff,
            current: "/admin",
            site: site,
            main: """
                <h1>管理</h1>
                <p>あなたの役割：<strong>\(duties)</strong></p>
                <ul class="rows">\(rows)</ul>
                """,
            styles: ["admin.css"]
        )
    }
}

/// Words of accounts that more than one page says.
enum AccountWords {
    /// Duties that can be ticked, for a form.
    static func options(_ duties: Set<Duty>) -> [(value: String, label: String)] {
        duties.sorted().map { ($0.rawValue, $0.label) }
    }

    /// The duties ticked in a form.
    static func duties(_ form: FormData) -> Set<Duty> {
        Set(form.all("duties").compactMap(Duty.init(rawValue:)))
    }

    /// A moment with its year: accounts live for years.
    static func moment(_ at: Timestamp) -> HTML {
        let (hour, minute, _) = at.japanTime
        return "<span>\(Components.date(at.japanDate)) \(hour):\(minute < 10 ? "0" : "")\(minute)</span>"
    }

    /// How an account stands.
    static func state(_ account: ListedAccount, _ site: Site) -> HTML {
        if account.stoppedAt != nil { return Components.chip("停止", .error) }
        guard site.casework.isUnused(account) else { return Components.chip("利用中", .success) }
        return account.usedAt == nil
            ? Components.chip("未使用", .warning) : Components.chip("\(Casework.unusedDays)日以上未使用", .warning)
    }
}

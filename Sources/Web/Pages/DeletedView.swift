import Access
import Casework
import Catalogue

/// The health centre's list of deleted cases (削除した記録), each with who, when and why.
struct DeletedView {
    let records: [DeletedRecord]
    let words: CaseWords
    let staff: Staff
    /// The number that was just deleted.
    var done = ""

    func html(_ site: Site) -> HTML {
        Layout.page(
            title: "削除した記録",
            staff: staff,
            current: "/cases",
            site: site,
            main: """
                \(banner)
                <p class="back"><a href="/cases">対象者一覧に戻る</a></p>
                <h1>削除した記録</h1>
                <p>\(staff.organisation.name)が削除した記録です。\(Casework.daysToRestore)日を過ぎると、元に戻せなくなり、この一覧にも表示されません。</p>
                <div id="deleted" data-live>\(list)</div>
                """,
            styles: ["care.css"]
        )
    }

    private var banner: HTML {
        guard case .success(let number) = CaseNumber.read(done),
            records.contains(where: { $0.file.subject.number == number })
        else { return .empty }
        return Components.banner(
            .success,
            title: "記録を削除しました",
            body:
                "<p>HER-SYS ID <strong class=\"number\">\(number.display)</strong> は、どの画面にも表示されません。まちがえたときは、下の「元に戻す」を押してください。</p>"
        )
    }

    private var list: HTML {
        guard !records.isEmpty else {
            return "<div class=\"nothing\"><p>この\(Casework.daysToRestore)日間に削除した記録はありません。</p></div>"
        }
        return """
            <table class="table table-cases"><caption>削除の新しい順</caption><thead><tr><th scope="col">HER-SYS ID</th>\
            <th scope="col">氏名</th><th scope="col">削除した日時</th><th scope="col">した人</th><th scope="col">理由</th>\
            <th scope="col">戻せる期限</th><th scope="col"><span class="hidden-text">操作</span></th></tr></thead>
            <tbody>\(records.map(row))</tbody></table>
            """
    }

    private func row(_ record: DeletedRecord) -> HTML {
        let file = record.file.subject
        return """
            <tr data-deleted="\(file.number.digits)"><th scope="row" data-label="HER-SYS ID">\
            <span class="number">\(file.number.display)</span></th>\
            <td data-label="氏名">\(CaseTable.fullName(file.items))</td>\
            <td data-label="削除した日時">\(Components.time(record.deletedAt))</td>\
            <td data-label="した人">\(record.actor)</td>\
            <td data-label="理由">\(Components.shortened(record.reason, 120))</td>\
            <td data-label="戻せる期限">\(Components.time(record.until))</td>\
            <td><form method="post" action="/cases/\(file.number.digits)/restore">\(Components.csrf(staff))\
            <button type="submit" class="button button-secondary button-small">元に戻す\
            <span class="hidden-text">：HER-SYS ID \(file.number.display)</span></button></form></td></tr>
            """
    }
}

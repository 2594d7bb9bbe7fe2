import Access
import Casework
import Catalogue
import Interchange
import Storage

/// What ties the form of a 発生届 to a line of the FAX受信簿.
enum FaxEntry {
    /// The form's field that names the line.
    static let field = "fax"

    /// What a new form begins with when it is entered from a FAX: the line, and the institution that sent it.
    static func fields(_ id: String, _ site: Site, _ staff: Staff) async throws -> [String: String] {
        let line = try await site.casework.fax(id, by: staff.caller)
        var fields = [field: line.id]
        let sender = try await site.casework.directory()
        guard let institution = line.institution.flatMap({ sender[$0] }) else {
            fields["notifier_institution"] = line.sender
            return fields
        }
        let name = InstitutionName(name: institution.name, code: institution.institutionCode)
        fields["notifier_institution"] = ValueText.editable(.institution(name), of: Item.notifierInstitution.definition)
        fields["notifier_address"] = institution.address
        fields["notifier_phone"] = institution.phone
        return fields
    }

    /// The line in the form, and what the person at the form has to know of it.
    static func html(_ form: NotificationForm) -> HTML {
        guard let id = form.form.fields[field], !id.isEmpty else { return .empty }
        return """
            <input type="hidden" name="\(field)" value="\(id)">\
            \(Components.banner(
                .info, title: "FAXで届いた発生届の入力です",
                body: "<p>提出すると、FAX受信簿のこの行が「入力済」になります。<a href=\"/faxes\">FAX受信簿</a></p>"))
            """
    }

    /// Said where the line was closed while the form was open; what was looked at stays looked at, so that the next press
    /// files the report.
    static func closed(_ sent: FormData) -> HTML {
        let kept: [HTML] = ["keeps_warnings", "seen_warnings"].compactMap { name in
            sent[name].map { #"<input type="hidden" name="\#(name)" value="\#($0)">"# }
        }
        return """
            \(Components.banner(
                .warning, title: "まだ提出していません。FAX受信簿のこの行は、すでに処理されています。",
                body: """
                    <p>このFAXの行は、別の発生届として入力されたか、対象から外されています。\
                    同じ届が登録されていないか、<a href="/faxes">FAX受信簿</a>で確かめてください。</p>\
                    <p>入力した内容はそのまま残っています。1回のFAXに届が何枚もあったときなどは、もう一度「提出する」を押すと、\
                    FAX受信簿の行に結び付けずに提出します。</p>
                    """))\(kept)
            """
    }

    /// A scanned report as the fields of a new form; nothing is stored as a case before a person files it.
    static func fields(_ report: PrintedReport, words: CaseWords) -> [String: String] {
        var fields: [String: String] = [:]
        func put(_ record: Record, row: Int?) {
            for (key, value) in record.all {
                guard let item = Catalogue.item(key) else { continue }
                let text = words.editable(value, of: item)
                let isChoice = item.type.codeList != nil
                fields[ItemForm.name(key, row: row)] = isChoice ? text.replacing(",", with: " ") : text
            }
        }
        put(report.items, row: nil)
        for (row, test) in report.tests.prefix(30).enumerated() { put(test, row: row) }
        return fields
    }
}

/// The FAX backlog among the figures of the first page.
enum FaxFigures {
    static func html(_ backlog: FaxBacklog?, _ organisation: Organisation, _ now: Timestamp) -> HTML {
        guard let backlog else { return .empty }
        let isCentre = organisation.kind == .healthCentre
        let label: HTML = isCentre ? #"<a href="/faxes">未入力のFAX</a>"# : "未入力のFAX（管内の保健所の合計）"
        let isLate = backlog.oldest.map { now.seconds - $0.seconds >= 24 * 3600 } ?? false
        let age: HTML =
            backlog.oldest.map { oldest in
                """
                <span class="figure-note">最も古いもの：\(HomeView.elapsed(max(0, now.seconds - oldest.seconds)))前\
                （\(Components.time(oldest))に受信\(isLate ? "、24時間を過ぎています" : "")）</span>
                """
            } ?? .empty
        return """
            <li class="figure\(isLate ? " figure-late" : HTML.empty)" id="fax-backlog"><span class="figure-label">\(label)</span>\
            <span class="figure-number">\(backlog.count)<small>件</small></span>\(age)</li>
            """
    }
}

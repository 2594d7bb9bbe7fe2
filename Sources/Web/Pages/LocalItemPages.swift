import Access
import Casework
import Catalogue
import Hummingbird
import Storage

/// 独自項目: what a headquarters asks of its health centres besides the items of everybody.
enum LocalItemPages {
    static let routes: [Route] = [
        .page("/admin/local-items") { request, _, site, staff in
            let items = try await site.casework.localItems(by: staff.caller)
            let done = try request.query()["done"]
            return .page(try await view(items, site, staff, done: done).html(site))
        },
        .form("/admin/local-items") { sent, _, site, staff in
            let today = site.casework.today
            do {
                let draft = try LocalItemForm.read(sent, today: today)
                _ = try await site.casework.defineLocalItem(draft, by: staff.caller)
                return Redirect.to("/admin/local-items?done=define")
            } catch Refusal.findings(let findings) {
                let items = try await site.casework.localItems(by: staff.caller)
                var view = try await view(items, site, staff)
                (view.typed, view.findings) = (sent, findings)
                return .page(view.html(site), status: .unprocessableContent)
            }
        },
        .form("/admin/local-items/end") { sent, _, site, staff in
            do {
                guard let day = CalendarDate(iso: sent["last_day"] ?? "") else {
                    throw Refusal.findings([Finding("last_day", "format", "終了日を入力してください。")])
                }
                try await site.casework.endLocalItem(sent["key"] ?? "", on: day, by: staff.caller)
                return Redirect.to("/admin/local-items?done=end")
            } catch Refusal.findings(let findings) {
                let items = try await site.casework.localItems(by: staff.caller)
                var view = try await view(items, site, staff)
                view.findings = findings.map { Finding("label", $0.code, $0.message) }
                return .page(view.html(site), status: .unprocessableContent)
            }
        },
    ]

    private static func view(
        _ items: [LocalItem],
        _ site: Site,
        _ staff: Staff,
        done: String? = nil
    ) async throws -> LocalItemView {
        let directory = try await site.casework.directory()
        let offices = directory.all(.healthCentre).filter { office in
            directory.headquarters(above: office.key).contains { $0.key == staff.organisation.key }
        }
        return LocalItemView(items: items, offices: offices, staff: staff, today: site.casework.today, done: done)
    }
}

/// Reads the form on which a local item is defined.
enum LocalItemForm {
    static let kinds: [(value: String, label: String)] = [
        ("text", "文字（1行）"), ("longtext", "文字（複数行）"), ("date", "年月日"), ("number", "数（範囲つき）"),
        ("choice", "選択肢から1つ"), ("yes_no_unknown", "はい・いいえ・不明"),
    ]

    static func read(_ sent: FormData, today: CalendarDate) throws -> LocalItemDraft {
        var findings: [Finding] = []
        func day(_ name: String) -> CalendarDate? {
            guard let text = sent[name], !text.isEmpty else { return nil }
            guard case .success(let day) = JapaneseDate.read(text, today: today) else {
                findings.append(Finding(name, "format", "日付を 2022/10/1 のように入力してください。"))
                return nil
            }
            return day
        }
        // Everything that is missing is said at once, in the order of the page.
        let section = Section(rawValue: sent["section"] ?? "")
        if (sent["label"] ?? "").isEmpty { findings.append(Finding("label", "required", "項目名を40文字以内で入力してください。")) }
        if (sent["name"] ?? "").isEmpty {
            findings.append(Finding("name", "required", "項目コードを半角の小文字・数字・_で30文字以内で入力してください。"))
        }
        if section == nil { findings.append(Finding("section", "required", "情報の区分を選んでください。")) }
        let kind = kind(sent, &findings)
        let from = day("from") ?? today
        let until = day("until")
        guard let section, let kind, findings.isEmpty else { throw Refusal.findings(findings) }
        return LocalItemDraft(
            label: sent["label"] ?? "",
            section: section,
            name: sent["name"] ?? "",
            kind: kind,
            offices: sent.all("offices").filter { !$0.isEmpty },
            isRequired: sent["required"] == "1",
            from: from,
            until: until
        )
    }

    private static func kind(_ sent: FormData, _ findings: inout [Finding]) -> LocalItem.Kind? {
        switch sent["kind"] {
        case "text": return .text
        case "longtext": return .longText
        case "date": return .date
        case "yes_no_unknown": return .yesNoUnknown
        case "number":
            if let least = Int(sent["least"] ?? ""), let most = Int(sent["most"] ?? ""), least <= most {
                return .number(least...most)
            }
            findings.append(Finding("least", "format", "数の範囲を、小さい数と大きい数で入力してください。"))
        case "choice":
            let lines = (sent["choices"] ?? "").split(whereSeparator: \.isNewline)
            return .choice(
                lines.map { line in
                    let parts = line.split(maxSplits: 1, whereSeparator: \.isWhitespace).map(String.init)
                    return LocalItem.Choice(code: parts.first ?? "", label: parts.count > 1 ? parts[1] : "")
                }
            )
        default: findings.append(Finding("kind", "required", "答え方を選んでください。"))
        }
        return nil
    }
}

import Catalogue

// Which paper a 発生届 is entered on: that of the day it is notified on, unless another is chosen for an old one.

extension NotificationForm {
    /// The paper that was chosen, else the one in force on the day of the notification.
    static func version(of fields: [String: String], today: CalendarDate) -> FormVersion {
        if let chosen = FormVersion.version(fields["form"] ?? "") { return chosen }
        return FormVersion.inForce(on: notifiedOn(fields, today: today) ?? today)
    }

    /// The day of the notification as it is typed, nil where it can't be read.
    private static func notifiedOn(_ fields: [String: String], today: CalendarDate) -> CalendarDate? {
        guard case .success(let day) = JapaneseDate.read(fields["notified_on"] ?? "", today: today) else { return nil }
        return day
    }

    /// Whether the paper was chosen by hand.
    var isChosenByHand: Bool { FormVersion.version(form.fields["form"] ?? "") != nil }

    /// The paper of the day of the notification, where it isn't the one shown.
    var otherInForce: FormVersion? {
        guard let day = Self.notifiedOn(form.fields, today: today) else { return nil }
        let inForce = FormVersion.inForce(on: day)
        return inForce.id == version.id ? nil : inForce
    }

    /// Whether the paper has a residence, which the present stay may be the same as.
    var asksAddress: Bool { version.items.contains("address_line") }

    /// What was typed on another paper and isn't asked on this one, by field: it is kept and not sent in.
    var kept: [(name: String, item: ItemDefinition)] {
        let shown = Set(version.items + version.testItems + Self.householdKeys)
        return form.fields.filter { !$0.value.isEmpty }.keys.sorted().compactMap { name in
            let key = name.split(separator: ".").last.map(String.init) ?? ""
            guard !Self.ownFields.contains(name), LocalItem.section(of: name) == nil, !shown.contains(key),
                let item = words.item(key)
            else { return nil }
            return (name, item)
        }
    }

    /// Answered local items that the health centre doesn't ask on the day of the notification, or not any more: they are
    /// kept and not sent in.
    var unasked: [String] {
        let asked = Set(localItems.map(\.key))
        return form.fields.filter { name, text in
            !text.isEmpty && LocalItem.section(of: name) != nil && !asked.contains(name)
        }.keys.sorted()
    }

    /// The fields on another paper: nothing typed is lost, and the present stay takes what stood in the address.
    static func turned(_ fields: [String: String], to id: String, today: CalendarDate) -> [String: String] {
        var fields = fields
        fields["form"] = FormVersion.version(id) == nil ? nil : id
        return fields["stay_same"] == "1" ? fitted(fields, today: today) : fields
    }

    /// On a paper that has no residence the present stay begins with it.
    static func fitted(_ fields: [String: String], today: CalendarDate) -> [String: String] {
        guard !version(of: fields, today: today).items.contains("address_line"), (fields["stay_line"] ?? "").isEmpty
        else { return fields }
        var fitted = fields
        fitted["stay_line"] = fields["address_line"]
        fitted["stay_municipality"] = fields["address_municipality"] ?? fields["stay_municipality"]
        return fitted
    }
}

extension NotificationView {
    /// The paper and how to take another: for a report that was written on an earlier one.
    var versions: HTML {
        let chosen = form.isChosenByHand ? form.version.id : ""
        let automatic = form.isChosenByHand ? nil : form.version
        let options =
            [(value: "", label: "報告年月日に合わせる\(automatic.map { "（\($0.period)）" } ?? "")")]
            + FormVersion.all.map { (value: $0.id, label: "\($0.period)の様式") }
        let select = Components.select(
            name: "to_form",
            label: "届出の様式",
            value: chosen,
            options: options,
            hint: "以前の様式の紙で届いた発生届を、後から入力するときに選びます。"
        )
        return """
            <details class="versions"><summary>様式：\(form.version.period)\
            <span class="head-change">変える</span></summary>
            <div class="versions-choice">\(select)<button type="submit" class="button button-secondary" \
            formaction="/cases/new/form">この様式にする</button></div></details>
            \(otherInForce)\(notNeeded)\(kept)\(unasked)
            <input type="hidden" name="shown_form" value="\(form.version.id)">\
            <input type="hidden" name="form" value="\(chosen)">
            """
    }

    /// The day of the notification asks for another paper than the one shown.
    private var otherInForce: HTML {
        if isTurned {
            return Components.banner(
                .info,
                title: "報告年月日に合わせて、様式を\(form.version.period)のものに切り替えました",
                body: "<p>入力した内容は残っています。この様式の項目を確かめて、もう一度提出してください。</p>"
            )
        }
        guard let other = form.otherInForce else { return .empty }
        return Components.banner(
            .warning,
            title: "この様式は、報告年月日の日に使うものではありません",
            body: "<p>報告年月日の日の様式は\(other.period)のものです。報告年月日か様式を確かめてください。このままでも提出できます。</p>"
        )
    }

    /// 2022-09-26: the person is in none of the groups.
    private var notNeeded: HTML {
        guard findings.contains(where: { $0.code == "group" }) else { return .empty }
        return Components.banner(
            .info,
            title: "この方の発生届は不要です",
            body: """
                <p>届出の対象の4つのどれにも当たりません。日次総数報告の人数に含めてください。\
                入力した内容は下書きに残っています。</p>\
                <p><a href="/totals">日次総数報告を開く</a></p>
                """
        )
    }

    /// What was typed on another paper goes along with the form.
    private var kept: HTML {
        let isSame = !form.asksAddress && form.form.fields["stay_same"] == "1"
        let same: HTML = isSame ? #"<input type="hidden" name="stay_same" value="1">"# : .empty
        let kept = form.kept
        guard !kept.isEmpty else { return same }
        let labels = kept.map(\.item.ja).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let fields: [HTML] = kept.map {
            #"<input type="hidden" name="\#($0.name)" value="\#(form.form.fields[$0.name] ?? "")">"#
        }
        return """
            \(same)\(fields)<p class="support versions-kept">この様式にない項目の入力は残してありますが、提出されません：\
            \(labels.joined(separator: "、"))</p>
            """
    }

    /// Answers to local items that go nowhere as the form stands; the next sending knows that this was said.
    private var unasked: HTML {
        let names = form.unasked
        guard !names.isEmpty else { return .empty }
        let labels = names.map { form.words.item($0)?.ja ?? "独自項目" }
        let fields: [HTML] = names.map {
            #"<input type="hidden" name="\#($0)" value="\#(form.form.fields[$0] ?? "")">"#
        }
        let day: HTML = "届出先の保健所か報告年月日を変えたため、次の独自項目は尋ねられていません。入力は残してありますが、提出されません："
        return """
            \(fields)<input type="hidden" name="shown_kept" value="\(names.joined(separator: " "))">\
            \(Components.banner(
                .warning, title: "提出されない独自項目があります",
                body: """
                    <p>\(day)<strong>\(labels.joined(separator: "、"))</strong></p>\
                    <p>届出先の保健所と、「自治体の独自項目」を確かめてください。これでよければ、もう一度「提出する」を押してください。</p>
                    """))
            """
    }
}

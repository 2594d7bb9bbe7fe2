import Access
import Casework
import Catalogue

/// The sums of the health centres by day, and who hasn't reported.
struct TotalsSumsView {
    let days: ClosedRange<CalendarDate>
    let sums: [TotalSum]
    /// Who has reported the last of the days and who hasn't; none for the ministry.
    let offices: [OfficeTotals]
    let words: CaseWords
    let staff: Staff
    let today: CalendarDate
    let findings: [Finding]

    func html(_ site: Site) -> HTML {
        Layout.page(
            title: "日次総数報告",
            staff: staff,
            current: "/totals",
            site: site,
            main: main,
            errors: findings,
            styles: ["totals.css"]
        )
    }

    private var main: HTML {
        let query = "from=\(days.lowerBound.iso)&until=\(days.upperBound.iso)"
        return """
            <h1>日次総数報告</h1>
            <form method="get" action="/totals" class="totals-days">
            \(day("from", "期間の始め", days.lowerBound))\(day("until", "期間の終わり", days.upperBound))
            <button type="submit" class="button button-secondary">表示する</button>
            <a href="/totals/csv?\(query)">CSVで保存</a>
            </form>
            \(prefectures)\(byOffice)\(missing)
            """
    }

    private func day(_ name: String, _ label: String, _ day: CalendarDate) -> HTML {
        Components.textField(
            name: name,
            label: label,
            value: day.iso,
            errors: findings.at(name),
            type: "date",
            attributes: #" min="\#(TotalsRights.firstDay.iso)" max="\#(today.iso)""#
        )
    }

    /// A line of numbers.
    private struct Line {
        var title: HTML
        var institutions = 0
        var reported = 0
        var counts = AgeCounts()

        mutating func add(_ sum: TotalSum) {
            institutions += sum.institutions
            reported += sum.reported
            counts += sum.counts
        }
    }

    /// By prefecture and day.
    private var prefectures: HTML {
        var lines: [Line] = []
        var places: [String: Int] = [:]
        var all = Line(title: "期間の合計")
        let isWide = Set(sums.map { prefecture($0.office) }).count > 1
        for sum in sums {
            all.add(sum)
            let code = prefecture(sum.office)
            let key = "\(sum.day.iso) \(code)"
            if places[key] == nil {
                places[key] = lines.count
                let name = CodeList.prefecture.label(Code(code))
                lines.append(Line(title: "\(Components.date(sum.day))\(isWide ? "　\(name)" : "")"))
            }
            if let place = places[key] { lines[place].add(sum) }
        }
        return table("1日ごとの合計", first: isWide ? "日・都道府県" : "日", lines, all)
    }

    /// By health centre on the last day.
    private var byOffice: HTML {
        let last = sums.filter { $0.day == days.upperBound }
        guard last.count > 1 else { return .empty }
        var all = Line(title: "合計")
        let lines = last.map { sum in
            var line = Line(title: "\(words.organisation(sum.office))")
            line.add(sum)
            all.add(sum)
            return line
        }
        return table("\(JapaneseDate.display(days.upperBound))の保健所ごとの人数", first: "保健所", lines, all)
    }

    private func prefecture(_ office: OrganisationKey) -> String {
        words.organisations[office]?.prefecture ?? ""
    }

    private func table(_ title: String, first: String, _ lines: [Line], _ all: Line) -> HTML {
        guard !lines.isEmpty else { return .empty }
        let head: [HTML] = AgeCounts.bands.map { #"<th scope="col" class="quantity">\#($0.ja)</th>"# }
        let rows: [HTML] = lines.map { row($0, label: first) }
        return """
            <h2>\(title)</h2>
            <div class="table-scroll" tabindex="0" role="region" aria-label="\(title)">\
            <table class="table totals-table"><thead><tr><th scope="col">\(first)</th>\
            <th scope="col" class="quantity">報告済み</th><th scope="col" class="quantity">合計</th>\(head)</tr></thead>\
            <tbody>\(rows)</tbody><tfoot>\(row(all, label: first))</tfoot></table></div>
            """
    }

    private func row(_ line: Line, label: String) -> HTML {
        let cells: [HTML] = AgeCounts.bands.map {
            #"<td class="quantity" data-label="\#($0.ja)">\#(line.counts[$0.code])</td>"#
        }
        return """
            <tr><th scope="row" data-label="\(label)">\(line.title)</th>\
            <td class="quantity" data-label="報告済み">\(line.reported)/\(line.institutions)</td>\
            <td class="quantity" data-label="合計">\(line.counts.total)</td>\(cells)</tr>
            """
    }

    /// Who hasn't reported the last of the days, and the numbers of those who have.
    private var missing: HTML {
        guard !offices.isEmpty else { return .empty }
        let day = days.upperBound
        let parts: [HTML] = offices.map { one in
            let missing: [HTML] = one.missing.map { institution in
                let phone: HTML =
                    institution.phone.isEmpty
                    ? .empty : #" <span class="totals-phone">\#(institution.phone)</span>"#
                return "<li>\(link(institution.key, institution.name, day))\(phone)</li>"
            }
            let reported: [HTML] = one.reported.map { total in
                "<li>\(link(total.institution, words.organisation(total.institution), day))　\(total.counts.total)人</li>"
            }
            let none: HTML =
                one.reported.isEmpty && one.missing.isEmpty
                ? "<p>報告する医療機関が登録されていません。</p>" : "<p>すべての医療機関が報告しました。</p>"
            let done: HTML =
                reported.isEmpty
                ? .empty
                : """
                <details><summary>報告済み \(one.reported.count)</summary><ul class="totals-missing">\(reported)</ul></details>
                """
            return """
                <h3>\(one.office.name)（未報告 \(one.missing.count)）</h3>
                \(missing.isEmpty ? none : #"<ul class="totals-missing">\#(missing)</ul>"#)\(done)
                """
        }
        return "<h2>\(JapaneseDate.display(day))の報告がまだの医療機関</h2>\(parts)"
    }

    private func link(_ key: OrganisationKey, _ name: String, _ day: CalendarDate) -> HTML {
        #"<a href="/totals/\#(Redirect.percentEncoded(key))/\#(day.iso)">\#(name)</a>"#
    }
}

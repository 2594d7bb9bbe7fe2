import Access
import Casework
import Catalogue

/// A letter from the head of the health centre to the person, one sheet.
struct LetterSheet {
    let kind: PrintedLetter
    let file: CaseFile
    let words: CaseWords
    /// The day of the letter.
    let day: CalendarDate

    private var items: Record { file.items }
    private var office: Organisation? { file.jurisdiction.flatMap { words.organisations[$0] } }

    var html: HTML {
        """
        <article class="sheet letter">
        <p class="letter-number">第　　　　　号<br>\(JapaneseDate.display(day))</p>
        <p class="letter-to">\(address)<br><strong>\(name)　様</strong>\(guardian)</p>
        <p class="letter-from">\(office?.name ?? "保健所")長　　　　　　　　　　印<br>\(officeAddress)</p>
        <h2>\(kind.title)</h2>
        \(text)
        <dl class="letter-facts">\(facts)</dl>
        \(remedy)
        <p class="letter-contact">問い合わせ先：\(office?.name ?? "")\(office.map { $0.phone.isEmpty ? "" : "　電話 \($0.phone)" } ?? "")</p>
        <p class="letter-id">HER-SYS ID \(file.number.display)</p>
        </article>
        """
    }

    private var name: String {
        let kanji = [items[.familyName], items[.givenName]].compactMap { $0 }.joined(separator: " ")
        return kanji.isEmpty ? items[.latinName] ?? "" : kanji
    }

    /// A letter to a child goes to the guardian.
    private var guardian: HTML {
        items[.guardianName].map { "<br>（保護者　\($0)　様）" } ?? .empty
    }

    private var address: String {
        let place = items[.addressMunicipality].map { words.municipality($0) ?? "" } ?? ""
        return place + (items[.addressLine] ?? "")
    }

    private var officeAddress: HTML {
        guard let office, !office.address.isEmpty else { return .empty }
        return "\(office.address)"
    }

    private var text: HTML {
        switch kind {
        case .workRestriction:
            """
            <p>あなた（又はあなたが保護する上記の方）は、新型コロナウイルス感染症の患者又は無症状病原体保有者として届出がありました。\
            感染症の予防及び感染症の患者に対する医療に関する法律（平成10年法律第114号）第18条第1項の規定により、次のとおり通知します。</p>
            <p>同条第2項の規定により、病原体を保有しなくなるまでの期間又はその症状が消失するまでの期間、\
            飲食物の製造、販売、調製又は取扱いの際に飲食物に直接接触する業務及び接客業その他の多数の者に接触する業務に従事することができません。\
            この期間については、同条第3項の規定により、保健所長に対し、就業制限の対象者でないことの確認を求めることができます。</p>
            """
        case .admission:
            """
            <p>新型コロナウイルス感染症のまん延を防止するため必要があると認めますので、感染症の予防及び感染症の患者に対する医療に関する法律\
            （平成10年法律第114号）第19条第1項又は第20条第1項（同法又はこれに基づく政令において準用する場合を含む。）の規定により、\
            次のとおり入院するよう勧告します。</p>
            <p>正当な理由がなくこの勧告に従わないときは、同法第19条第3項又は第20条第2項の規定により、入院の措置をとることがあります。\
            この勧告について意見を述べる機会があります。</p>
            """
        case .care:
            """
            <p>上記の方は、新型コロナウイルス感染症の患者又は無症状病原体保有者として医師の届出（感染症の予防及び感染症の患者に対する医療に関する法律\
            （平成10年法律第114号）第12条第1項）があり、次のとおり宿泊施設又は自宅で療養したことを証明します。</p>
            """
        }
    }

    private var facts: HTML {
        var lines: [(String, String)] = [
            ("氏名", name), ("生年月日", items[.birthDate].map(JapaneseDate.display) ?? ""),
            ("病名", "新型コロナウイルス感染症"), ("診断日", items[.diagnosedOn].map(JapaneseDate.display) ?? ""),
        ]
        let blank = "　　　　年　　月　　日"
        switch kind {
        case .workRestriction:
            lines.append(("届出の区分", items[.caseClass].map { CodeList.caseClass.label($0) } ?? ""))
            lines.append(
                ("就業制限の期間", "\(items[.diagnosedOn].map(JapaneseDate.display) ?? blank)　から　病原体を保有しないことが確認される日まで")
            )
        case .admission:
            let stay = (file.entries[.admission] ?? []).last?.items ?? Record()
            lines.append(("入院する医療機関", stay[.hospital]?.name ?? ""))
            lines.append(("入院の期日", stay[.admittedOn].map(JapaneseDate.display) ?? blank))
            lines.append(("勧告の理由", "感染症のまん延を防止するため"))
        case .care:
            let stay = careStay
            let place = [stay[.placeKind].map { CodeList.placeKind.label($0) }, stay[.placeOrganisation]?.name]
            lines.append(("療養した場所", place.compactMap { $0 }.joined(separator: "　")))
            let from = stay[.placeFrom].map(JapaneseDate.display) ?? blank
            let until = stay[.placeTo].map(JapaneseDate.display) ?? blank
            lines.append(("療養の期間", "\(from)　から　\(until)　まで"))
        }
        let all: [HTML] = lines.map { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>" }
        return "\(all)"
    }

    /// The last stay at home or in a facility.
    private var careStay: Record {
        let stays = (file.entries[.whereabouts] ?? []).map(\.items)
        return stays.last { $0[.placeKind] == "home" || $0[.placeKind] == "lodging" } ?? Record()
    }

    /// 教示: how the person can have the decision looked at again (行政不服審査法第82条, 行政事件訴訟法第46条).
    private var remedy: HTML {
        guard kind != .care else { return .empty }
        return """
            <p class="letter-remedy">この処分に不服があるときは、この処分があったことを知った日の翌日から起算して3か月以内に、\
            審査請求をすることができます。また、この処分の取消しの訴えは、この処分があったことを知った日の翌日から起算して\
            6か月以内に提起することができます。</p>
            """
    }
}

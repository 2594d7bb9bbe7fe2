import Access
import Catalogue

/// Who sees what, in the words of those who are seen: made of the table of rights, so that it can't promise more.
enum SeenBy {
    /// Organisations that are told apart on paper.
    struct Reader: Sendable {
        let name: Wording
        let roles: [CaseRole]
    }

    /// What is told apart on paper; without sections it is what is needed to call the right person.
    struct Matter: Sendable {
        let name: Wording
        let sections: [Section]?
    }

    /// What somebody sees of something, the least first.
    enum Sight: Int, Sendable, Comparable {
        case nothing
        case nameless
        case own
        case all

        static func < (left: Sight, right: Sight) -> Bool { left.rawValue < right.rawValue }

        /// As the table shows it.
        var mark: Wording {
            switch self {
            case .nothing: Wording("－", "–")
            case .nameless: Wording("匿名", "No names")
            case .own: Wording("△", "△")
            case .all: Wording("○", "○")
            }
        }

        /// As it is read aloud.
        var meaning: Wording {
            switch self {
            case .nothing: Wording("見られない", "cannot see it")
            case .nameless: Wording("本人を特定する情報を除いたものだけ", "only without what tells who you are")
            case .own: Wording("その機関が入力したものだけ", "only what it has entered itself")
            case .all: Wording("見られる", "can see it")
            }
        }
    }

    static let readers = [
        Reader(
            name: Wording("担当の保健所、関係する保健所", "Public health centre in charge, related centres"),
            roles: [.inCharge, .related]
        ),
        Reader(
            name: Wording("都道府県・市・特別区の本部", "Headquarters of the prefecture or city"),
            roles: [.headquarters]
        ),
        Reader(name: Wording("届出や検査をした医療機関", "Clinic that reported or tested you"), roles: [.reporting, .testing]),
        Reader(name: Wording("入院先の医療機関", "Hospital where you stay"), roles: [.admitting]),
        Reader(
            name: Wording("健康観察の受託機関、宿泊療養施設", "Follow-up contractor, lodging facility"),
            roles: [.followUp, .lodging]
        ),
        Reader(name: Wording("厚生労働省、感染症情報センター", "Ministry of Health, analysis centre"), roles: [.ministry, .analysis]),
    ]

    static let matters = [
        Matter(name: Wording("氏名、性別、生年月日、電話番号", "Name, sex, date of birth, telephone"), sections: nil),
        Matter(name: Wording("住所、職業など", "Address, occupation and the like"), sections: [.person]),
        Matter(
            name: Wording("症状、持病、過去の入院", "Symptoms, earlier illnesses and admissions"),
            sections: [.interview, .condition, .pastAdmission]
        ),
        Matter(name: Wording("検査", "Tests"), sections: [.test]),
        Matter(name: Wording("発生届", "Physician's notification"), sections: [.notification]),
        Matter(name: Wording("入院の状況、退院など", "Stay in hospital, discharge"), sections: [.admission, .outcome]),
        Matter(name: Wording("毎日の健康状態", "Daily health reports"), sections: [.observation]),
        Matter(name: Wording("療養している場所（居所）", "Where you stay"), sections: [.whereabouts]),
        Matter(
            name: Wording("行動歴、接触した方、感染経路", "Where you went, whom you met, how you were infected"),
            sections: [.activity, .contact, .infectionLink, .route]
        ),
        Matter(
            name: Wording("同居の方、福祉、重症度、連絡先、待機の解除、メモ", "Household, welfare, severity, care contacts, release, notes"),
            sections: [.household, .welfare, .severity, .careContact, .release, .memo]
        ),
    ]

    /// The most that one of an organisation's roles lets it see of any part of a matter.
    static func sight(_ reader: Reader, _ matter: Matter) -> Sight {
        reader.roles.flatMap { sights($0, matter) }.max() ?? .nothing
    }

    /// What a role sees of each part of a matter.
    static func sights(_ role: CaseRole, _ matter: Matter) -> [Sight] {
        guard let sections = matter.sections else {
            return Rights.seesStrip(role) ? [.all] : sights(role, Matter(name: matter.name, sections: [.person]))
        }
        return sections.map { section in
            switch Rights.right(of: role, on: section) {
            case .none, .writeOnly: .nothing
            case .readDeidentified: .nameless
            case .readOwn, .writeOwn: .own
            case .read, .write: .all
            }
        }
    }

    static func table(_ tongue: PageLanguage) -> HTML {
        let heads: [HTML] = readers.map { #"<th scope="col">\#(tongue.text($0.name))</th>"# }
        let rows: [HTML] = matters.map { matter in
            let cells: [HTML] = readers.map { reader in
                let sight = sight(reader, matter)
                return """
                    <td><span aria-hidden="true">\(tongue.text(sight.mark))</span>\
                    <span class="hidden-text">\(tongue.text(sight.meaning))</span></td>
                    """
            }
            return #"<tr><th scope="row">\#(tongue.text(matter.name))</th>\#(cells)</tr>"#
        }
        return """
            <div class="seen" role="region" tabindex="0" aria-label="\(tongue.text(Wording("だれが何を見るか", "Who sees what")))">\
            <table class="seen-table"><thead><tr><td></td>\(heads)</tr></thead>
            <tbody>\(rows)</tbody></table></div>
            """
    }
}

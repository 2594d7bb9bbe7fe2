import Access
public import Catalogue

/// Which tokens a case is found by, and which a search term may mean.
struct SearchTokens: Sendable {
    let vault: Vault

    /// The tokens of a case, each once, in rising order.
    func tokens(of file: CaseFile) -> [Int64] {
        var result: Set<Int64> = []
        let items = file.items
        let familyKana = items[.familyKana].map(SearchForm.kana) ?? ""
        let givenKana = items[.givenKana].map(SearchForm.kana) ?? ""
        let familyName = items[.familyName].map(SearchForm.name) ?? ""
        let givenName = items[.givenName].map(SearchForm.name) ?? ""
        func add(_ kind: TokenKind, _ value: String) {
            if !value.isEmpty { result.insert(vault.token(kind, value)) }
        }
        add(.familyKana, familyKana)
        add(.kana, familyKana + givenKana)
        add(.familyName, familyName)
        add(.name, familyName + givenName)
        if let latin = items[.latinName] {
            add(.name, SearchForm.name(latin))
            // A foreign name's parts come in any order: each part finds it.
            for part in latin.split(whereSeparator: { $0 == " " || $0 == "," || $0 == "・" }) {
                add(.familyName, SearchForm.name(String(part)))
            }
        }
        for phone in [items[.phone], items[.mobilePhone]] {
            if let phone { add(.phone, SearchForm.phone(phone)) }
        }
        if let birth = items[.birthDate] { add(.birthDate, birth.iso) }
        if let nesid = items[.nesidNumber] { add(.nesid, nesid.uppercased()) }
        return result.sorted()
    }

    /// The tokens that a term may stand for; a case has to have one of them.
    func tokens(of term: SearchTerm) -> [Int64] {
        switch term {
        case .name(let text):
            let kana = SearchForm.kana(text)
            let name = SearchForm.name(text)
            return [
                vault.token(.familyKana, kana), vault.token(.kana, kana),
                vault.token(.familyName, name), vault.token(.name, name),
            ]
        case .phone(let text): return [vault.token(.phone, SearchForm.phone(text))]
        case .birthDate(let date): return [vault.token(.birthDate, date.iso)]
        case .nesid(let text): return [vault.token(.nesid, text.uppercased())]
        case .number: return []
        }
    }
}

/// One word of a search as it was understood.
public enum SearchTerm: Sendable, Hashable {
    /// A family name or a whole name, in kanji, kana or Latin letters.
    case name(String)
    /// A telephone number.
    case phone(String)
    /// A birth date.
    case birthDate(CalendarDate)
    /// A NESID number.
    case nesid(String)
    /// A HER-SYS ID.
    case number(CaseNumber)
}

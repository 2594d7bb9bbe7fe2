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
        case .name(let text): return tokens(ofName: text)
        case .phone(let text): return [vault.token(.phone, SearchForm.phone(text))]
        case .birthDate(let date): return [vault.token(.birthDate, date.iso)]
        case .nesid(let text): return [vault.token(.nesid, text.uppercased())]
        case .number: return []
        }
    }
}

extension SearchTokens {
    /// The tokens that a name may stand for, as it was typed and in the other orders of its parts.
    ///
    /// A case keeps the family name and the whole name, family name first, each in its own form. What is typed may have
    /// the given name first, with a space or without: so the parts change places here and not in what is stored, and
    /// no stored token has to be made anew.
    private func tokens(ofName text: String) -> [Int64] {
        var tokens: [Int64] = []
        var known: Set<Int64> = []
        func add(_ kind: TokenKind, _ form: String) {
            let token = vault.token(kind, form)
            if !form.isEmpty, known.insert(token).inserted { tokens.append(token) }
        }
        func addBoth(_ parts: [String]) {
            // A long vowel ends with its part: オオタ アイ is not オオタイ.
            add(.kana, parts.map(SearchForm.kana).joined())
            add(.name, parts.map(SearchForm.name).joined())
        }
        let (kana, name) = (SearchForm.kana(text), SearchForm.name(text))
        add(.familyKana, kana)
        add(.kana, kana)
        add(.familyName, name)
        add(.name, name)
        let parts = text.split { SearchForm.partsNames($0) }.map(String.init)
        switch parts.count {
        case 0: break
        case 1: for (left, right) in Self.halves(of: text) { addSplit(left, right, add) }
        case 2...4: for order in Self.orders(parts) { addBoth(order) }
        default: addBoth(parts)
        }
        return tokens
    }

    /// A name without a space, parted at one place: as it is and with its parts changed.
    private func addSplit(_ left: String, _ right: String, _ add: (TokenKind, String) -> Void) {
        // Kana are looked for among kana only and kanji among kanji: each spelling more is a look into the index.
        if SearchForm.isKana(left + right) {
            add(.kana, SearchForm.kana(left) + SearchForm.kana(right))
            add(.kana, SearchForm.kana(right) + SearchForm.kana(left))
        } else {
            add(.name, SearchForm.name(right) + SearchForm.name(left))
        }
    }

    /// Every way to part a text in two; none for one that is no name of a person.
    private static func halves(of text: String) -> [(String, String)] {
        let letters = Array(text)
        guard (3...14).contains(letters.count) else { return [] }
        return (1..<letters.count).map { (String(letters[..<$0]), String(letters[$0...])) }
    }

    /// Every order of a few parts.
    private static func orders(_ parts: [String]) -> [[String]] {
        guard parts.count > 1 else { return [parts] }
        return parts.indices.flatMap { index -> [[String]] in
            var rest = parts
            let first = rest.remove(at: index)
            return orders(rest).map { [first] + $0 }
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

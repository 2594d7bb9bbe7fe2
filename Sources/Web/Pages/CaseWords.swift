import Access
import Casework
import Catalogue
import Storage

/// Turns keys of health centres and codes of municipalities into names, and names back into codes.
struct CaseWords: Sendable {
    /// Every organisation by its key.
    let organisations: [OrganisationKey: Organisation]
    /// Every municipality by its code; none where the places aren't loaded.
    let municipalities: [String: Municipality]
    /// Every organisation, and the items that prefectures have defined; nil in tests of words alone.
    private(set) var directory: Directory?

    init(organisations: [OrganisationKey: Organisation] = [:], municipalities: [String: Municipality] = [:]) {
        self.organisations = organisations
        self.municipalities = municipalities
    }

    /// The names as the database has them now.
    init(_ site: Site) async throws {
        let directory = try await site.casework.directory()
        self.directory = directory
        organisations = directory.organisations
        municipalities = try await site.casework.municipalities()
    }

    /// An organisation's name; its key where it is no longer listed.
    func organisation(_ key: OrganisationKey) -> String {
        organisations[key]?.name ?? key
    }

    /// A municipality with its prefecture: 東京都新宿区.
    func municipality(_ code: String) -> String? {
        municipalities[code].map { $0.prefecture + $0.name }
    }

    /// The health centres in the order of their keys, which is from north to south.
    var offices: [(value: String, label: String)] {
        organisations.values.filter { $0.kind == .healthCentre }.sorted { $0.key < $1.key }
            .map { ($0.key, $0.name) }
    }

    /// What is known of an item, a prefecture's own included.
    func item(_ key: String) -> ItemDefinition? {
        Catalogue.item(key) ?? directory?.localItems[key]?.definition
    }

    /// A section's local items that are asked about a case of a health centre on a day.
    func localItems(of office: OrganisationKey?, on day: CalendarDate) -> [LocalItem] {
        directory?.localItems(of: office, on: day) ?? []
    }

    /// Organisations of some kinds in the prefecture of another; everywhere for who has none.
    func hosts(_ kinds: Set<OrganisationKind>, near organisation: Organisation) -> [Organisation] {
        organisations.values.filter { one in
            kinds.contains(one.kind) && (organisation.prefecture.isEmpty || one.prefecture == organisation.prefecture)
        }.sorted { $0.key < $1.key }
    }

    /// A value as it is read on a screen.
    func text(_ value: Value, of item: ItemDefinition) -> String {
        let value = item.typed(value)
        return switch (item.type, value) {
        case (.office, .code(let code)): organisation(code.rawValue)
        case (.offices, .codes(let codes)): codes.map { organisation($0.rawValue) }.joined(separator: "、")
        case (.municipality, .text(let code)): municipality(code) ?? code
        default: ValueText.display(value, of: item)
        }
    }

    /// A value as it stands in a field that is being edited; ``ItemForm`` reads it back to the same value.
    func editable(_ value: Value, of item: ItemDefinition) -> String {
        let value = item.typed(value)
        if item.type == .municipality, case .text(let code) = value, let name = municipality(code),
            case .success(code) = municipalityCode(name)
        {
            return name
        }
        return ValueText.editable(value, of: item)
    }

    /// The code of a municipality by its name, with its prefecture where the name alone means several; nil for digits,
    /// which are a code already.
    func municipalityCode(_ text: String) -> Result<String, ReadingFailure>? {
        let typed = text.filter { !$0.isWhitespace }
        // Digits of any width: `isNumber` would take 京 of 東京 for ten quadrillion.
        let isCode = typed.unicodeScalars.contains { $0.properties.generalCategory == .decimalNumber }
        guard !municipalities.isEmpty, !typed.isEmpty, !isCode else { return nil }
        let whole = municipalities.values.first { $0.prefecture + $0.name == typed }
        if let whole { return .success(whole.code) }
        let named = municipalities.values.filter { $0.name == typed }
        if named.count == 1, let one = named.first { return .success(one.code) }
        return .failure(
            named.isEmpty
                ? ReadingFailure(code: "unknown", message: "市区町村名か6桁の団体コードを入力してください。例：東京都新宿区")
                : ReadingFailure(code: "ambiguous", message: "同じ名前の市区町村があります。「東京都府中市」のように都道府県から入力してください。")
        )
    }
}

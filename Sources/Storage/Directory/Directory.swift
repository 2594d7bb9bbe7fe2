public import Access
public import Catalogue

/// All organisations at one moment, by key and by number.
///
/// Rows carry numbers, everything above carries keys. Tens of thousands of institutions fit in memory; a process
/// reads them again when they have changed.
public struct Directory: Sendable {
    /// Every organisation by its key.
    public let organisations: [OrganisationKey: Organisation]
    /// Items that headquarters have defined for their health centres.
    public let localItems: LocalItems
    /// From which day the people of each local government may sign in.
    public let openingDays: OpeningDays
    private let numbers: [OrganisationKey: Int64]
    private let keys: [Int64: OrganisationKey]
    private let healthCentres: [String: [OrganisationKey]]
    private let byCode: [String: OrganisationKey]
    private let ofPrefectures: [String: OrganisationKey]
    private let analysisCentres: [OrganisationKey: [OrganisationKey]]

    /// A directory of numbered organisations.
    init(
        _ rows: [(number: Int64, organisation: Organisation)],
        localItems: LocalItems = LocalItems(),
        openingDays: OpeningDays = OpeningDays()
    ) {
        self.localItems = localItems
        self.openingDays = openingDays
        organisations = Dictionary(rows.map { ($0.organisation.key, $0.organisation) }, uniquingKeysWith: { $1 })
        numbers = Dictionary(rows.map { ($0.organisation.key, $0.number) }, uniquingKeysWith: { $1 })
        keys = Dictionary(rows.map { ($0.number, $0.organisation.key) }, uniquingKeysWith: { $1 })
        healthCentres = Dictionary(
            grouping: rows.map(\.organisation).filter { $0.kind == .healthCentre },
            by: \.municipality
        ).mapValues { $0.map(\.key) }
        ofPrefectures = Dictionary(
            rows.map(\.organisation).filter { $0.kind == .prefecture }.map { ($0.prefecture, $0.key) },
            uniquingKeysWith: min
        )
        byCode = Dictionary(
            rows.compactMap { row in row.organisation.institutionCode.map { ($0, row.organisation.key) } },
            uniquingKeysWith: { first, _ in first }
        )
        analysisCentres = Dictionary(
            grouping: rows.map(\.organisation).filter { $0.kind == .analysis && $0.parent != nil },
            by: { $0.parent ?? "" }
        ).mapValues { $0.map(\.key).sorted() }
    }

    /// The organisation that an institution on a form is, of one of some kinds.
    ///
    /// Only by its code or key: a name may be another institution's, too, and whoever is named sees the case.
    public func organisation(_ institution: InstitutionName, of kinds: Set<OrganisationKind>) -> Organisation? {
        guard let code = institution.code else { return nil }
        let found = organisations[code] ?? byCode[code].flatMap { organisations[$0] }
        return found.flatMap { kinds.contains($0.kind) ? $0 : nil }
    }

    /// The organisation with a key.
    public subscript(key: OrganisationKey) -> Organisation? { organisations[key] }

    /// The number rows carry for an organisation.
    public func number(_ key: OrganisationKey) -> Int64? { numbers[key] }

    /// The key of an organisation's number.
    public func key(_ number: Int64) -> OrganisationKey? { keys[number] }

    /// The health centre of a municipality, nil where none or more than one stands there.
    public func healthCentre(of municipality: String) -> OrganisationKey? {
        guard let found = healthCentres[municipality], found.count == 1 else { return nil }
        return found.first
    }

    /// The headquarters above an organisation, nearest first: a ward's health centre has the ward's 本庁 and the
    /// prefecture's 調整本部.
    public func headquarters(above key: OrganisationKey) -> [Organisation] {
        var result: [Organisation] = []
        var next = organisations[key]?.parent
        while let parent = next.flatMap({ organisations[$0] }), result.count < 4 {
            if parent.kind == .prefecture || parent.kind == .city { result.append(parent) }
            next = parent.parent
        }
        return result
    }

    /// The headquarters of the local government that an organisation belongs to, nil for the ministry.
    ///
    /// By the ways above it; an organisation that stands below nobody belongs to its prefecture.
    public func government(of organisation: Organisation) -> Organisation? {
        if organisation.kind == .ministry { return nil }
        if organisation.isGovernment { return organisation }
        if let office = organisation.healthCentre, let above = headquarters(above: office).first { return above }
        if let above = headquarters(above: organisation.key).first { return above }
        return ofPrefectures[organisation.prefecture].flatMap { organisations[$0] }
    }

    /// All local governments by their headquarters, from north to south, the prefecture's before its cities'.
    public var governments: [Organisation] {
        organisations.values.filter(\.isGovernment).sorted {
            ($0.prefecture, $0.kind == .city ? 1 : 0, $0.key) < ($1.prefecture, $1.kind == .city ? 1 : 0, $1.key)
        }
    }

    /// What the people of an organisation may do on a day, as far as its local government has begun.
    public func entry(of key: OrganisationKey, on today: CalendarDate) -> OpeningDays.Entry {
        guard openingDays.common != nil, let organisation = organisations[key] else { return .open }
        return openingDays.entry(of: organisation, below: government(of: organisation), on: today)
    }

    /// The 感染症情報センター to which a local government has issued its ID.
    public func analysisCentres(of government: OrganisationKey) -> [OrganisationKey] {
        analysisCentres[government] ?? []
    }

    /// Organisations of a kind in the order of their keys.
    public func all(_ kind: OrganisationKind) -> [Organisation] {
        organisations.values.filter { $0.kind == kind }.sorted { $0.key < $1.key }
    }
}

/// Organisations in the database.
public enum DirectoryStore {
    /// Reads all organisations that haven't been stopped.
    public static func load(_ connection: any SQLConnection) throws -> Directory {
        let rows = try connection.rows(
            """
            SELECT number, key, kind, name, parent, health_centre, prefecture, municipality, address, phone,
                institution_code
            FROM organisations WHERE stopped_at IS NULL
            """
        ) { row in
            (
                row.integer(0),
                Organisation(
                    key: row.text(1),
                    kind: OrganisationKind(rawValue: row.text(2)) ?? .medical,
                    name: row.text(3),
                    parent: row.optionalText(4),
                    healthCentre: row.optionalText(5),
                    prefecture: row.text(6),
                    municipality: row.text(7),
                    address: row.text(8),
                    phone: row.text(9),
                    institutionCode: row.optionalText(10)
                )
            )
        }
        let keys = Dictionary(rows.map { ($0.0, $0.1.key) }, uniquingKeysWith: { $1 })
        return Directory(
            rows,
            localItems: try LocalItemStore.load(connection),
            openingDays: try ReadinessStore.days(connection, keys: keys)
        )
    }

    /// Adds an organisation, or changes the one with its key.
    public static func save(_ organisation: Organisation, _ connection: any SQLConnection) throws {
        try connection.execute(
            """
            INSERT INTO organisations (key, kind, name, parent, health_centre, prefecture, municipality, address,
                phone, institution_code)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (key) DO UPDATE SET kind = excluded.kind, name = excluded.name, parent = excluded.parent,
                health_centre = excluded.health_centre, prefecture = excluded.prefecture,
                municipality = excluded.municipality, address = excluded.address, phone = excluded.phone,
                institution_code = excluded.institution_code
            """,
            [
                .text(organisation.key), .text(organisation.kind.rawValue), .text(organisation.name),
                .optional(organisation.parent), .optional(organisation.healthCentre), .text(organisation.prefecture),
                .text(organisation.municipality), .text(organisation.address), .text(organisation.phone),
                .optional(organisation.institutionCode),
            ]
        )
    }
}

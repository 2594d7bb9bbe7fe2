public import Access
public import Catalogue

/// The clear row of a case: codes, days and organisations, nothing that tells who the person is.
///
/// Lists are filtered by it and figures are counted from it without any key.
struct CaseFacts {
    static let insert = """
        INSERT INTO facts (seq, jurisdiction, reporter, intake, published, status, case_class, sex, age_band,
            occupation_class, severity, outcome, municipality, entry_route, submitted_at, confirmed_at, onset_day,
            diagnosed_day, published_day, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
        """
    static let update = """
        UPDATE facts SET jurisdiction = $2, reporter = $3, intake = $4, published = $5, status = $6, case_class = $7,
            sex = $8, age_band = $9, occupation_class = $10, severity = $11, outcome = $12, municipality = $13,
            entry_route = $14, submitted_at = $15, confirmed_at = $16, onset_day = $17, diagnosed_day = $18,
            published_day = $19, created_at = $20, updated_at = $21
        WHERE seq = $1
        """

    static func parameters(
        _ file: CaseFile,
        sequence: Int64,
        directory: Directory,
        createdAt: Timestamp,
        updatedAt: Timestamp
    ) -> [SQLValue] {
        let items = file.items
        func code(_ item: Item<Code>) -> SQLValue { .optional(items[item]?.rawValue) }
        func day(_ item: Item<CalendarDate>) -> SQLValue { .optional(items[item].map { Int64($0.dayNumber) }) }
        func organisation(_ role: CaseRole) -> SQLValue {
            .optional(file.parties.first { $0.role == role }.flatMap { directory.number($0.organisation) })
        }
        return [
            .integer(sequence), organisation(.inCharge), organisation(.reporting),
            .integer(intakeNumber(file.intake)), .integer(file.isPublishedData ? 1 : 0), code(.status),
            code(.caseClass), code(.sex), code(.ageBand), code(.occupationClass),
            .optional(file.latestSeverity?.rawValue), code(.outcome), .optional(items[.addressMunicipality]),
            code(.entryRoute), .optional(items[.submittedAt]?.seconds), .optional(items[.confirmedAt]?.seconds),
            day(.onsetOn), day(.diagnosedOn), day(.publishedOn), .integer(createdAt.seconds),
            .integer(updatedAt.seconds),
        ]
    }

    static func intakeNumber(_ intake: Intake) -> Int64 {
        switch intake {
        case .none: 0
        case .submitted: 1
        case .returned: 2
        case .confirmed: 3
        }
    }

    static func roleNumber(_ role: CaseRole) -> Int64 {
        switch role {
        case .inCharge: 1
        case .related: 2
        case .headquarters: 3
        case .reporting: 4
        case .testing: 5
        case .admitting: 6
        case .followUp: 7
        case .lodging: 8
        case .ministry: 9
        case .analysis: 10
        case .person: 11
        case .opened: 12
        }
    }
}

extension CaseFile {
    /// Severity as of the newest record.
    public var latestSeverity: Code? {
        let rows = entries[.severity] ?? []
        let newest = rows.max { left, right in
            (left.items[.severityAt]?.seconds ?? .min, left.id) < (right.items[.severityAt]?.seconds ?? .min, right.id)
        }
        return newest?.items[.severity]
    }
}

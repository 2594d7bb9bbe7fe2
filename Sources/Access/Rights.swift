public import Catalogue

/// What a role may do with a section.
public enum Right: String, Sendable, Hashable {
    /// Nothing.
    case none = "-"
    /// Reads all of it.
    case read = "r"
    /// Reads the records it entered itself.
    case readOwn = "ro"
    /// Reads and writes all of it.
    case write = "rw"
    /// Reads and writes what it entered itself, the notification until the health centre has confirmed it.
    case writeOwn = "rwo"
    /// Reads items that can't tell who the person is.
    case readDeidentified = "d"
    /// Writes without reading: the person's own report.
    case writeOnly = "w"
}

/// The table of page 3 of the notice: role × section.
///
/// `Tests/AccessTests/matrix.txt` is its golden copy; a change of a right has to change both.
public enum Rights {
    /// What a role may do with a section by the notice alone, without grants.
    public static func right(of role: CaseRole, on section: Section) -> Right {
        switch role {
        case .inCharge: .write
        case .opened: .read
        case .related: relatedWrites.contains(section) ? .write : .read
        case .headquarters: section == .whereabouts ? .write : .read
        case .reporting: reporting[section] ?? .none
        case .testing: section == .test ? .writeOwn : .none
        case .admitting: admitting[section] ?? .none
        case .followUp, .lodging: section == .observation ? .write : .none
        case .ministry, .analysis: .readDeidentified
        case .person: section == .observation ? .writeOnly : .none
        }
    }

    private static let relatedWrites: Set<Section> = [.observation, .contact, .activity, .memo]

    private static let reporting: [Section: Right] = [
        .person: .writeOwn, .interview: .writeOwn, .condition: .writeOwn, .pastAdmission: .writeOwn,
        .test: .writeOwn, .notification: .writeOwn,
    ]

    private static let admitting: [Section: Right] = [
        .person: .read, .interview: .write, .condition: .write, .test: .write, .pastAdmission: .read,
        .admission: .write, .outcome: .write,
    ]

    /// Identification strip: what is needed to call the right person, whatever the sections.
    public static let strip: Set<String> = [
        "hersys_id", "family_name", "given_name", "family_kana", "given_kana", "latin_name", "sex", "birth_date",
        "phone", "mobile_phone",
    ]

    /// Whether the role sees the identification strip.
    public static func seesStrip(_ role: CaseRole) -> Bool {
        switch role {
        case .inCharge, .related, .headquarters, .opened, .reporting, .testing, .admitting, .followUp, .lodging: true
        case .ministry, .analysis, .person: false
        }
    }

    /// Items of 管理 that a role sees.
    ///
    /// 現在のステータス follows from the whereabouts and the outcome, so that whoever may not see those may not see
    /// it either.
    public static func managementItems(of role: CaseRole) -> Set<String>? {
        switch role {
        case .inCharge, .related, .headquarters, .opened: nil
        case .reporting, .testing, .admitting:
            ["hersys_id", "jurisdiction", "entry_route", "submitted_at", "confirmed_at"]
        case .followUp, .lodging: ["hersys_id", "jurisdiction"]
        case .ministry, .analysis:
            ["hersys_id", "status", "jurisdiction", "entry_route", "submitted_at", "confirmed_at", "published_on"]
        case .person: []
        }
    }

    /// The sections on all of which a right is needed for an item: its own and, for some, another.
    ///
    /// 契機となった感染者のＩＤ stands among the person's items but tells of a contact, which an institution,
    /// a contractor and a facility never see.
    static func sections(of item: ItemDefinition) -> [Section] {
        switch item.key {
        case "source_case": [item.section, .contact]
        case "previous_case", "previous_nesid", "nesid_number": [item.section, .infectionLink]
        default: [item.section]
        }
    }

    /// Sections that a grant can't open to a kind of organisation.
    ///
    /// 管理 is changed by operations alone, and who sees cases without identity sees none through a grant.
    public static func isClosed(_ section: Section, to kind: OrganisationKind) -> Bool {
        if section == .management { return true }
        switch kind {
        case .ministry, .analysis: return true
        case .medical: return [.activity, .contact, .infectionLink, .route].contains(section)
        case .followUp, .lodging:
            return [.activity, .contact, .infectionLink, .route, .whereabouts].contains(section)
        case .prefecture, .city, .healthCentre: return false
        }
    }
}

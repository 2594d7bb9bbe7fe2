import Access
import Casework
import Catalogue
import Storage

/// Reads what a list is asked for.
struct ListParameters {
    /// The parameters in the order of the documentation.
    static let names = [
        "q", "status", "office", "confirmed", "intake", "updated_since", "sort", "limit", "cursor",
    ]

    /// What the client's organisation is.
    private let kind: OrganisationKind
    private var errors: [Problem.FieldError] = []

    private init(kind: OrganisationKind) {
        self.kind = kind
    }

    /// Refuses an order that so many cases can't be put in.
    static func refuseUnsorted(_ listing: CaseListing) throws {
        guard listing.isUnsorted else { return }
        throw Problem.invalid([
            Problem.FieldError(
                item: "sort",
                code: "too_many",
                message: "この項目で並べられるのは\(ListSort.mostSealed)件までです。条件を絞り込んでください。"
            )
        ])
    }

    /// The list that the fields of an address ask for.
    static func read(_ query: FormData, directory: Directory, _ caller: Caller) throws -> ListRequest {
        var reader = ListParameters(kind: caller.organisation.kind)
        var request = ListRequest()
        var seen: Set<String> = []
        for (name, value) in query.fields {
            guard names.contains(name) else {
                reader.refuse(Problem.FieldError.shown(name), "unknown_parameter", "このパラメーターはありません。")
                continue
            }
            guard seen.insert(name).inserted else {
                reader.refuse(name, "repeated", "\(name)は一つだけ指定してください。")
                continue
            }
            reader.read(name, value, directory, into: &request)
        }
        if seen.contains("confirmed"), seen.contains("intake") {
            reader.refuse("confirmed", "exclusive", "confirmedとintakeはどちらか一つを指定してください。")
        }
        guard reader.errors.isEmpty else { throw Problem.invalid(reader.errors) }
        return request
    }

    private mutating func refuse(_ name: String, _ code: String, _ message: String) {
        guard errors.count < Problem.mostErrors else { return }
        errors.append(Problem.FieldError(item: name, code: code, message: message))
    }

    private mutating func read(
        _ name: String,
        _ value: String,
        _ directory: Directory,
        into request: inout ListRequest
    ) {
        switch name {
        case "q":
            request.words = value
            if value.unicodeScalars.count > 200 { refuse(name, "length", "qは200文字以内にしてください。") }
        case "status":
            request.status = Code(value)
            if CodeList.status[Code(value)] == nil { refuse(name, "code", "statusは一覧（status）のコードにしてください。") }
        case "office":
            request.jurisdiction = value
            if directory[value]?.kind != .healthCentre { refuse(name, "code", "officeは保健所のキーにしてください。") }
        case "confirmed":
            request.intake = value == "true" ? .confirmed : .submitted
            if value != "true", value != "false" { refuse(name, "format", "confirmedはtrueかfalseにしてください。") }
        case "intake":
            request.intake = Intake(rawValue: value)
            if request.intake == nil {
                refuse(name, "code", "intakeは\(Intake.allCases.map(\.rawValue).joined(separator: "・"))のどれかにしてください。")
            }
        case "updated_since":
            // An offset's plus sign that wasn't encoded arrives as a space.
            request.updatedSince = ValueJSON.moment(value.replacing(" ", with: "+"))
            if request.updatedSince == nil {
                refuse(name, "format", "updated_sinceはRFC 3339の形（例：2020-05-22T09:00:00+09:00）にしてください。")
            }
        case "sort":
            switch value {
            case "newest": request.order = .newest
            case "oldest": request.order = .oldest
            case "updated": request.order = .updated
            default:
                // An item that the client may never see is answered like one that doesn't exist.
                request.sort = ListSort(name: value).flatMap { $0.isOffered(to: kind) ? $0 : nil }
                if request.sort == nil {
                    refuse(name, "code", "sortはnewest・oldest・updatedか、一覧で閲覧できる項目のキー（降順は前に-）にしてください。")
                }
            }
        case "limit":
            request.limit =
                value.utf8.count <= 3 && value.utf8.allSatisfy { (48...57).contains($0) } ? Int(value) ?? 0 : 0
            if !(1...500).contains(request.limit) { refuse(name, "range", "limitは1から500までにしてください。") }
        default:
            if value.utf8.count == 12, value.utf8.allSatisfy({ (48...57).contains($0) }),
                case .success(let number) = CaseNumber.read(value)
            {
                request.after = number
            } else {
                refuse(name, "format", "cursorは前のページのnextをそのまま送ってください。")
            }
        }
    }
}

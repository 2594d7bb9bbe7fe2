import Access
import Casework
import Catalogue
import Hummingbird
import Storage

/// The list of cases with its search (対象者一覧); it renews itself when a report arrives.
enum CaseListPage {
    static let routes: [Route] = [
        .page("/cases") { request, _, site, staff in
            let form = try FormData.parse(Array((request.uri.query ?? "").utf8))
            let query = CaseListQuery(form, staff)
            // Words typed into the address by hand are sealed before anything is shown.
            if form["q"] != nil { return Redirect.to(query.address(staff)) }
            return .page(try await show(query, site, staff))
        },
        .form("/cases/search") { form, _, _, staff in
            Redirect.to(CaseListQuery(form, staff).address(staff))
        },
    ]

    /// Whether the organisation does anything with many cases at once: the health centres do.
    static func hasBulk(_ organisation: Organisation) -> Bool { organisation.kind == .healthCentre }

    /// De-identified viewers find a case by its number and by nothing that identifies.
    static func seesIdentity(_ organisation: Organisation) -> Bool {
        organisation.kind != .ministry && organisation.kind != .analysis
    }

    /// The page; `findings` are what stands against a selection, `saving` what stands against a name for the filter.
    static func show(
        _ query: CaseListQuery,
        _ site: Site,
        _ staff: Staff,
        findings: [Finding] = [],
        saving: (name: String, findings: [Finding])? = nil
    ) async throws -> HTML {
        let words = try await CaseWords(site)
        let chosen = try await site.casework.columns(by: staff.caller)
        let showing = ListShowing.page(chosen, of: staff.organisation.kind)
        let listing = try await listing(query, showing: showing, site, staff)
        var view = CaseListView(site: site, staff: staff, query: query, words: words)
        view.chosen = chosen
        view.filters = try await site.casework.savedFilters(by: staff.caller)
        view.saving = saving
        if hasBulk(staff.organisation), let id = query.selection {
            // A selection has its time; without it this is a list like any other.
            do {
                let selection = try await site.casework.selection(id, by: staff.caller)
                let count = try await site.casework.count(query.request, by: staff.caller)
                view.selecting = CaseListSelecting(
                    selection: selection,
                    matching: count,
                    query: query,
                    staff: staff,
                    findings: findings
                )
                view.contractors = try await CaseListSelectionPage.contractors(site, staff)
            } catch Refusal.notFound {}
        }
        let terms = Casework.understand(query.words, today: site.casework.today)
        return view.page(listing, terms: terms, choices: try await choices(site, staff))
    }

    /// What an address asks for; nil where it searches for what the viewer may not know.
    static func listing(
        _ query: CaseListQuery,
        showing: ListShowing,
        most: Int? = nil,
        _ site: Site,
        _ staff: Staff
    ) async throws -> CaseListing? {
        if !seesIdentity(staff.organisation) {
            let terms = Casework.understand(query.words, today: site.casework.today)
            let onlyNumbers = terms.allSatisfy { if case .number = $0 { true } else { false } }
            guard onlyNumbers else { return nil }
        }
        var request = query.request
        if let most { request.limit = most }
        return try await site.casework.list(request, showing: showing, by: staff.caller)
    }

    /// What the list can be narrowed to besides the status.
    struct Choices {
        /// The health centres a headquarters or the ministry chooses from.
        var offices: [(value: String, label: String)] = []
        /// The institutions whose reports come to the viewer, where they are few enough to choose from.
        var institutions: [(value: String, label: String)] = []
    }

    /// More options than this are no help in a list; the words find the case sooner.
    private static let mostInstitutions = 1000

    private static func choices(_ site: Site, _ staff: Staff) async throws -> Choices {
        let own = staff.organisation
        guard own.kind.isAdministration else { return Choices() }
        let directory = try await site.casework.directory()
        func isBelow(_ office: OrganisationKey) -> Bool {
            office == own.key || own.kind == .ministry
                || directory.headquarters(above: office).contains { $0.key == own.key }
        }
        var choices = Choices()
        if own.kind != .healthCentre {
            choices.offices = directory.all(.healthCentre).filter { isBelow($0.key) }.map { ($0.key, $0.name) }
        }
        // Nobody is offered to narrow the list by what they may not read.
        guard Gate.listable(own.kind).narrows(by: Item.notifierInstitution.key) else { return choices }
        let institutions = directory.all(.medical).filter { $0.healthCentre.map(isBelow) ?? false }
        if institutions.count <= mostInstitutions {
            choices.institutions = institutions.map { ($0.key, $0.name) }
        }
        return choices
    }
}

public import Access
import Catalogue

/// What a list shows of its cases and where, as the reading log has it (閲覧記録).
public struct ListShowing: Sendable, Hashable {
    /// `list`, or `export` for what leaves the system.
    let what: String
    /// The sections that are shown, nil for all that may be read.
    let sections: [Section]?

    /// A page with columns; nil for the usual ones of a kind of organisation.
    public static func page(_ columns: [ListColumn]?, of kind: OrganisationKind) -> ListShowing {
        ListShowing(what: "list", sections: sections(columns ?? ListColumn.standard(kind)))
    }

    /// A file with columns: whoever has taken it along has every case in it, as if each had been opened.
    public static func file(_ columns: [ListColumn]) -> ListShowing {
        ListShowing(what: "export", sections: sections(columns))
    }

    /// All that may be read of each case, as programs are given it.
    public static let everything = ListShowing(what: "list", sections: nil)

    /// The sections behind columns; the number and where the report stands are in every list.
    private static func sections(_ columns: [ListColumn]) -> [Section] {
        let shown = Set(
            columns.flatMap(\.cells).compactMap { Catalogue.item($0)?.section ?? LocalItem.section(of: $0) }
        )
        return Section.allCases.filter { $0 == .management || shown.contains($0) }
    }
}

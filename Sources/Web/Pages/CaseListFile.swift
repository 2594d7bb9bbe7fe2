import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird
import Interchange
import NIOCore
import Storage

/// The list as a file (CSV): the same cases in the same order with the columns that the viewer has chosen.
///
/// Groups of items that share a column on the screen are a column each. What may not be read is an empty cell: the gate
/// has cut it out before. A file leaves the system, so each of its cases stands in the reading log as read.
enum CaseListFile {
    static let routes: [Route] = [.page("/cases/list.csv", file)]

    /// Cases in one file at the most: whoever needs more than this asks for open data, which names nobody.
    static let mostCases = 5000
    private static let pageSize = 500

    private static func file(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        _ staff: Staff
    ) async throws -> Response {
        var query = CaseListQuery(try FormData.parse(Array((request.uri.query ?? "").utf8)), staff)
        (query.after, query.selection) = (nil, nil)
        let words = try await CaseWords(site)
        let chosen = try await site.casework.columns(by: staff.caller)
        let listed = chosen ?? ListColumn.standard(staff.organisation.kind)
        let columns = items(listed).compactMap(words.item)
        let writer = CSVWriter()
        var bytes = writer.write(header: ["HER-SYS ID", "発生届"] + columns.map(\.ja), rows: [])
        var count = 0
        while count < mostCases {
            let most = min(pageSize, mostCases - count)
            let page = try await CaseListPage.listing(query, showing: .file(listed), most: most, site, staff)
            guard let listing = page else { throw Refusal.notFound }
            for row in listing.rows {
                writer.append(cells(row, columns, words), to: &bytes)
            }
            count += listing.rows.count
            guard let next = listing.next, !listing.rows.isEmpty else { break }
            query.after = next
            if count >= mostCases {
                writer.append(["（\(mostCases)件までを保存しました。条件で絞り込んでください）"], to: &bytes)
            }
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8",
                .contentDisposition: #"attachment; filename="hersys-list.csv""#,
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }

    /// The keys of the items behind columns.
    private static func items(_ columns: [ListColumn]) -> [String] {
        var keys: [String] = []
        for key in columns.flatMap(\.cells) where !keys.contains(key) { keys.append(key) }
        return keys
    }

    private static func cells(_ row: Disclosed<CaseFile>, _ columns: [ItemDefinition], _ words: CaseWords) -> [String] {
        let file = row.subject
        return [file.number.display, file.intake.label]
            + columns.map { item in
                guard row.permission.reads(item), let value = file.items[item.key] else { return "" }
                return words.text(value, of: item)
            }
    }
}

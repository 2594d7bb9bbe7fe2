import Access
public import Catalogue
import Interchange
import Storage

extension Casework {
    /// The sums of every health centre that the caller may read, as CSV.
    /// - Throws: as ``totalSums(_:by:)``.
    public func totalsCSV(_ days: ClosedRange<CalendarDate>, by caller: Caller) async throws -> [UInt8] {
        let sums = try await totalSums(days, by: caller)
        let directory = try await directory()
        let header =
            ["報告対象日", "都道府県コード", "保健所コード", "保健所", "医療機関数", "報告済み医療機関数", "合計"] + AgeCounts.bands.map(\.ja)
        let rows = sums.map { sum in
            [
                sum.day.iso, directory[sum.office]?.prefecture ?? "", sum.office, directory[sum.office]?.name ?? "",
                String(sum.institutions), String(sum.reported), String(sum.counts.total),
            ] + AgeCounts.bands.map { String(sum.counts[$0.code]) }
        }
        return CSVWriter().write(header: header, rows: rows)
    }
}

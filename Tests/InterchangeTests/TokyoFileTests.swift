import Catalogue
import Foundation
import Testing

@testable import Interchange

@Suite struct `Tokyo's published file` {
    private func bytes() throws -> [UInt8] {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Fixtures/tokyo-patients.csv")
        return Array(try Data(contentsOf: file))
    }

    @Test func `All 4,317 rows are accounted for`() throws {
        let list = try PatientLineList.read(bytes(), today: day(2020, 5, 22)).get()
        #expect(list.encoding == "UTF-8 BOM")
        #expect(list.rowCount == 4317)
        #expect(list.rejected.isEmpty)
        #expect(list.ignoredColumns == ["曜日"])
        #expect(list.gaps.reduce(0) { $0 + $1.numbers.count } == 4326 - 4317)
        #expect(list.rows.count { $0.record[.outcome] == "discharged" } == 178)
        #expect(list.rows.count { $0.record[.ageBand] == "90plus" } == 134)
        #expect(list.rows.count { $0.record[.ageBand] == "unknown" } == 6)
        #expect(list.rows.count { $0.record[.sex] == "unknown" } == 7)
        #expect(list.rows.count { $0.record[.remarks] == "居住地（公表）：都内" } == 3621)
    }

    @Test func `Loading it twice gives the same keys`() throws {
        let first = try PatientLineList.read(bytes(), today: day(2020, 5, 22)).get()
        let second = try PatientLineList.read(bytes(), today: day(2020, 6, 30)).get()
        #expect(first.rows.map(\.rowKey) == second.rows.map(\.rowKey))
        #expect(Set(first.rows.map(\.rowKey)).count == 4317)
    }
}

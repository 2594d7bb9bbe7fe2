import Catalogue
import Foundation
import Testing

@Suite struct `Dictionary` {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/dictionary")

    private static func lines(_ name: String) throws -> [[String]] {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8).split(separator: "\n").map(cells)
    }

    /// Cells of a line of CSV whose quoted cells hold no line break.
    private static func cells(_ line: Substring) -> [String] {
        var cells = [""]
        var quoted = false
        for character in line {
            switch character {
            case "\"": quoted.toggle()
            case "," where !quoted: cells.append("")
            default: cells[cells.count - 1].append(character)
            }
        }
        return cells
    }

    @Test(arguments: [("items.csv", Catalogue.dictionaryCSV()), ("codelists.csv", Catalogue.codeListsCSV())])
    func `in docs is what the catalogue says`(name: String, exported: String) throws {
        let stored = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
        let pairs = zip(
            stored.split(separator: "\n", omittingEmptySubsequences: false),
            exported.split(separator: "\n", omittingEmptySubsequences: false)
        )
        let differing = pairs.enumerated().first { $0.element.0 != $0.element.1 }
        #expect(differing == nil, "docs/dictionary/\(name), line \((differing?.offset ?? 0) + 1)")
        #expect(Array(stored.utf8) == Array(exported.utf8))
    }

    @Test func `has every row as an item with equal facts`() throws {
        let rows = try Self.lines("items.csv").dropFirst()
        #expect(rows.count == Catalogue.items.count)
        for row in rows {
            let item = try #require(Catalogue.item(row[0]), "\(row[0])")
            #expect(item.ja == row[2] && item.en == row[3] && item.type.name == row[4], "\(row[0])")
            #expect((item.type.codeList?.key ?? "") == row[5] && (item.formNumber ?? "") == row[6], "\(row[0])")
            #expect(item.national == (row[7] == "yes") && item.nesid == (row[8] == "yes"), "\(row[0])")
        }
    }

    @Test func `has no key twice`() {
        #expect(Set(Catalogue.items.map(\.key)).count == Catalogue.items.count)
        #expect(Set(Catalogue.lists.map(\.key)).count == Catalogue.lists.count)
    }

    @Test func `puts every item in exactly one section's list`() {
        let bySection = Section.allCases.flatMap { Catalogue.items(in: $0).map(\.key) }
        #expect(bySection.sorted() == Catalogue.items.map(\.key).sorted())
        for section in Section.allCases {
            #expect(!Catalogue.items(in: section).isEmpty, "\(section)")
            #expect(Catalogue.items(in: section).allSatisfy { $0.section == section })
        }
    }

    @Test func `has every code list of an item and uses every list`() {
        let used = Set(Catalogue.items.compactMap(\.type.codeList))
        #expect(used == Set(Catalogue.lists))
    }

    @Test func `drops identity and free text from de-identified output`() {
        let kept = Catalogue.items.filter(\.deidentified)
        let texts: Set = [
            "name", "kana", "text", "longtext", "phone", "email", "postal", "institution", "case", "cases",
        ]
        #expect(kept.filter { texts.contains($0.type.name) }.map(\.key) == ["hersys_id"])
        #expect(kept.allSatisfy { $0.sensitivity != .identifying })
        for key in ["birth_date", "family_name", "nesid_number", "memo", "postal_code", "stay_line", "previous_case"] {
            #expect(Catalogue.item(key)?.deidentified == false, "\(key)")
        }
        for key in ["sex", "age_at_diagnosis", "address_municipality", "onset_on", "severity_at", "hersys_id"] {
            #expect(Catalogue.item(key)?.deidentified == true, "\(key)")
        }
    }

    @Test(arguments: Catalogue.lists)
    func `gives every code of a list back`(list: CodeList) {
        #expect(!list.entries.isEmpty)
        #expect(Set(list.entries.map(\.code)).count == list.entries.count)
        #expect(Set(list.entries.map(\.ja)).count == list.entries.count)
        for (place, entry) in list.entries.enumerated() {
            #expect(list[entry.code] == entry)
            #expect(list.place(of: entry.code) == place)
            #expect(list.label(entry.code) == entry.ja)
            #expect(!entry.ja.isEmpty && !entry.en.isEmpty)
        }
        #expect(list.exclusive.map { list[$0] != nil } ?? true)
        #expect(list.label("of_another_version") == "of_another_version")
    }

    @Test(arguments: [
        ("country", 249, "JP", "日本", "Japan"), ("country", 249, "KR", "韓国", "South Korea"),
        ("country", 249, "CN", "中国", "China"), ("country", 249, "US", "アメリカ合衆国", "United States"),
        ("prefecture", 47, "01", "北海道", "Hokkaido"), ("prefecture", 47, "13", "東京都", "Tokyo"),
        ("prefecture", 47, "27", "大阪府", "Osaka"), ("prefecture", 47, "47", "沖縄県", "Okinawa"),
        ("certainty", 3, "unknown", "不明", "Unknown"),
    ])
    func `knows countries and prefectures`(key: String, count: Int, code: String, ja: String, en: String) throws {
        let list = try #require(Catalogue.lists.first { $0.key == key })
        #expect(list.entries.count == count)
        #expect(list[Code(code)] == CodeList.Entry(code, ja, en))
    }
}

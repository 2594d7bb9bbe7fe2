import Testing

@testable import Catalogue

@Suite struct KanjiVariantsTests {
    private func groups(_ table: String) -> [[Unicode.Scalar]] {
        table.split(whereSeparator: { $0 == " " || $0 == "\n" }).map { Array($0.unicodeScalars) }
    }

    @Test(arguments: [KanjiVariants.groups, KanjiVariants.similar])
    func `no character stands in two groups or alone`(table: String) {
        let groups = groups(table)
        #expect(groups.allSatisfy { $0.count >= 2 })
        let all = groups.flatMap(\.self)
        #expect(all.count == Set(all).count)
    }

    @Test func `every variant folds to the first of its group and no further`() {
        for group in groups(KanjiVariants.groups) {
            #expect(group.allSatisfy { KanjiVariants.fold($0) == group.first })
            #expect(group.allSatisfy { String(Character($0)).nfkc.hex == [$0.value] }, "NFKC has folded it already")
        }
    }

    @Test func `similar characters are written as variants fold them`() {
        #expect(groups(KanjiVariants.similar).flatMap(\.self).allSatisfy { KanjiVariants.fold($0) == $0 })
    }
}

import Catalogue
import Testing

@testable import Demonstration

@Suite struct `Draft of a case` {
    @Test(arguments: Draft.Slot.allCases)
    func `Every slot is a single-valued item of the catalogue`(slot: Draft.Slot) {
        #expect(Catalogue.item(slot.key)?.section.repeats == false)
    }

    @Test func `A draft becomes a record of what was filled in and of nothing else`() {
        var draft = Draft()
        #expect(draft.record.isEmpty)
        draft[.familyName] = .text("佐藤")
        draft[.cluster] = .text("職場D")
        #expect(draft.record == Record(["family_name": .text("佐藤"), "cluster": .text("職場D")]))
    }
}

import Access
import Casework
import Catalogue

/// 300 cases changed from the list at once, against the same cases changed one after the other.
struct BulkChange {
    static let cases = 300
    private static let rounds = 3

    let casework: Casework
    let caller: Caller

    func measure() async throws -> [Row] {
        var request = ListRequest()
        request.limit = Self.cases
        let numbers = try await casework.list(request, by: caller).rows.map(\.subject.number)
        let codes = CodeList.status.entries.map(\.code).prefix(3)
        var (looks, changes, singles): ([Double], [Double], [Double]) = ([], [], [])
        var changed = 0
        for round in 0..<Self.rounds {
            // Every round sets what none of the cases has at that moment, or there would be nothing to change.
            for code in codes {
                let deed = BulkDeed.status(code)
                var preview = BulkPreview()
                let look = try await Measure.seconds {
                    preview = try await casework.preview(deed, of: numbers, by: caller)
                }
                guard preview.lines.count > Self.cases / 2 else { continue }
                let seen = preview.seen
                let id = "\(code.rawValue)-\(round)"
                let share = Double(Self.cases) / Double(seen.count)
                if round == 1 {
                    singles.append(share * (try await Measure.seconds { try await oneByOne(seen, code) }))
                    continue
                }
                let change = try await Measure.seconds {
                    let result = try await casework.perform(deed, id: id, on: seen, reason: "計測", by: caller)
                    changed += result.lines.filter { $0.outcome == .done }.count
                }
                looks.append(look * share)
                changes.append(change * share)
            }
        }
        guard changed > 0, !singles.isEmpty else { return [] }
        let single = Measure.median(singles)
        return [
            Row("300 cases: preview of a change", Quantity(Measure.median(looks), "s")),
            Row(
                "300 cases changed together",
                Quantity(Measure.median(changes), "s"),
                limit: Quantity(single, "s"),
                limitIs: "one after the other",
                ratio: Measure.median(changes) / single,
                goal: "≤ 2 s"
            ),
        ]
    }

    private func oneByOne(_ seen: [SeenCase], _ code: Code) async throws {
        for one in seen {
            let revision = Revision(seen: one.version, items: ["status": .code(code)], reason: "計測")
            _ = try await casework.revise(one.number, revision, by: caller)
        }
    }
}

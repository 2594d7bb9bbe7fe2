import Access
import Catalogue
import Foundation
import TestSupport
import Testing

@testable import Storage

/// What lists, searches and queues cost at a million cases, by the engine's own word: blocks and plans, not seconds.
@Suite(.serialized) struct PlanTests {
    /// A statement and how many blocks of the database it may touch.
    struct Asked: Sendable {
        let name: String
        let statement: @Sendable (any SQLConnection) throws -> (sql: String, parameters: [SQLValue])
        let blocks: Int
    }

    private static let today = CalendarDate(dayNumber: 18_404)
    /// A health centre with some two thousand cases and a headquarters with twenty thousand.
    private static let (centre, headquarters): (Int64, Int64) = (150, 20)
    /// The commonest family name, which every fortieth case has, and a rare one.
    private static let (common, rare): (Int64, Int64) = (0, 15_000)

    private static func list(
        _ name: String,
        blocks: Int = 2500,
        _ change: @escaping @Sendable (inout CaseStatement) -> Void
    ) -> Asked {
        Asked(
            name: name,
            statement: { connection in
                var statement = CaseStatement(today: today)
                change(&statement)
                try statement.chooseDriver(connection)
                statement.build()
                return (statement.sql, statement.parameters)
            },
            blocks: blocks
        )
    }

    private static let asked: [Asked] = [
        list("a health centre's list") { $0.party = centre },
        list("a headquarters' list") { $0.party = headquarters },
        list("a headquarters' page in the middle") {
            $0.party = headquarters
            $0.afterSequence = 500_000
        },
        list("a health centre's list by change", blocks: 15_000) {
            $0.party = centre
            $0.order = .updated
        },
        list("a headquarters' list by change", blocks: 10_000) {
            $0.party = headquarters
            $0.order = .updated
        },
        list("what waits at a health centre") {
            $0.party = centre
            $0.jurisdiction = centre
            $0.intake = 1
        },
        list("what waits at a headquarters", blocks: 5000) {
            $0.party = headquarters
            $0.intake = 1
        },
        list("a common name at a headquarters", blocks: 10_000) {
            $0.party = headquarters
            $0.tokens = [[common, 77_777_771, 77_777_772, 77_777_773]]
        },
        // Four spellings looked up for each of two thousand cases, three blocks each, all of them in memory.
        list("a common name at a health centre", blocks: 35_000) {
            $0.party = centre
            $0.tokens = [[common, 77_777_771, 77_777_772, 77_777_773]]
        },
        list("a rare name at a headquarters") {
            $0.party = headquarters
            $0.tokens = [[rare, 77_777_771, 77_777_772, 77_777_773]]
        },
        list("one telephone number of the nation") { $0.tokens = [[2_000_777]] },
        list("a headquarters' list by onset", blocks: 10_000) {
            $0.party = headquarters
            $0.order = CaseQuery.Order(.fact(.onsetOn), isDescending: true)
        },
        list("a headquarters' page in the middle by diagnosis", blocks: 10_000) {
            $0.party = headquarters
            $0.order = CaseQuery.Order(.fact(.diagnosedOn), isDescending: true)
            $0.afterSequence = 500_000
            $0.afterValue = .integer(18_635)
        },
        list("a health centre's list by status", blocks: 15_000) {
            $0.party = centre
            $0.order = CaseQuery.Order(.fact(.status), isDescending: false)
        },
        list("a health centre's list by status, without what it only follows up", blocks: 15_000) {
            $0.party = centre
            $0.order = CaseQuery.Order(.fact(.status), isDescending: false)
            $0.without = [7]
        },
        asked("whether a health centre only follows somebody up", CaseStore.heldInOneRole, 2500, [centre, 7]),
        list("the nation's list by submission") {
            $0.order = CaseQuery.Order(.fact(.submittedAt), isDescending: false)
        },
        list("the nation's page in the middle by onset, oldest first") {
            $0.order = CaseQuery.Order(.fact(.onsetOn), isDescending: false)
            $0.afterSequence = 500_000
            $0.afterValue = .integer(18_633)
        },
        list("the nation's page in the middle by change") {
            $0.order = .updated
            $0.afterSequence = 500_000
            $0.afterValue = .integer(1_610_864_000)
        },
        list("the nation's list") { _ in },
        list("the nation's list by change") { $0.order = .updated },
        list("one case") { $0.only = 4711 },
        asked("the most urgent of those that wait for a place", CaseStore.waitingForPlace, 10_000, [centre, 50]),
        asked("how many wait for a place", CaseStore.waitingForPlaceCount, 10_000, [centre, 10_000]),
        asked("a hospital's inpatients", CaseStore.heldByArrival, 2500, held + [101, .max]),
        asked(
            "a facility's guests by need",
            CaseStore.heldByNeed,
            10_000,
            held + [day - 1_209_600, day, 101, 9, 0, 0]
        ),
        asked("a facility's figures", CaseStore.heldCount, 10_000, held + [day - 86_400, day, 10_000]),
        asked("who comes on later days", CaseStore.coming, 2500, Array(held.prefix(3))),
    ]

    /// An organisation with two thousand cases, its role, the day.
    private static let held: [Int64] = [centre, 1, 18_404, 18_404]
    /// The end of that day.
    private static let day: Int64 = 1_590_159_600

    private static func asked(_ name: String, _ sql: String, _ blocks: Int, _ parameters: [Int64]) -> Asked {
        Asked(name: name, statement: { _ in (sql, parameters.map { .integer($0) }) }, blocks: blocks)
    }

    /// A million cases as lists see them: rows without content, names as unequal as names are.
    private static let fill = """
        INSERT INTO facts (seq, jurisdiction, reporter, intake, published, status, case_class, sex, age_band,
            severity, municipality, entry_route, submitted_at, confirmed_at, onset_day, diagnosed_day, created_at,
            updated_at)
        SELECT s, 100 + mod(s * 7919, 470), 1000 + mod(s * 104729, 20000),
            CASE WHEN s > 999000 THEN 1 WHEN mod(s, 5000) = 0 THEN 2 ELSE 3 END, 0,
            CASE WHEN s > 990000 THEN 'arranging' ELSE 'released' END, 'confirmed', 'female',
            '30', 'mild', '131041', 'direct', 1580000000 + s * 60, 1580003600 + s * 60, 18300 + s / 1500,
            18302 + s / 1500, 1580000000 + s * 60, 1580000000 + s * 60 + mod(s * 31, 1728000)
        FROM generate_series(1::bigint, 1000000) s;
        INSERT INTO parties (organisation, seq, role) SELECT jurisdiction, seq, 1 FROM facts;
        INSERT INTO parties (organisation, seq, role) SELECT 10 + mod(jurisdiction, 47), seq, 3 FROM facts;
        INSERT INTO parties (organisation, seq, role) SELECT reporter, seq, 4 FROM facts;
        INSERT INTO parties (organisation, seq, role)
            SELECT 100 + mod(jurisdiction - 99, 470), seq, 2 FROM facts WHERE mod(seq, 10) = 0;
        INSERT INTO tokens (token, seq)
            SELECT (power(mod(s * 6364136223, 1000003) / 1000003.0, 3) * 20000)::bigint, s
            FROM generate_series(1::bigint, 1000000) s;
        INSERT INTO tokens (token, seq) SELECT 2000000 + s, s FROM generate_series(1::bigint, 1000000) s;
        INSERT INTO observations (place, seq, at, day, source, account, organisation, alarm, sealed, hash)
            SELECT s, s, 1590100000 + s / 20, 18404, 1, 0, 0, mod(s, 3), ''::bytea, ''::bytea
            FROM generate_series(1::bigint, 1000000, 4) s;
        ANALYZE;
        """

    @Test(.enabled(if: EngineKind.standard == .postgres))
    func `at a million cases no list, search or queue walks a table, and each touches few blocks`() async throws {
        let database = try await TestDatabase()
        try await database.database.longWork { try $0.script(Self.fill) }
        for asked in Self.asked {
            let plan = try await database.engine.read { connection in
                let (sql, parameters) = try asked.statement(connection)
                // Planned as for the sixth time, when the server may have settled on one plan for all.
                return try connection.first(
                    "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) \(sql)",
                    parameters
                ) { $0.text(0) } ?? ""
            }
            #expect(!plan.contains("\"Seq Scan\""), "\(asked.name): \(plan)")
            #expect(try Self.blocks(plan) <= asked.blocks, "\(asked.name): \(plan)")
        }
    }

    /// Blocks that the whole plan touched, in memory or not.
    private static func blocks(_ plan: String) throws -> Int {
        let read = try JSONSerialization.jsonObject(with: Data(plan.utf8)) as? [[String: Any]]
        let root = try #require(read?.first?["Plan"] as? [String: Any])
        let hit = try #require(root["Shared Hit Blocks"] as? Int)
        return hit + (root["Shared Read Blocks"] as? Int ?? 0)
    }

    @Test(.enabled(if: EngineKind.standard == .sqlite))
    func `no list, search or queue walks a table`() async throws {
        let database = try await TestDatabase()
        for asked in Self.asked where asked.name != "the nation's list" {
            let steps = try await database.engine.read { connection in
                let (sql, parameters) = try asked.statement(connection)
                return try connection.rows("EXPLAIN QUERY PLAN \(sql)", parameters) { $0.text(3) }
            }
            #expect(!steps.isEmpty)
            for step in steps where step.hasPrefix("SCAN") {
                // An arm of a search is a list of a page's length, as is what is counted or put in order after it was
                // found; an index may be walked in its order.
                let isPart = ["arm", "held", "waiting"].contains { step.contains($0) }
                #expect(isPart || step.contains("INDEX"), "\(asked.name): \(step)")
            }
        }
    }
}

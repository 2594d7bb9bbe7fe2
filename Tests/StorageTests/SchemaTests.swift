import TestSupport
import Testing

@testable import Storage

@Suite struct SchemaTests {
    @Test func `migrations are numbered without gaps and their texts never change`() {
        #expect(Migrator.migrations.map(\.number) == Array(1...Migrator.migrations.count))
        // A landed migration is frozen: a change of the schema is a new migration, never another checksum here.
        #expect(
            Migrator.migrations.map { "\($0.name) \($0.checksum)" } == [
                "cases 71eb68d17187ba56", "people a3f42332725290cc", "work 379d71bd8828c30f",
                "growth 20227f5d0cdf4f94", "deletion ec11108318c1373c", "lists a11791bb95cf9761",
                "sharing f04991181471e91b", "totals 335303554eb5ce18",
                "fax ccd96d170d5df33b", "localItems b13ea611d5252d2b", "issuing 75b29c1b596d6695",
                "machines ad237f5d2843c22d", "sessionOrigins f24d1c66c22b43f3", "opening b4e21a50605abdc3",
                "secondFactor 94a23af9f10bfb6e", "outreach 521bbe1ec389ae02",
                "confirmation 1fa0f473f2bba42d",
                "fingerprints fa5b7cd91e7f783c",
            ]
        )
    }

    @Test func `migrating twice changes nothing, and a newer schema is refused`() async throws {
        let database = try await TestDatabase()
        #expect(try await Migrator(database.engine).migrate(at: TemporaryDatabase.now) == [])
        try await Migrator(database.engine).check()
        try await database.engine.write { connection in
            _ = try connection.execute(
                "INSERT INTO schema_migrations (number, name, checksum) VALUES (99, 'later', '')",
                []
            )
        }
        await #expect(throws: StorageFailure.schema(found: 99, expected: Migrator.current)) {
            try await Migrator(database.engine).check()
        }
        await #expect(throws: StorageFailure.schema(found: 99, expected: Migrator.current)) {
            try await Migrator(database.engine).migrate(at: TemporaryDatabase.now)
        }
    }
}

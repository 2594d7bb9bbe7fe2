import Storage
import TestSupport
import Testing

/// What every engine has to do alike.
@Suite struct EngineContractTests {
    @Test func `values of every kind come back as they went in`() async throws {
        let database = try await TestDatabase()
        let texts = ["", "佐藤\u{E0100}", "か\u{3099}", "🏥"]
        let bytes = database.engine.dialect.bytes
        try await database.engine.write { connection in
            try connection.script("CREATE TABLE t (id BIGINT PRIMARY KEY, a TEXT, b \(bytes), c BIGINT)")
            for (index, text) in texts.enumerated() {
                try connection.execute(
                    "INSERT INTO t (id, a, b, c) VALUES ($1, $2, $3, $4)",
                    [.integer(Int64(index)), .text(text), .blob(Array(text.utf8)), index == 0 ? .null : .integer(.min)]
                )
            }
        }
        let rows = try await database.engine.read { connection in
            try connection.rows("SELECT a, b, c FROM t ORDER BY id") { row in
                (Array(row.text(0).utf8), row.blob(1), row.optionalInteger(2))
            }
        }
        for (text, row) in zip(texts, rows) {
            #expect(row.0 == Array(text.utf8))
            #expect(row.1 == Array(text.utf8))
        }
        #expect(rows[0].2 == nil)
        #expect(rows[1].2 == .min)
    }

    @Test func `parameters are taken by number, whatever their order in the statement`() async throws {
        let database = try await TestDatabase()
        let result = try await database.engine.read { connection in
            try connection.first("SELECT $2, $1, $2", [.text("one"), .text("two")]) {
                [$0.text(0), $0.text(1), $0.text(2)]
            }
        }
        #expect(result == ["two", "one", "two"])
    }

    @Test func `a closure that throws takes back its own part and nobody else's`() async throws {
        struct Wrong: Error {}
        let database = try await TestDatabase()
        try await database.engine.write { try $0.script("CREATE TABLE t (id BIGINT PRIMARY KEY)") }
        let engine = database.engine
        let failures = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<200 {
                group.addTask {
                    do {
                        try await engine.write { connection in
                            try connection.execute("INSERT INTO t (id) VALUES ($1)", [.integer(Int64(index))])
                            if index % 10 == 0 { throw Wrong() }
                        }
                        return false
                    } catch {
                        return error is Wrong
                    }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(failures == 20)
        #expect(try await engine.read { try $0.number("SELECT count(*) FROM t") } == 180)
    }

    @Test func `a taken key is told apart from other failures`() async throws {
        let database = try await TestDatabase()
        try await database.engine.write { try $0.script("CREATE TABLE t (id BIGINT PRIMARY KEY, n TEXT NOT NULL)") }
        await #expect(throws: StorageFailure.duplicate) {
            try await database.engine.write { connection in
                try connection.execute("INSERT INTO t (id, n) VALUES (1, 'a')")
                try connection.execute("INSERT INTO t (id, n) VALUES (1, 'b')")
            }
        }
        await #expect(throws: StorageFailure.self) {
            try await database.engine.write { _ = try $0.execute("INSERT INTO t (id) VALUES (2)", []) }
        }
        #expect(try await database.engine.read { try $0.number("SELECT count(*) FROM t") } == 0)
    }

    @Test func `a thousand different statements are run while one is being read`() async throws {
        let database = try await TestDatabase()
        let sum = try await database.engine.read { connection in
            var sum: Int64 = 0
            try connection.query("SELECT 1 UNION ALL SELECT 2", []) { row in
                for number in 0..<500 {
                    sum += try connection.number("SELECT \(number) * \(row.integer(0))") ?? 0
                }
            }
            return sum
        }
        #expect(sum == 3 * (0..<500).reduce(0, +))
    }

    @Test func `a text that ends early for a database is refused and never cut`() async throws {
        let database = try await TestDatabase()
        await #expect(throws: StorageFailure.unstorable) {
            try await database.engine.read { try $0.first("SELECT $1", [.text("nul\u{0}inside")]) { $0.text(0) } }
        }
    }

    @Test func `what is acknowledged survives a power cut`() async throws {
        let database = try await TestDatabase()
        switch EngineKind.standard {
        case .sqlite:
            // 2 is FULL: GRDB falls back to NORMAL when it opens a pool.
            #expect(try await database.engine.write { try $0.number("PRAGMA synchronous") } == 2)
        case .postgres:
            let setting = try await database.engine.write { try $0.first("SHOW synchronous_commit") { $0.text(0) } }
            #expect(setting == "on")
        }
    }

    @Test func `a reader sees one state while a writer goes on`() async throws {
        let database = try await TestDatabase()
        let engine = database.engine
        try await engine.write { try $0.script("CREATE TABLE t (id BIGINT PRIMARY KEY)") }
        async let writing: Void = {
            for index in 0..<200 {
                try await engine.write { connection in
                    try connection.execute("INSERT INTO t (id) VALUES ($1)", [.integer(Int64(index * 2))])
                    try connection.execute("INSERT INTO t (id) VALUES ($1)", [.integer(Int64(index * 2 + 1))])
                }
            }
        }()
        for _ in 0..<100 {
            let (first, second) = try await engine.read { connection in
                (try connection.number("SELECT count(*) FROM t"), try connection.number("SELECT count(*) FROM t"))
            }
            #expect(first == second)
            #expect((first ?? 1) % 2 == 0)
        }
        try await writing
    }
}

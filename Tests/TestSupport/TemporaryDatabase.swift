public import Catalogue
public import Foundation
public import Storage
import StoragePostgreSQL
import StorageSQLite
import Synchronization

/// The engines that a test runs on.
public enum EngineKind: String, CaseIterable, Sendable {
    /// A file of its own.
    case sqlite
    /// A database of its own on the server that `HERSYS_TEST_POSTGRES` names; `script/test` starts one.
    case postgres

    /// The server for tests, nil where there is none.
    static let server = ProcessInfo.processInfo.environment["HERSYS_TEST_POSTGRES"]

    /// The engine of this run: every test of what stands on a database is run once on each.
    public static let standard =
        ProcessInfo.processInfo.environment["HERSYS_TEST_ENGINE"].flatMap(EngineKind.init) ?? .sqlite
}

/// A migrated database of its own for each test, which goes with it.
public final class TemporaryDatabase: Sendable {
    /// On which engine.
    public let kind: EngineKind
    /// Its connections.
    public let engine: any Engine
    /// The address as a command takes it.
    public let address: String
    /// A folder that goes with the database.
    public let folder: URL
    private let name: String

    /// The time at which tests migrate.
    public static let now = Timestamp(seconds: 1_590_000_000)

    /// What a database was copied from: migrating takes longer than copying.
    private static let template = Template()

    /// Makes a database with the present schema, or with nothing in it.
    public init(_ kind: EngineKind = .standard, isEmpty: Bool = false) async throws {
        self.kind = kind
        name = "test_\(UUID().uuidString.lowercased().filter { $0 != "-" })"
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("hersys-\(name)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        switch kind {
        case .sqlite:
            let path = folder.appendingPathComponent("test.db").path
            address = "sqlite:\(path)"
            engine = try SQLiteEngine(path: path)
            if !isEmpty { _ = try await Migrator(engine).migrate(at: Self.now) }
        case .postgres:
            address = try Self.address(of: name)
            if isEmpty {
                try Self.administer("CREATE DATABASE \(name) TEMPLATE template0")
            } else {
                try await Self.template.copy(to: name)
            }
            engine = PostgresEngine(try PostgresAddress(address), readers: 3, writers: 3)
        }
    }

    deinit {
        try? engine.close()
        try? FileManager.default.removeItem(at: folder)
        if kind == .postgres { try? Self.administer("DROP DATABASE IF EXISTS \(name) WITH (FORCE)") }
    }

    /// Another process's connections to the same database.
    public func another(patience: Duration = .seconds(10)) throws -> any Engine {
        switch kind {
        case .sqlite: return try SQLiteEngine(path: String(address.dropFirst(7)))
        case .postgres:
            return PostgresEngine(try PostgresAddress(address), readers: 2, writers: 2, patience: patience)
        }
    }

    static func address(of name: String) throws -> String {
        guard let server = EngineKind.server, let slash = server.lastIndex(of: "/") else {
            throw StorageFailure.unavailable
        }
        return "\(server[..<slash])/\(name)"
    }

    static func administer(_ sql: String) throws {
        try PostgresStatement.run(sql, at: PostgresAddress(EngineKind.server ?? ""))
    }

    /// A migrated database of this process, made once.
    private actor Template {
        private var making: Task<String, any Error>?

        func copy(to copy: String) async throws {
            let task = making ?? Task { try await Self.make() }
            making = task
            try administer("CREATE DATABASE \(copy) TEMPLATE \(try await task.value) STRATEGY FILE_COPY")
        }

        private static func make() async throws -> String {
            let fresh = "template_\(ProcessInfo.processInfo.processIdentifier)"
            try administer("DROP DATABASE IF EXISTS \(fresh) WITH (FORCE)")
            try administer("CREATE DATABASE \(fresh) TEMPLATE template0")
            let engine = PostgresEngine(try PostgresAddress(address(of: fresh)), readers: 1, writers: 1)
            _ = try await Migrator(engine).migrate(at: now)
            try engine.close()
            return fresh
        }
    }
}

extension TemporaryDatabase {
    /// All bytes that the database keeps: its files, or every column of every row.
    public func everything() async throws -> Data {
        switch kind {
        case .sqlite:
            try await engine.write { try $0.script("SELECT 1") }
            return try Data(
                ["test.db", "test.db-wal"].flatMap {
                    try [UInt8](Data(contentsOf: folder.appendingPathComponent($0)))
                }
            )
        case .postgres:
            let columns = engine.dialect.inventory.columns
            return try await engine.read { connection in
                let tables = try connection.rows(
                    "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
                ) { $0.text(0) }
                var all = Data()
                for table in tables {
                    let names = try connection.rows(columns, [.text(table)]) { $0.text(0) }
                    for name in names {
                        try connection.query("SELECT \"\(name)\" FROM \(table)", []) {
                            all.append(contentsOf: $0.blob(0))
                        }
                    }
                }
                return all
            }
        }
    }
}

extension TemporaryDatabase {
    /// Runs something on connections that no time-out cuts off.
    public func longWork(_ body: @escaping @Sendable (any SQLConnection) throws -> Void) async throws {
        guard kind == .postgres else { return try await engine.write(body) }
        let patient = PostgresEngine(try PostgresAddress(address), readers: 1, writers: 1, patience: nil)
        defer { try? patient.close() }
        try await patient.write(body)
    }
}

import Foundation
import Storage
import StoragePostgreSQL
import StorageSQLite

/// The engines that are measured.
enum EngineKind: String, CaseIterable {
    case sqlite, postgres

    /// The engine's own words for its version.
    var version: String {
        switch self {
        case .sqlite: "SELECT 'SQLite ' || sqlite_version()"
        case .postgres: "SELECT 'PostgreSQL ' || split_part(current_setting('server_version'), ' ', 1)"
        }
    }

    /// Connections that write at the same time: as many replay alone, and one more where there is a single writer, so
    /// that the next transaction is there when one ends.
    func writers(_ options: Options) -> Int {
        switch self {
        case .sqlite: 2
        case .postgres: options.writers ?? 4
        }
    }
}

/// Where a database of the benchmark is.
enum Place {
    case sqlite(path: String)
    case postgres(server: String, name: String, writers: Int?)

    /// A place for a database, with nothing in it yet.
    init(_ options: Options, _ kind: EngineKind, folder: URL, name: String) throws {
        switch kind {
        case .sqlite:
            self = .sqlite(path: folder.appending(path: "\(name).db").path)
        case .postgres:
            self = .postgres(
                server: options.postgres ?? "",
                name: "benchmark_\(ProcessInfo.processInfo.processIdentifier)_\(name)",
                writers: options.writers
            )
        }
    }

    /// As `hersys --database` takes it.
    var address: String {
        switch self {
        case .sqlite(let path): return "sqlite:\(path)"
        case .postgres(let server, let name, _):
            var parts = URLComponents(string: server)
            parts?.path = "/\(name)"
            return parts?.string ?? server
        }
    }

    private func run(_ statement: String, atServer: Bool) throws {
        guard case .postgres(let server, _, _) = self else { return }
        try PostgresStatement.run(statement, at: PostgresAddress(atServer ? server : address))
    }

    /// Makes an empty database; a file is made when it is opened.
    func make() throws {
        if case .postgres(_, let name, _) = self { try run("CREATE DATABASE \(name)", atServer: true) }
    }

    /// An engine as `hersys serve` opens it.
    func open() throws -> any Engine {
        switch self {
        case .sqlite(let path): try SQLiteEngine(path: path)
        case .postgres(_, _, nil): PostgresEngine(try PostgresAddress(address))
        case .postgres(_, _, let writers?): PostgresEngine(try PostgresAddress(address), writers: writers)
        }
    }

    /// Removes the database; it has to be closed.
    func remove() {
        switch self {
        case .sqlite(let path):
            for ending in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + ending) }
        case .postgres(_, let name, _):
            try? run("DROP DATABASE IF EXISTS \(name) WITH (FORCE)", atServer: true)
        }
    }

    /// What a database that is in use has behind it long ago: its figures for planning, its writing to disk.
    func settle() throws {
        try run("VACUUM ANALYZE", atServer: false)
        try run("CHECKPOINT", atServer: false)
    }

    /// What the database takes on disk, SQLite's log included, in bytes.
    func size(_ engine: any Engine) async throws -> Double {
        switch self {
        case .sqlite(let path):
            return ["", "-wal"].reduce(0) { sum, ending in
                let attributes = try? FileManager.default.attributesOfItem(atPath: path + ending)
                return sum + ((attributes?[.size] as? NSNumber)?.doubleValue ?? 0)
            }
        case .postgres:
            let bytes = try await engine.read { try $0.number("SELECT pg_database_size(current_database())") }
            return Double(bytes ?? 0)
        }
    }
}

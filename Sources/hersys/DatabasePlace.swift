import ArgumentParser
import Foundation
import Storage
import StoragePostgreSQL
import StorageSQLite

/// Where a database is, by its address: `sqlite:PATH`, `postgres://…` or `postgresql://…`.
enum DatabasePlace {
    /// A file.
    case sqlite(path: String)
    /// A server, or several of which one takes writes.
    case postgres(PostgresAddress)

    /// Reads an address; what is wrong with it is said without it, for a password may stand in it.
    init(_ address: String) throws {
        if address.hasPrefix("sqlite:"), address.count > 7 {
            self = .sqlite(path: String(address.dropFirst(7)))
        } else if address.hasPrefix("postgres://") || address.hasPrefix("postgresql://") {
            guard let place = try? PostgresAddress(address) else {
                throw ValidationError("PostgreSQLのアドレスを読めません。postgres://利用者@ホスト:ポート/データベース の形で指定してください。")
            }
            self = .postgres(place)
        } else {
            throw ValidationError("データベースは sqlite:PATH または postgres://… の形で指定してください。")
        }
    }

    /// Where the keys are if nothing else is said.
    var keyPath: String {
        switch self {
        case .sqlite(let path): path.hasSuffix(".db") ? "\(path.dropLast(3)).keys" : "\(path).keys"
        case .postgres: "var/hersys.keys"
        }
    }

    /// Whether there is no such file yet; a server's databases aren't made by us.
    var isMissing: Bool {
        guard case .sqlite(let path) = self else { return false }
        return !FileManager.default.fileExists(atPath: path)
    }

    /// Its engine; a file is made where there is none, a server may not be reachable yet.
    func engine(patience: Duration? = nil) throws -> any Engine {
        switch self {
        case .sqlite(let path):
            do {
                try Settings.makeFolder(of: path)
                return try SQLiteEngine(path: path)
            } catch {
                throw CommandRefusal("データベースを開けません。場所と権限を確かめてください。")
            }
        case .postgres(let address): return PostgresEngine(address, patience: patience)
        }
    }

    /// Its engine, once it has answered: a command says so instead of waiting for ever.
    func open() async throws -> any Engine {
        let engine = try engine()
        // A change of the primary takes some seconds.
        for _ in 0..<12 {
            if await engine.answers() { return engine }
            try await Task.sleep(for: .milliseconds(200))
        }
        throw CommandRefusal("データベースに接続できません。アドレス、利用者、サーバーが動いているかを確かめてください。")
    }
}

import ArgumentParser
import Casework
import Catalogue
import Configuration
import Foundation
import Storage
import StorageSQLite
import SystemPackage

/// Which database, with which keys.
struct DatabaseOptions: ParsableArguments {
    @Option(help: "データベース（sqlite:PATH、既定は sqlite:var/hersys.db）")
    var database: String?

    @Option(help: "鍵のファイル（既定はデータベースの隣の .keys）")
    var keys: String?
}

/// Settings from flags, then the environment (`HERSYS_…`), then `hersys.json`.
struct Settings {
    private let reader: ConfigReader

    init() async throws {
        var providers: [any ConfigProvider] = [EnvironmentVariablesProvider()]
        if FileManager.default.fileExists(atPath: "hersys.json") {
            do {
                providers.append(try await FileProvider<JSONSnapshot>(filePath: "hersys.json"))
            } catch {
                throw CommandRefusal("hersys.json を読めません。JSONの形を確かめてください。")
            }
        }
        reader = ConfigReader(providers: providers).scoped(to: "hersys")
    }

    /// A setting by its flag, else from the environment or the file.
    func value(_ flag: String?, _ key: ConfigKey) -> String? {
        flag ?? reader.string(forKey: key)
    }

    /// The path of the SQLite file.
    func path(_ options: DatabaseOptions) throws -> String {
        let database = value(options.database, "database") ?? "sqlite:var/hersys.db"
        guard database.hasPrefix("sqlite:"), database.count > 7 else {
            throw ValidationError("データベースは sqlite:PATH の形で指定してください。")
        }
        return String(database.dropFirst(7))
    }

    /// The path of the key file.
    func keyPath(_ options: DatabaseOptions) throws -> String {
        if let path = value(options.keys, "keys") { return path }
        let path = try path(options)
        return path.hasSuffix(".db") ? "\(path.dropLast(3)).keys" : "\(path).keys"
    }

    /// Makes the folder in which a file is to be.
    static func makeFolder(of path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// Opens the database.
    func engine(_ options: DatabaseOptions) throws -> SQLiteEngine {
        let path = try path(options)
        do {
            try Self.makeFolder(of: path)
            return try SQLiteEngine(path: path)
        } catch {
            throw CommandRefusal("データベースを開けません。場所と権限を確かめてください。")
        }
    }

    /// Reads the keys.
    func keyRing(_ options: DatabaseOptions) throws -> KeyRing {
        let path = try keyPath(options)
        do {
            return try KeyRing.load(path: path)
        } catch KeyRing.Failure.missing {
            throw CommandRefusal("鍵のファイルがありません。先に hersys key new を実行してください。")
        } catch {
            throw CommandRefusal("鍵のファイルを読めません。内容が壊れているか、鍵のファイルではありません。")
        }
    }

    /// Casework on a database with the present schema.
    func casework(_ options: DatabaseOptions) async throws -> Casework {
        let keys = try keyRing(options)
        let engine = try engine(options)
        do {
            try await Migrator(engine).check()
        } catch StorageFailure.schema(let found, let expected) {
            throw CommandRefusal(
                found < expected
                    ? "データベースの版が古いため（\(found)、必要なのは\(expected)）、先に hersys migrate を実行してください。"
                    : "データベースの版が新しすぎます（\(found)、このプログラムは\(expected)まで）。プログラムを更新してください。"
            )
        }
        return Casework(engine: engine, keys: keys, clock: Self.now)
    }

    /// The time now.
    static func now() -> Timestamp {
        Timestamp(seconds: Int64(Date().timeIntervalSince1970))
    }
}

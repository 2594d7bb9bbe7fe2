import ArgumentParser
import Casework
import Catalogue
import Configuration
import Foundation
import Storage
import SystemPackage

/// Which database, with which keys.
struct DatabaseOptions: ParsableArguments {
    @Option(help: "データベース（sqlite:PATH または postgres://…、既定は sqlite:var/hersys.db）")
    var database: String?

    @Option(help: "鍵のファイル（既定はSQLiteのファイルの隣の .keys、PostgreSQLでは var/hersys.keys）")
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

    /// Where the database is.
    func place(_ options: DatabaseOptions) throws -> DatabasePlace {
        try DatabasePlace(value(options.database, "database") ?? "sqlite:var/hersys.db")
    }

    /// The path of the key file.
    func keyPath(_ options: DatabaseOptions) throws -> String {
        try keyPath(options.keys) { try place(options) }
    }

    /// The path of the key file where it is said, else the one that belongs to a place.
    func keyPath(_ flag: String?, of place: () throws -> DatabasePlace) rethrows -> String {
        try value(flag, "keys") ?? place().keyPath
    }

    /// Makes the folder in which a file is to be.
    static func makeFolder(of path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// The database's engine; a PostgreSQL server may not be reachable yet.
    ///
    /// `patience` is how long a statement waits for a database that doesn't answer; nil, for commands, is for ever:
    /// their work is known to take long, and nobody else waits.
    func engine(_ options: DatabaseOptions, patience: Duration? = nil) throws -> any Engine {
        try place(options).engine(patience: patience)
    }

    /// The database's engine, once it has answered.
    func open(_ options: DatabaseOptions) async throws -> any Engine {
        try await place(options).open()
    }

    /// Reads the keys.
    func keyRing(_ options: DatabaseOptions) throws -> KeyRing {
        try keyRing(at: keyPath(options))
    }

    /// Reads a key file.
    func keyRing(at path: String) throws -> KeyRing {
        do {
            return try KeyRing.load(path: path)
        } catch KeyRing.Failure.missing {
            throw CommandRefusal("鍵のファイルがありません。先に hersys key new を実行してください。")
        } catch {
            throw CommandRefusal("鍵のファイルを読めません。内容が壊れているか、鍵のファイルではありません。")
        }
    }

    /// Casework on a database with the present schema, for a command.
    func casework(_ options: DatabaseOptions) async throws -> Casework {
        let keys = try keyRing(options)
        let engine = try await open(options)
        try await Self.check(engine)
        return try await Self.following(Casework(engine: engine, keys: keys, clock: Self.now))
    }

    /// Casework that seals with the key that the database says.
    private static func following(_ casework: Casework) async throws -> Casework {
        guard try await casework.followKey() else {
            throw KeyCommand.words(try await casework.keyInUse(), casework.keys.fingerprints)
        }
        return casework
    }

    /// Casework for a process that serves: it waits for its database, and its callers wait no longer than `patience`.
    func casework(_ options: DatabaseOptions, patience: Duration) async throws -> Casework {
        let keys = try keyRing(options)
        let engine = CountedEngine(try engine(options, patience: patience))
        var isSaid = false
        while true {
            do {
                try await Self.check(engine)
                return try await Self.following(Casework(engine: engine, keys: keys, clock: Self.now))
            } catch StorageFailure.unavailable {
                if !isSaid { Terminal.say("データベースに接続できるまで待っています。") }
                isSaid = true
                try await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// Refuses a database whose schema the program doesn't work with.
    static func check(_ engine: any Engine) async throws {
        do {
            try await Migrator(engine).check()
        } catch StorageFailure.schema(let found, let expected) {
            throw refusal(found: found, expected: expected)
        }
    }

    /// What is said of a database whose schema isn't the program's.
    static func refusal(found: Int, expected: Int) -> CommandRefusal {
        switch found {
        case Unfinished.copying:
            return CommandRefusal("写しが途中のデータベースです。写した命令（copy または restore）を --again を付けてやり直してください。")
        case Unfinished.archive:
            return CommandRefusal("移した閲覧記録のファイルです。データベースとしては使えません。")
        default: break
        }
        return CommandRefusal(
            found < expected
                ? "データベースの版が古いため（\(found)、必要なのは\(expected)）、先に hersys migrate を実行してください。"
                : "データベースの版が新しすぎます（\(found)、このプログラムは\(expected)まで）。プログラムを更新してください。"
        )
    }

    /// The time now.
    static func now() -> Timestamp {
        Timestamp(seconds: Int64(Date().timeIntervalSince1970))
    }
}

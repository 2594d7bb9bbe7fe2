import Foundation
import StorageSQLite
import TestSupport
import Testing

@testable import Storage

@Suite struct BackupFileTests {
    @Test func `a backup is one file for its owner that is read without being touched`() async throws {
        let source = try await TestDatabase()
        _ = try await source.directory(CaseStoreTests.organisations)
        let folder = source.database.folder.appendingPathComponent("backups")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.appendingPathComponent("one.hersys").path
        let file = try SQLiteNewFile(path: path)
        _ = try await Migrator(file.engine).migrate(at: TemporaryDatabase.now)
        let store = CaseStore(source.vault)
        _ = try await Copier(from: source.engine, to: file.engine, store).copy(at: TemporaryDatabase.now)
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(throws: SQLiteNewFile.Failure.isUnderWay) { try SQLiteNewFile(path: path) }
        try file.publish()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["one.hersys"])
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(throws: SQLiteNewFile.Failure.exists) { try SQLiteNewFile(path: path) }

        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        let closed = try SQLiteClosedFile(path: path)
        let target = try await TemporaryDatabase()
        _ = try await Copier(from: closed, to: target.engine, store).copy(at: TemporaryDatabase.now)
        try closed.close()
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["one.hersys"])
        let directory = try await target.engine.read { try DirectoryStore.load($0) }
        #expect(directory["hc-2"]?.name == "二保健所")
    }

    @Test func `what isn't whole leaves nothing behind, and what isn't a database isn't restored`() async throws {
        let database = try await TemporaryDatabase(.sqlite)
        let folder = database.folder.appendingPathComponent("backups")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = try SQLiteNewFile(path: folder.appendingPathComponent("one").path)
        _ = try await Migrator(file.engine).migrate(at: TemporaryDatabase.now)
        file.discard()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
        let other = folder.appendingPathComponent("other")
        try Data("氏名,住所\n".utf8).write(to: other)
        #expect(throws: StorageFailure.self) { try SQLiteClosedFile(path: other.path) }
        #expect(throws: StorageFailure.self) { try SQLiteClosedFile(path: folder.appendingPathComponent("none").path) }
        #expect(throws: SQLiteNewFile.Failure.unwritable) {
            try SQLiteNewFile(path: folder.appendingPathComponent("none/one").path)
        }
    }
}

import Foundation
import GRDB

/// A database file that is written once, a backup or an archive: made beside its place, put there when it is whole.
public struct SQLiteNewFile: Sendable {
    /// Why it isn't made.
    public enum Failure: Error, Sendable {
        /// There is such a file; none is ever overwritten.
        case exists
        /// The unfinished file of an earlier try, or of one that is going on.
        case isUnderWay
        /// The folder is missing, or can't be written.
        case unwritable
    }

    /// Where it is to be.
    public let path: String
    /// Where it is while it is being written.
    public let part: String
    /// The empty database in it.
    public let engine: SQLiteEngine

    /// Makes an empty file that only its owner reads.
    public init(path: String) throws {
        self.path = path
        part = "\(path).part"
        guard access(path, F_OK) != 0 else { throw Failure.exists }
        let file = open(part, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw errno == EEXIST ? Failure.isUnderWay : Failure.unwritable }
        close(file)
        engine = try SQLiteEngine(path: part)
    }

    /// Puts the file in its place once everything is on the disk; the engine is closed by it.
    public func publish() throws {
        try engine.close()
        try Self.endLog(part)
        try Self.flush(part)
        // A link never takes another file's place; where the file system has none, the look before has to do.
        if link(part, path) == 0 {
            unlink(part)
        } else {
            guard errno != EEXIST, access(path, F_OK) != 0 else { throw Failure.exists }
            guard rename(part, path) == 0 else { throw Failure.unwritable }
        }
        try Self.flush(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    }

    /// Takes away what isn't whole.
    public func discard() {
        try? engine.close()
        for ending in ["", "-wal", "-shm", "-journal"] { unlink(part + ending) }
    }

    /// Lets the database be one file: with a log beside it, it couldn't be read from a folder that is only read.
    private static func endLog(_ path: String) throws {
        do {
            let queue = try DatabaseQueue(path: path)
            try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
            try queue.close()
        } catch let error as DatabaseError {
            throw SQLiteEngine.failure(error.extendedResultCode.rawValue)
        }
    }

    private static func flush(_ path: String) throws {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw Failure.unwritable }
        defer { close(file) }
        guard fsync(file) == 0 else { throw Failure.unwritable }
    }
}

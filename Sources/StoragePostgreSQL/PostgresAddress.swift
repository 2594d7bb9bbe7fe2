import CLibPQ
import Glibc
import Storage

/// Where a database is: a `postgres://` address as libpq reads it, several hosts allowed.
///
/// What the address doesn't say is filled in: the host that takes writes is looked for, a connection that can't be
/// made is given up after 3 seconds, and one whose other side has gone silent after 10.
public struct PostgresAddress: Sendable {
    private let options: [(key: String, value: String)]

    private static let defaults = [
        ("target_session_attrs", "read-write"), ("connect_timeout", "3"), ("application_name", "hersys"),
        ("tcp_user_timeout", "10000"), ("keepalives_idle", "5"), ("keepalives_interval", "2"),
        ("keepalives_count", "3"), ("client_encoding", "UTF8"),
        // Set by the server when it connects, so that it needs no statement of its own.
        (
            "options",
            "\(planning) -c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s"
        ),
    ]

    /// Every statement reads a page's worth along an index: helpers and compiled plans only delay it, and the disks
    /// of this age find one place as fast as the next.
    private static let planning = "-c max_parallel_workers_per_gather=0 -c jit=off -c random_page_cost=1.1"

    /// Reads an address.
    ///
    /// - Throws: `StorageFailure.engine` where it isn't one.
    public init(_ text: String) throws {
        guard let parsed = PQconninfoParse(text, nil) else { throw StorageFailure.engine(code: -1) }
        defer { PQconninfoFree(parsed) }
        var found: [(key: String, value: String)] = []
        var option = parsed
        while let key = option.pointee.keyword {
            if let value = option.pointee.val { found.append((String(cString: key), String(cString: value))) }
            option += 1
        }
        options = found
    }

    /// The same with other settings of the session.
    private init(options: [(key: String, value: String)]) { self.options = options }

    /// For work that is known to take long: no statement is cut off.
    var unhurried: PostgresAddress {
        PostgresAddress(
            options: options.filter { $0.key != "options" } + [("options", "\(Self.planning) -c lock_timeout=30s")]
        )
    }

    /// Connects; nil only without memory.
    func connect() -> OpaquePointer? {
        let known = Set(options.map(\.key))
        let all = options + Self.defaults.filter { !known.contains($0.0) }.map { (key: $0.0, value: $0.1) }
        let keys = all.map { strdup($0.key) } + [nil]
        let values = all.map { strdup($0.value) } + [nil]
        defer { for text in keys + values { free(text) } }
        return keys.map { UnsafePointer($0) }.withUnsafeBufferPointer { keys in
            values.map { UnsafePointer($0) }.withUnsafeBufferPointer { values in
                PQconnectdbParams(keys.baseAddress, values.baseAddress, 0)
            }
        }
    }
}

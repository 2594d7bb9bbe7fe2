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

    /// Time-outs that the server sets when it connects, so that they need no statement of their own.
    private var timeouts = "-c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s"

    /// For work that is known to take long: no statement is cut off.
    var unhurried: PostgresAddress {
        var patient = self
        patient.timeouts = "-c statement_timeout=0 -c lock_timeout=30s -c idle_in_transaction_session_timeout=0"
        return patient
    }

    /// Whether every host is this machine: nobody listens between.
    private var isLocal: Bool {
        let hosts = options.filter { $0.key == "host" || $0.key == "hostaddr" }.flatMap {
            $0.value.split(separator: ",")
        }
        return hosts.allSatisfy { $0.hasPrefix("/") || $0.hasPrefix("127.") || $0 == "localhost" || $0 == "::1" }
    }

    /// Connects; nil only without memory.
    func connect() -> OpaquePointer? {
        var all = options.filter { $0.key != "options" }
        let known = Set(all.map(\.key))
        all += Self.defaults.filter { !known.contains($0.0) }.map { (key: $0.0, value: $0.1) }
        // Across a network the server's name is checked, unless the address says otherwise.
        if !isLocal, !known.contains("sslmode") { all.append(("sslmode", "verify-full")) }
        // What the address says comes last and counts.
        let theirs = options.first { $0.key == "options" }?.value ?? ""
        all.append(("options", "\(Self.planning) \(timeouts) \(theirs)"))
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

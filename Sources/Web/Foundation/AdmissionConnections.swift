import Glibc

/// How many browsers and programs may be connected at the same time.
///
/// NIO goes on asking for a connection when the process has no file descriptor left, as fast as a core can
/// (`AcceptBackoffHandler` in 2.101 waits only where the same round has accepted one). A server that stops accepting
/// before that keeps descriptors for its database, and who comes later waits in the kernel's line.
public enum Connections {
    /// Lets the process open as many files as the system allows it: what it is given at first is often 1,024.
    public static func raiseLimit() {
        var limit = rlimit()
        let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(kind, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = min(limit.rlim_max, 65_536)
        setrlimit(kind, &limit)
    }

    /// What this process may open, less what it needs itself.
    public static var most: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return most(files: 1024) }
        return most(files: Int(clamping: limit.rlim_cur))
    }

    /// So many connections for so many file descriptors; an eighth is kept for the database and its files.
    static func most(files: Int) -> Int {
        max(16, min(files, 1 << 20) - max(40, min(files, 1 << 20) / 8))
    }
}

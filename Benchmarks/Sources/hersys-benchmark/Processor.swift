import Foundation
import Synchronization

/// Processor time and memory, of this process and of the database server that works for it.
enum Processor {
    /// The server's first process, whose children do its work; nil where the engine is within this process.
    ///
    /// One for the whole run, so that no stopwatch has to be handed it.
    private static let databaseServer = Mutex<Int?>(nil)

    /// Finds a PostgreSQL server by its folder.
    static func count(serverIn folder: String) {
        let file = try? String(contentsOfFile: "\(folder)/data/postmaster.pid", encoding: .utf8)
        let process = file?.split(separator: "\n").first.flatMap { Int($0) }
        databaseServer.withLock { $0 = process }
    }

    /// Processor time so far, the kernel's work included, the database server's, too.
    static var seconds: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let own = [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
        return own + serverSeconds
    }

    private static var serverSeconds: Double {
        let ticks = serverProcesses.reduce(0) { sum, process in
            let fields = stat(process)
            // utime, stime; of the first process also those of children that have ended: proc(5).
            let last = process == databaseServer.withLock({ $0 }) ? 17 : 15
            guard fields.count > 17 else { return sum }
            return sum + fields[14...last].reduce(0) { $0 + (Double($1) ?? 0) }
        }
        return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Memory of the server's processes beside what they share, in MiB; nil without a server.
    static var serverMemory: Double? {
        guard databaseServer.withLock({ $0 }) != nil else { return nil }
        return serverProcesses.reduce(0) { $0 + status("RssAnon:", process: String($1)) }
    }

    /// The database server's processes; none where the engine is within this process.
    static var serverProcesses: [Int] {
        guard let first = databaseServer.withLock({ $0 }) else { return [] }
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return [first] + all.compactMap { Int($0) }.filter { stat($0).dropFirst(4).first == String(first) }
    }

    /// The fields of `/proc/N/stat`, counted from 1 as in proc(5); the name may hold blanks.
    private static func stat(_ process: Int) -> [String] {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return [] }
        let rest = text[text.index(after: end)...].split(whereSeparator: \.isWhitespace).map(String.init)
        return ["", String(process), ""] + rest
    }

    /// The most memory a process has used so far, in MiB.
    static func peakMemory(process: String = "self") -> Double {
        status("VmHWM:", process: process)
    }

    private static func status(_ name: String, process: String) -> Double {
        let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
        let kilobytes = line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Double($0) } ?? 0
        return kilobytes / 1024
    }

    /// Lets the most memory be counted from now on: proc(5), clear_refs.
    static func forgetPeak() {
        try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
    }
}

import Foundation

/// Which cores work for the server and which for the load.
///
/// Beyond capacity a load that comes from the server's own cores takes away what it measures: the last core is the
/// load's, the others are the server's and its database's.
enum Cores {
    private static let all = Array(0..<ProcessInfo.processInfo.processorCount)

    /// Runs something with the cores divided; nothing is divided where there is only one.
    static func divided<Result>(server: Int32, _ body: () async throws -> Result) async rethrows -> Result {
        guard all.count > 1 else { return try await body() }
        let served = [Int(server)] + Processor.serverProcesses
        let own = Int(getpid())
        for process in served { keep(process, to: all.dropLast()) }
        keep(own, to: all.suffix(1))
        defer { for process in served + [own] { keep(process, to: all[...]) } }
        return try await body()
    }

    /// All threads of a process; those that they make later inherit it.
    private static func keep(_ process: Int, to cores: ArraySlice<Int>) {
        let list = cores.map(String.init).joined(separator: ",")
        let taskset = Process()
        taskset.executableURL = URL(fileURLWithPath: "/usr/bin/taskset")
        taskset.arguments = ["--all-tasks", "--cpu-list", "--pid", list, String(process)]
        taskset.standardOutput = FileHandle.nullDevice
        // A process that has ended meanwhile needs no core.
        try? taskset.run()
        taskset.waitUntilExit()
    }
}

import Foundation

/// What the kernel tells of this process (proc(5)).
struct ProcessFigures {
    let memory: Double
    let cpuSeconds: Double
    let startedAt: Double
    let openFiles: Double

    init?() {
        func text(_ path: String) -> String? {
            FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
        }
        guard let stat = text("/proc/self/stat"), let system = text("/proc/stat"),
            // The name in brackets may hold anything; the fields count from behind it.
            let fields = stat.split(separator: ")").last?.split(separator: " "), fields.count > 21,
            let user = Double(fields[11]), let kernel = Double(fields[12]), let start = Double(fields[19]),
            let pages = Double(fields[21]),
            let boot = system.split(separator: "\n").first(where: { $0.hasPrefix("btime ") })
                .flatMap({ Double($0.dropFirst(6)) })
        else { return nil }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        memory = pages * Double(sysconf(Int32(_SC_PAGESIZE)))
        cpuSeconds = (user + kernel) / ticks
        startedAt = boot + start / ticks
        openFiles = Double((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0)
    }
}

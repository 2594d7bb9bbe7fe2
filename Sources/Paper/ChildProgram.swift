import Foundation

/// Another program that turns files into pictures, in a process of its own that may take so much and no more.
///
/// Files come from strangers, and decoders have had holes: whatever goes wrong in one ends that process only. It gets
/// no environment, can't write files (`prlimit --fsize=0`), and is killed when its time is over. The file lies in
/// shared memory without a name, never on a disk.
enum ChildProgram {
    /// What a program may take.
    struct Bounds {
        /// Bytes of its answer.
        let output: Int
        /// Bytes of memory.
        let memory = 1 << 30
        /// Seconds, of the processor and on the wall.
        let seconds: Int
    }

    /// Runs a program on a file; its answer, or nil where it can't be started, fails, or takes more than it may.
    static func output(of command: [String], on file: [UInt8], _ bounds: Bounds) -> [UInt8]? {
        guard let input = sharedMemory(file) else { return nil }
        defer { close(input) }
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        // Another child started at the same time must not hold our pipe open.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        let limits = [
            "prlimit", "--as=\(bounds.memory)", "--cpu=\(bounds.seconds)", "--fsize=0", "--core=0", "--",
        ]
        let child = start(limits + command, input: input, output: ends[1])
        close(ends[1])
        guard let child else { return nil }
        let answer = collect(ends[0], bounds)
        if answer == nil { kill(child, SIGKILL) }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return status == 0 ? answer : nil
    }

    private static func sharedMemory(_ bytes: [UInt8]) -> Int32? {
        let name = "/hersys-\(UUID().uuidString)"
        let file = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
        guard file >= 0 else { return nil }
        shm_unlink(name)
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { write(file, $0.baseAddress?.advanced(by: written), $0.count - written) }
            guard count > 0 else {
                close(file)
                return nil
            }
            written += count
        }
        lseek(file, 0, SEEK_SET)
        return file
    }

    private static func start(_ command: [String], input: Int32, output: Int32) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A server passes over SIGPIPE and holds signals back: its child must end by them.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var arguments = command.map { strdup($0) } + [nil]
        var environment = [strdup("PATH=/usr/local/bin:/usr/bin:/bin"), strdup("LC_ALL=C"), nil]
        defer { for text in arguments + environment { free(text) } }
        var child: pid_t = 0
        guard posix_spawnp(&child, command[0], &actions, &attributes, &arguments, &environment) == 0 else {
            return nil
        }
        return child
    }

    /// Reads until the other end closes; nil where more comes than may, or too late.
    private static func collect(_ end: Int32, _ bounds: Bounds) -> [UInt8]? {
        let limit = DispatchTime.now().uptimeNanoseconds + UInt64(bounds.seconds) * 1_000_000_000
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let now = DispatchTime.now().uptimeNanoseconds
            guard now < limit else { return nil }
            var waiting = pollfd(fd: end, events: Int16(POLLIN), revents: 0)
            let ready = poll(&waiting, 1, Int32((limit - now) / 1_000_000) + 1)
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else { return nil }
            let count = read(end, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { return result }
            guard result.count + count <= bounds.output else { return nil }
            result += buffer[0..<count]
        }
    }
}

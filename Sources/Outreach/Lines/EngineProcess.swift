import Foundation

/// One telephone engine (baresip) as a process of its own.
///
/// What it prints names numbers and sounds, so it prints into nothing. A small shell stands between: it holds the other
/// end of a connection to us, and when we are gone, however it came to that, it ends the engine, which ends its call.
final class EngineProcess: Sendable {
    private let shell: pid_t
    /// Our end of the connection: closed, the engine ends.
    private let leash: Int32

    private static let script = """
        exec 3<&0 </dev/null
        "$@" >/dev/null 2>&1 3<&- &
        engine=$!
        { cat <&3 >/dev/null; kill -TERM $engine; sleep 2; kill -KILL $engine; } 2>/dev/null &
        watch=$!
        exec 3<&-
        wait $engine
        kill $watch 2>/dev/null
        """

    /// Starts an engine on a folder with its settings; nil where no process can be made.
    init?(folder: String, program: String = "baresip") {
        var ends: [Int32] = [-1, -1]
        // A pair of sockets, for they can be made so that no other child gets hold of our end.
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { return nil }
        let command = ["/bin/sh", "-c", Self.script, "hersys-line", program, "-4", "-f", folder]
        let child = ChildProcess.start(command, input: ends[0], output: nil)
        close(ends[0])
        guard let child else {
            close(ends[1])
            return nil
        }
        (shell, leash) = (child, ends[1])
    }

    /// Ends the engine and its call, and waits for it.
    func end() async {
        close(leash)
        await ChildProcess.ended(shell)
    }
}

/// Processes of other programs.
enum ChildProcess {
    /// Starts a program with a clean environment; `output` nil is nothing.
    static func start(_ command: [String], input: Int32, output: Int32?) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        if let output {
            posix_spawn_file_actions_adddup2(&actions, output, 1)
        } else {
            posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        }
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A server passes over signals that its children must end by. A group of its own: Ctrl-C is for us, and we
        // end our children.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP)
        )
        var arguments = command.map { strdup($0) } + [nil]
        var environment = [strdup("PATH=/usr/local/bin:/usr/bin:/bin"), strdup("LC_ALL=C"), nil]
        defer { for text in arguments + environment { free(text) } }
        var child: pid_t = 0
        guard posix_spawnp(&child, command[0], &actions, &attributes, &arguments, &environment) == 0 else {
            return nil
        }
        return child
    }

    /// Waits until a process has ended, without holding a thread; returns whether it ended well.
    @discardableResult
    static func ended(_ child: pid_t) async -> Bool {
        var (status, waits): (Int32, Int) = (0, 0)
        while waitpid(child, &status, WNOHANG) == 0 {
            // Longer than the engine is given to end by itself.
            if waits == 250 { kill(-child, SIGKILL) }
            waits += 1
            // The caller may be cancelled: that isn't a reason to leave a process behind.
            await pause(milliseconds: 20)
        }
        return status == 0
    }

    private static func pause(milliseconds: Int) async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(milliseconds)) { continuation.resume() }
        }
    }
}

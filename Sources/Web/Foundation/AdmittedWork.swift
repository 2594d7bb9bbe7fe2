import Dispatch

/// Threads for requests that have been let in.
///
/// On the threads that all tasks share, each step of an admitted request would stand behind thousands of others that
/// are only being read to be sent away: beyond capacity nothing would be finished in time.
final class AdmittedWork: TaskExecutor {
    static let threads = AdmittedWork()

    private let queue = DispatchQueue(label: "admitted", qos: .userInitiated, attributes: .concurrent)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

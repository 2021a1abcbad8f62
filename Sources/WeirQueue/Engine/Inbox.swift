import Glibc
import WeirCore

/// Where callers leave jobs for the writer thread, and where it sleeps while there are none.
///
/// `@unchecked Sendable`: every stored property is read and written only while `mutex` is locked, and a job put in is not
/// touched again by the one who put it in.
final class Inbox: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var jobs: [any Job] = []
    private var isSleeping = false
    private var hasEnded = false

    init() {
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        // A wall clock that is set must not change how long the thread sleeps.
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Jobs that nobody has taken yet.
    var count: Int { locked { jobs.count } }

    /// Hands a job over; after the end it is refused on the spot.
    func put(_ job: any Job) {
        let isAccepted = locked {
            guard !hasEnded else { return false }
            jobs.append(job)
            wake()
            return true
        }
        if !isAccepted { job.refuse(.storeFailed("the queue store is closed")) }
    }

    /// No more jobs are accepted; those already here are still taken.
    func end() {
        locked {
            hasEnded = true
            wake()
        }
    }

    /// Waits until there are jobs, the time is over (nil: never), or the end.
    /// - Returns: the jobs, none when the time is over; nil at the end, when all have been taken.
    func take(within time: Duration?) -> [any Job]? {
        locked {
            if jobs.isEmpty, !hasEnded { sleep(time) }
            if jobs.isEmpty { return hasEnded ? nil : [] }
            if jobs.count <= EngineLimits.operationsPerCommit {
                defer { jobs = [] }
                return jobs
            }
            defer { jobs.removeFirst(EngineLimits.operationsPerCommit) }
            return Array(jobs.prefix(EngineLimits.operationsPerCommit))
        }
    }

    /// Called with the mutex locked. May return early; the caller looks again.
    private func sleep(_ time: Duration?) {
        isSleeping = true
        defer { isSleeping = false }
        guard let time else {
            pthread_cond_wait(condition, mutex)
            return
        }
        guard time > .zero else { return }
        var deadline = timespec()
        clock_gettime(CLOCK_MONOTONIC, &deadline)
        let nanoseconds = Int64(deadline.tv_nsec) + time.wholeMilliseconds % 1000 * 1_000_000
        deadline.tv_sec += Int(time.wholeMilliseconds / 1000 + nanoseconds / 1_000_000_000)
        deadline.tv_nsec = Int(nanoseconds % 1_000_000_000)
        pthread_cond_timedwait(condition, mutex, &deadline)
    }

    private func wake() {
        guard isSleeping else { return }
        isSleeping = false
        pthread_cond_signal(condition)
    }

    private func locked<Value>(_ body: () -> Value) -> Value {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }
}

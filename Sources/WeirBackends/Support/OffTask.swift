import Dispatch

/// Does what may wait for a disk or a program on a thread of its own, because the few threads that run tasks must not wait.
func offTask<Value: Sendable, Failure: Error>(
    on queue: DispatchQueue = .global(), _ work: @escaping @Sendable () throws(Failure) -> Value
) async throws(Failure) -> Value {
    let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
        queue.async {
            do throws(Failure) {
                continuation.resume(returning: .success(try work()))
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
    }
    return try result.get()
}

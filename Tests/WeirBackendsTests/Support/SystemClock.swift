import Glibc

/// The machine's time, for other sides that check the date of a signature. Unit: milliseconds since 1970.
func systemMilliseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
}

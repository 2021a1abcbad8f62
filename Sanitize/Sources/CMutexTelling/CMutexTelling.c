// Tells the thread sanitizer what a contended Mutex of Swift does.
//
// The quick ways to lock and unlock are compiled into whoever uses a Mutex, so the sanitizer sees them. The slow ways, taken
// when a thread has to wait, are in Swift's Synchronization library, which is built without the sanitizer: it would see a
// thread that holds no lock, and report a race where there is none. These two stand in front of the library's functions
// and say what they do. Source: stdlib/public/Synchronization/Mutex/LinuxImpl.swift of Swift 6.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#include "CMutexTelling.h"

#if __has_feature(thread_sanitizer)
#include <sanitizer/tsan_interface.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))
// Synchronization._MutexHandle._lockSlow(Swift.UInt32) -> (), and ._unlockSlow() -> ()
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

typedef SWIFT void (*Lock)(uint32_t thread, SELF void *mutex);
typedef SWIFT void (*Unlock)(SELF void *mutex);

SWIFT void weir_lock_slow(uint32_t thread, SELF void *mutex) __asm__(LOCK);
SWIFT void weir_unlock_slow(SELF void *mutex) __asm__(UNLOCK);

SWIFT void weir_lock_slow(uint32_t thread, SELF void *mutex) {
    ((Lock)dlsym(RTLD_NEXT, LOCK))(thread, mutex);
    __tsan_acquire(mutex);
}

SWIFT void weir_unlock_slow(SELF void *mutex) {
    __tsan_release(mutex);
    ((Unlock)dlsym(RTLD_NEXT, UNLOCK))(mutex);
}
#endif

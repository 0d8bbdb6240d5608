#ifndef RACELAB_SANITIZERS_INTERLEAVE_INTERCEPTORS_INTERCEPTOR_H_
#define RACELAB_SANITIZERS_INTERLEAVE_INTERCEPTORS_INTERCEPTOR_H_

// The common parts of the interceptors: the functions that a program calls because it was compiled with
// -fsanitize=thread, and the functions of the C library that this runtime replaces.

#include <pthread.h>
#include <semaphore.h>

#include <cstdint>

#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/interceptors/real.h"

#define RACELAB_INTERCEPTOR extern "C" __attribute__((visibility("default")))
#define RACELAB_CALLER __builtin_return_address(0)

namespace racelab::interleave {

// Whether an execution is running.
inline bool Live() { return execution.live; }

// Like Live(), but not within a library that announces its operations itself.
inline bool Visible() { return execution.live && execution.me().ignoring == 0; }

inline std::uintptr_t Address(const volatile void* object) { return reinterpret_cast<std::uintptr_t>(object); }

// An operation on the contents of memory.
inline Operation Make(Kind kind, bool writes, const volatile void* object, const void* pc, std::uint32_t size = 1) {
  Operation operation;
  operation.kind = kind;
  operation.reads = kContent;
  operation.changes = writes ? kContent : Aspects{0};
  operation.size = size;
  operation.address = Address(object);
  operation.pc = pc;
  return operation;
}

// Records the write of a result that the runtime has stored for the program instead of the C library.
template <typename T>
void NoteResult(T* to, const void* pc) {
  if (to != nullptr && Visible()) execution.Plain(Address(to), sizeof *to, true, pc);
}

// The lifetime of an object of the C library. Beginning and ending it are writes to the object; use after its end is
// reported.
void BeginObject(std::uintptr_t address, const void* pc);
inline constexpr std::uint64_t kEnded = 0xDEAD0B1EC7DEAD00;  // The object's first bytes after its end.

template <typename Object>
void EndObject(Object* object, const void* pc) {
  static_assert(sizeof(Object) >= sizeof kEnded);
  execution.Plain(Address(object), 1, true, pc);
  __builtin_memcpy(object, &kEnded, sizeof kEnded);
}

inline const char* NameOf(const pthread_rwlock_t*) { return "a lock"; }
inline const char* NameOf(const pthread_cond_t*) { return "a condition variable"; }
inline const char* NameOf(const pthread_barrier_t*) { return "a barrier"; }
inline const char* NameOf(const sem_t*) { return "a semaphore"; }

template <typename Object>
void ExpectAlive(const Object* object, const char* does) {
  if (Value(Address(object), sizeof kEnded) != kEnded) return;
  execution.Fail(FailureKind::kMutexMisuse, "T%d %s %s that has been destroyed", execution.me().number, does,
                 NameOf(object));
}

// Marks an order that the program announces at an object. If the object is also an atomic, the announced order adds to
// that of its operations: a relaxed store does not end it.
inline constexpr std::uintptr_t kAnnouncedAt = std::uintptr_t{1} << 63;
inline void ReleaseAnnounced(std::uintptr_t object) {
  execution.happens_before.Release(execution.current, object);
  execution.happens_before.Release(execution.current, object | kAnnouncedAt);
}
inline void AcquireAnnounced(std::uintptr_t object) {
  execution.happens_before.Acquire(execution.current, object);
  execution.happens_before.Acquire(execution.current, object | kAnnouncedAt);
}

// interceptors/mutex.cc: the functions that condition variables and others need. They return pthread_mutex_lock()'s
// results.
int LockMutex(std::uintptr_t mutex, const void* pc);
void UnlockMutex(std::uintptr_t mutex, const void* pc);
int TakeLock(std::uintptr_t mutex);  // Call this after the step; the mutex must be free.
bool TryLockMutex(std::uintptr_t mutex, const void* pc);
bool MayNotUnlock(const pthread_mutex_t* mutex);  // The mutex is of a kind that returns EPERM.

// interceptors/descriptor.cc: CallKernel() for six arguments. The call's reads and writes of the program's memory count
// as accesses of the running thread.
long CallKernelWithMemory(long number, const long* arguments, const void* pc);

// interceptors/stack.cc: call this when a thread has been created with these attributes.
void UseStackOf(const pthread_attr_t* attributes, int thread);

// interceptors/time.cc: VirtualTime() converts a moment to virtual time; AdvanceTo() advances time to at least that
// moment.
std::int64_t VirtualTime(const struct timespec* moment, bool is_monotonic);
bool IsValid(const struct timespec* moment);  // Whether its nanoseconds are less than a second.
bool CanWaitBy(clockid_t clock);              // Whether functions that take a clock to wait by accept this one.
void AdvanceTo(const struct timespec* deadline, bool is_monotonic);
// Converts a pthread error number to the result of a function in <threads.h>.
int C11Result(int error);

// interceptors/thread_name.cc: prctl(PR_SET_NAME) and prctl(PR_GET_NAME).
long SetThreadName(const char* name, const void* pc);
long GetThreadName(char* to, const void* pc);

// The processor's time stamp counter, in virtual time.
std::int64_t ReadTimeStamp();

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_INTERCEPTORS_INTERCEPTOR_H_

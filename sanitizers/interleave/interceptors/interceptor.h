#ifndef RACELAB_SANITIZERS_INTERLEAVE_INTERCEPTORS_INTERCEPTOR_H_
#define RACELAB_SANITIZERS_INTERLEAVE_INTERCEPTORS_INTERCEPTOR_H_

// What the interceptors have in common: the functions that a program calls because it was compiled with
// -fsanitize=thread, and those of the C library that this runtime stands in for.

#include <cstdint>

#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/interceptors/real.h"

#define RACELAB_INTERCEPTOR extern "C" __attribute__((visibility("default")))
#define RACELAB_CALLER __builtin_return_address(0)

namespace racelab::interleave {

// Whether the call comes from code under control.
inline bool Live() { return execution.live; }

// As Live(), and not from within a library that announces its operations itself.
inline bool Visible() { return execution.live && execution.me().ignoring == 0; }

inline std::uintptr_t Address(const volatile void* object) { return reinterpret_cast<std::uintptr_t>(object); }

inline Operation Make(Kind kind, bool writes, const volatile void* object, const void* pc, std::uint32_t size = 1) {
  Operation operation;
  operation.kind = kind;
  operation.writes = writes;
  operation.size = size;
  operation.address = Address(object);
  operation.pc = pc;
  return operation;
}

// interceptors/mutex.cc: what condition variables need of mutexes.
void LockMutex(std::uintptr_t mutex, const void* pc);
void UnlockMutex(std::uintptr_t mutex, const void* pc);
bool TryLockMutex(std::uintptr_t mutex, const void* pc);

// interceptors/stack.cc: the thread has been created with these attributes.
void UseStackOf(const pthread_attr_t* attributes, int thread);

// interceptors/time.cc: a moment in virtual time; which the time reaches at the latest when the caller goes on.
std::int64_t VirtualTime(const struct timespec* moment, bool is_monotonic);
void AdvanceTo(const struct timespec* deadline, bool is_monotonic);
// The processor's counter, in virtual time.
std::int64_t ReadTimeStamp();

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_INTERCEPTORS_INTERCEPTOR_H_

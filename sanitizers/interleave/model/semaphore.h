#ifndef RACELAB_SANITIZERS_INTERLEAVE_MODEL_SEMAPHORE_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MODEL_SEMAPHORE_H_

#include <cstdint>

#include "sanitizers/interleave/operation.h"

namespace racelab::interleave {

// The only state of a semaphore is its value, which is in the program's memory: glibc keeps it in the first four bytes.
inline std::uint32_t& SemaphoreValue(std::uintptr_t address) { return *reinterpret_cast<std::uint32_t*>(address); }

// kAcquire, kRelease; kTryAcquire, with `timed` if it stands for a wait with a time limit.
Operation OnSemaphore(Kind kind, std::uintptr_t address, const void* pc, bool timed = false);

// Whether the semaphore's value permits a kAcquire, or a signal has interrupted the thread, whose slot is
// `operation.expected`.
bool SemaphoreAllows(const Operation& operation);

// Notes in `operation` whether a kTryAcquire would succeed now, or whether a kRelease would provide the unit for which
// others wait.
void SettleOnSemaphore(Operation& operation);

// The names of these operations in reports; null for any other.
const char* NameOnSemaphore(Kind kind);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MODEL_SEMAPHORE_H_

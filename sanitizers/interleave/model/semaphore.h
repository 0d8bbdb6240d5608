#ifndef RACELAB_SANITIZERS_INTERLEAVE_MODEL_SEMAPHORE_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MODEL_SEMAPHORE_H_

#include <cstdint>

#include "sanitizers/interleave/operation.h"

namespace racelab::interleave {

// A semaphore has no state but its value, which is memory: where glibc keeps it, in the first four bytes.
inline std::uint32_t& SemaphoreValue(std::uintptr_t address) { return *reinterpret_cast<std::uint32_t*>(address); }

// kAcquire, kRelease; kTryAcquire, which is `timed` if it stands for a wait with a time limit.
Operation OnSemaphore(Kind kind, std::uintptr_t address, const void* pc, bool timed = false);

// Whether a kAcquire has something to take.
bool SemaphoreAllows(const Operation& operation);

// What a kTryAcquire will turn out to be, done now, or whether a kRelease gives what others wait for.
void SettleOnSemaphore(Operation& operation);

// The names of these operations in reports; null for any other.
const char* NameOnSemaphore(Kind kind);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MODEL_SEMAPHORE_H_

#ifndef RACELAB_SANITIZERS_INTERLEAVE_MODEL_FUTEX_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MODEL_FUTEX_H_

#include <cstdint>

#include "sanitizers/interleave/operation.h"

namespace racelab::interleave {

// A futex: the threads that sleep on a word of memory (a WaitQueue). Reading the word and entering the queue is one
// step.

// Sleeps if the word at `address` is `value`.
Operation OnFutexWait(std::uintptr_t address, std::uint32_t value, const void* pc);
// The thread has entered the queue by `wait`, and sleeps until it is woken or, if `timed`, its time is up.
Operation AsleepOnFutex(const Operation& wait, bool timed);
Operation OnFutexWake(std::uintptr_t address, const void* pc);

// The names of these operations in reports; null for any other.
const char* NameOnFutex(Kind kind);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MODEL_FUTEX_H_

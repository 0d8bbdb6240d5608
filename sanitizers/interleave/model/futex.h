#ifndef RACELAB_SANITIZERS_INTERLEAVE_MODEL_FUTEX_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MODEL_FUTEX_H_

#include <cstdint>

#include "sanitizers/interleave/operation.h"

namespace racelab::interleave {

// A futex: who sleeps on a word of memory (a WaitQueue). To sleep is to read the word and to enter the queue, at once.

// Sleeps if the word at `address` is `value`.
Operation OnFutexWait(std::uintptr_t address, std::uint32_t value, const void* pc);
// In the queue of the sleep `wait`: until it is woken or, if it is `timed`, its time is up.
Operation AsleepOnFutex(const Operation& wait, bool timed);
Operation OnFutexWake(std::uintptr_t address, const void* pc);

// The names of these operations in reports; null for any other.
const char* NameOnFutex(Kind kind);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MODEL_FUTEX_H_

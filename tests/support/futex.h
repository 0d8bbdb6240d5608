#ifndef RACELAB_TESTS_SUPPORT_FUTEX_H_
#define RACELAB_TESTS_SUPPORT_FUTEX_H_

#include <atomic>
#include <cstdint>

namespace racelab {

// Sleeps while `word` is `value`; may return early. Wakes all who sleep on it. Bare system calls, which order nothing:
// std::atomic::wait brings accesses of its own library with it, and what those acquire and release.
void FutexWait(std::atomic<std::uint32_t>& word, std::uint32_t value);
void FutexWake(std::atomic<std::uint32_t>& word);

}  // namespace racelab

#endif  // RACELAB_TESTS_SUPPORT_FUTEX_H_

#ifndef RACELAB_TESTS_SUPPORT_FUTEX_H_
#define RACELAB_TESTS_SUPPORT_FUTEX_H_

#include <atomic>
#include <cstdint>

namespace racelab {

// FutexWait() sleeps while `word` is `value`; it may return early. FutexWake() wakes all sleeping threads. These are
// bare system calls, which order nothing; std::atomic::wait would access data of its own, and acquire and release with
// it.
void FutexWait(std::atomic<std::uint32_t>& word, std::uint32_t value);
void FutexWake(std::atomic<std::uint32_t>& word);

}  // namespace racelab

#endif  // RACELAB_TESTS_SUPPORT_FUTEX_H_

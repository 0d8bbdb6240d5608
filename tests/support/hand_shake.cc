#include "tests/support/hand_shake.h"

#include <atomic>
#include <thread>

#include "tests/support/futex.h"
#include "tests/support/second_runtime.h"

namespace racelab {
namespace {

constexpr int kYields = 1000;  // Some milliseconds on a busy machine; the other thread needs microseconds.

}  // namespace

void HandShake::Signal() {
  signalled_.store(1, std::memory_order_relaxed);
  FutexWake(signalled_);
}

void HandShake::Await() {
  while (signalled_.load(std::memory_order_relaxed) == 0) FutexWait(signalled_, 0);
}

bool HandShake::AwaitBriefly() {
  // The second runtime brings about the meeting in some interleaving, and must be free to bring about the others, too.
  if (UnderSecondRuntime()) return signalled_.load(std::memory_order_relaxed) != 0;
  for (int i = 0; i < kYields; ++i) {
    if (signalled_.load(std::memory_order_relaxed) != 0) return true;
    std::this_thread::yield();
  }
  return signalled_.load(std::memory_order_relaxed) != 0;
}

}  // namespace racelab

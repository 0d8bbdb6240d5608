#include "tests/support/hand_shake.h"

#include <atomic>
#include <thread>

#include "tests/support/futex.h"
#include "tests/support/second_runtime.h"

namespace racelab {
namespace {

// If loads may return older values, relaxed accesses would let a thread see values from before the meeting. The races
// that the stronger order hides have already been searched for. (The orders must be constants: g++ treats any other
// expression as sequentially consistent.)
void Store(std::atomic<std::uint32_t>& signalled) {
  if (LoadsMayReturnOlderValues()) {
    signalled.store(1, std::memory_order_seq_cst);
  } else {
    signalled.store(1, std::memory_order_relaxed);
  }
}
bool Load(const std::atomic<std::uint32_t>& signalled) {
  const std::uint32_t value = LoadsMayReturnOlderValues() ? signalled.load(std::memory_order_seq_cst)
                                                          : signalled.load(std::memory_order_relaxed);
  return value != 0;
}

constexpr int kYields = 1000;  // Some milliseconds on a busy machine; the other thread needs microseconds.

}  // namespace

void HandShake::Signal() {
  Store(signalled_);
  FutexWake(signalled_);
}

void HandShake::Await() {
  while (!Load(signalled_)) FutexWait(signalled_, 0);
}

bool HandShake::AwaitBriefly() {
  // The second runtime produces the meeting in some interleaving, and must be free to produce the others, too.
  if (UnderSecondRuntime()) return Load(signalled_);
  for (int i = 0; i < kYields; ++i) {
    if (Load(signalled_)) return true;
    std::this_thread::yield();
  }
  return Load(signalled_);
}

}  // namespace racelab

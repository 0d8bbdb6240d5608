#include "tests/support/hand_shake.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <climits>
#include <thread>

#include "tests/support/second_runtime.h"

namespace racelab {
namespace {

// std::atomic::wait would bring its library's own acquire and release with it, hence the bare system call.
void Futex(std::atomic<std::uint32_t>& word, int operation, std::uint32_t value) {
  syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&word), operation | FUTEX_PRIVATE_FLAG, value, nullptr, nullptr,
          0);
}

constexpr int kYields = 1000;  // Some milliseconds on a busy machine; the other thread needs microseconds.

}  // namespace

void HandShake::Signal() {
  signalled_.store(1, std::memory_order_relaxed);
  Futex(signalled_, FUTEX_WAKE, INT_MAX);
}

void HandShake::Await() {
  while (signalled_.load(std::memory_order_relaxed) == 0) Futex(signalled_, FUTEX_WAIT, 0);
}

bool HandShake::AwaitBriefly() {
  // Who brings about every meeting must be free to bring about the others, too.
  if (UnderSecondRuntime()) return signalled_.load(std::memory_order_relaxed) != 0;
  for (int i = 0; i < kYields; ++i) {
    if (signalled_.load(std::memory_order_relaxed) != 0) return true;
    std::this_thread::yield();
  }
  return signalled_.load(std::memory_order_relaxed) != 0;
}

}  // namespace racelab

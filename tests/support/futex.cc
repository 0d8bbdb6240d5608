#include "tests/support/futex.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>

namespace racelab {
namespace {

void Futex(std::atomic<std::uint32_t>& word, int operation, std::uint32_t value) {
  syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&word), operation | FUTEX_PRIVATE_FLAG, value, nullptr, nullptr,
          0);
}

}  // namespace

void FutexWait(std::atomic<std::uint32_t>& word, std::uint32_t value) { Futex(word, FUTEX_WAIT, value); }
void FutexWake(std::atomic<std::uint32_t>& word) { Futex(word, FUTEX_WAKE, INT_MAX); }

}  // namespace racelab

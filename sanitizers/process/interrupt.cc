#include "sanitizers/process/interrupt.h"

#include <signal.h>

#include <atomic>
#include <cerrno>

#include "absl/status/status.h"

namespace racelab {
namespace {

// Relaxed throughout: the flag publishes no other data, and it is read again and again.
std::atomic<bool> g_interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may only use lock-free atomics");

void OnSignal(int) { g_interrupted.store(true, std::memory_order_relaxed); }

}  // namespace

void RequestInterrupt() { g_interrupted.store(true, std::memory_order_relaxed); }

bool InterruptRequested() { return g_interrupted.load(std::memory_order_relaxed); }

void ClearInterrupt() { g_interrupted.store(false, std::memory_order_relaxed); }

absl::Status InstallInterruptHandler() {
  struct sigaction action = {};
  action.sa_handler = OnSignal;
  action.sa_flags = SA_RESTART | SA_RESETHAND;
  sigemptyset(&action.sa_mask);
  for (int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before = {};
    if (sigaction(signal, nullptr, &before) == 0 && before.sa_handler == SIG_IGN) continue;
    if (sigaction(signal, &action, nullptr) != 0) {
      return absl::ErrnoToStatus(errno,
                                 "cannot handle interrupts (sigaction); run on, and end racelab with kill if need be");
    }
  }
  return absl::OkStatus();
}

}  // namespace racelab

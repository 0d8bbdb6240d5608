// Loops that wait for others, and what may happen without cause: a thread that comes first, time that passes, a
// wake-up.

#undef NDEBUG
#include <atomic>
#include <cassert>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "tests/sanitizers/explored/primitives/primitives.h"

namespace racelab {
namespace {

void PollUnderMutex(bool right) {
  std::mutex mutex;
  bool done = false;
  Together(
      [&] {
        for (;;) {
          const std::lock_guard lock(mutex);
          if (done) return;
        }
      },
      [&] {
        const std::lock_guard lock(mutex);
        done = right;
      });
}

// A flag that is read once is no part of the loop that follows.
void TwoFlags(bool right) {
  std::atomic<int> mode = 0, job = 0;
  Together(
      [&] {
        const int seen = mode;
        while (job == 0) {
        }
        assert(seen == 0 || right);
      },
      [&] {
        mode = 10;
        job = 1;
      });
}

// A thread that yields many times may still be the first to come.
void YieldsFirst(bool right) {
  std::atomic<int> ready = 0;
  Together(
      [&] {
        for (int i = 0; i < 9; ++i) std::this_thread::yield();
        ready = 1;
      },
      [&] { assert(ready == 0 || right); });
}

// It gives up, while the other could still go on.
void GivesUp(bool right) {
  std::atomic<bool> ready = false;
  Together(
      [&] {
        int rounds = 0;
        while (!ready && ++rounds < 60) {
        }
        assert(right || ready);
      },
      [&] { ready = true; });
}

void ManySteps(bool right) {
  std::atomic<int> count = 0;
  Together([&] {
    for (int i = 0; i < 20'001; ++i) ++count;
  });
  assert(count == (right ? 20'001 : 20'000));
}

// How late it is depends on whoever sleeps.
void Clock(bool right) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  Together([&] { assert(right || Clock::now() - start < std::chrono::seconds(1)); },
           [] { std::this_thread::sleep_for(std::chrono::seconds(1)); });
}

void WakeUpWithoutCause(bool right) {
  std::mutex mutex;
  std::condition_variable condition;
  bool ready = false;
  Together(
      [&] {
        std::unique_lock lock(mutex);
        if (right) {
          while (!ready) condition.wait(lock);
        } else if (!ready) {
          condition.wait(lock);
        }
        assert(ready);
      },
      [&] {
        const std::lock_guard lock(mutex);
        ready = true;
        condition.notify_one();
      });
}

std::atomic<int*> head = nullptr;
int* first = nullptr;

// Whether a new object is where the old one was.
void AddressUsedAgain(bool right) {
  head = first = new int(1);
  Together([] { delete head.exchange(nullptr); },
           [right] {
             int* other = new int(2);
             assert(right || other != first);
             delete other;
           });
}

}  // namespace

const Primitives& Fairness() {
  static const Primitives primitives = {
      {"address_used_again", AddressUsedAgain},
      {"clock", Clock},
      {"gives_up", GivesUp},
      {"many_steps", ManySteps},
      {"poll_under_mutex", PollUnderMutex},
      {"two_flags", TwoFlags},
      {"wake_up_without_cause", WakeUpWithoutCause},
      {"yields_first", YieldsFirst},
  };
  return primitives;
}

}  // namespace racelab

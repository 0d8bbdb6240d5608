// Loops that wait for other threads, and events without cause: one thread comes first, time passes, a thread wakes up.

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

// Checks `done`, under the mutex, until it is true.
template <typename Pause>
void Poll(std::mutex& mutex, const bool& done, Pause pause) {
  for (;; pause()) {
    const std::lock_guard lock(mutex);
    if (done) return;
  }
}

void PollUnderMutex(bool right) {
  std::mutex mutex;
  bool done = false;
  Together([&] { Poll(mutex, done, [] {}); },
           [&] {
             const std::lock_guard lock(mutex);
             done = right;
           });
}

void PollAndSleep(bool right) {
  std::mutex mutex;
  bool done = false;
  Together([&] { Poll(mutex, done, [] { std::this_thread::sleep_for(std::chrono::milliseconds(1)); }); },
           [&] {
             const std::lock_guard lock(mutex);
             if (right) {
               done = true;
             } else {
               assert(done);
             }
           });
}

// A flag that is read once is not part of the loop that follows.
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

// Each thread finds the other's latest value, forever: the values keep changing, but without any progress.
void PassAToken(bool right) {
  std::atomic<int> hand = 0;
  const auto pass = [&](int mine) {
    int rounds = right ? 3 : -1;
    while (rounds != 0) {
      hand.exchange(mine);
      if (rounds > 0) --rounds;
    }
  };
  Together([&] { pass(1); }, [&] { pass(2); });
}

// One interleaving in 184,756 leads to a data race, and only half of its possible continuations show it.
void RaceFarAway(bool right) {
  std::atomic<int> turn = 0;
  int shared = 0;
  const auto go = [&](int mine) {
    bool by_turns = true;
    for (int i = 0; i < 10; ++i) by_turns &= turn.fetch_add(1) % 2 == mine;
    if (!by_turns || right) return;
    shared = mine;
    assert(shared == mine);
  };
  Together([&] { go(0); }, [&] { go(1); });
}

// A loop with two waits. Each may wake up without cause, but they do not take turns forever.
void WaitsInOneLoop(bool right) {
  std::mutex mutex;
  std::condition_variable begun, done;
  bool is_done = false;
  Together(
      [&] {
        std::unique_lock lock(mutex);
        while (!is_done) {
          begun.wait(lock);
          if (is_done) break;
          if (right) {
            done.wait(lock);
          } else {
            done.wait(lock, [&] { return is_done; });
            assert(false);
          }
        }
      },
      [&] {
        const std::lock_guard lock(mutex);
        is_done = true;
        begun.notify_all();
        done.notify_all();
      });
}

// A thread that yields many times may still come first.
void YieldsFirst(bool right) {
  std::atomic<int> ready = 0;
  Together(
      [&] {
        for (int i = 0; i < 9; ++i) std::this_thread::yield();
        ready = 1;
      },
      [&] { assert(ready == 0 || right); });
}

// The thread gives up, although the other could still go on.
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

// How late it is depends on the sleeping thread.
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

// Whether a new object is at the old one's address.
void AddressUsedAgain(bool right) {
  head = first = new int(1);
  Together([] { delete head.exchange(nullptr); },
           [right] {
             int* other = new int(2);
             assert(right || other != first);
             delete other;
           });
}

// There is no other thread that could end the loop.
void SpinsAlone(bool right) {
  std::atomic<bool> done = false;
  std::thread other([&] { done = right; });
  other.join();
  while (!done) std::this_thread::yield();
}

}  // namespace

RightOrWrongPrograms Fairness() {
  static constexpr RightOrWrongProgram kPrimitives[] = {
      {"address_used_again", AddressUsedAgain},
      {"clock", Clock},
      {"gives_up", GivesUp},
      {"many_steps", ManySteps},
      {"pass_a_token", PassAToken},
      {"poll_and_sleep", PollAndSleep},
      {"poll_under_mutex", PollUnderMutex},
      {"race_far_away", RaceFarAway},
      {"spins_alone", SpinsAlone},
      {"two_flags", TwoFlags},
      {"waits_in_one_loop", WaitsInOneLoop},
      {"wake_up_without_cause", WakeUpWithoutCause},
      {"yields_first", YieldsFirst},
  };
  return kPrimitives;
}

}  // namespace racelab

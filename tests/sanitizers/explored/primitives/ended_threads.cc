// The stacks and the thread-local variables of threads, whose lifetime ends with the thread.

#undef NDEBUG
#include <pthread.h>

#include <atomic>
#include <cassert>
#include <cstring>
#include <latch>
#include <mutex>
#include <thread>

#include "tests/sanitizers/explored/primitives/primitives.h"

namespace racelab {
namespace {

// The pointer of a thread's result: to its own variable, or to one of its creator's.
void LocalAfterJoin(bool right) {
  int kept = 0;
  std::atomic<int*> result = nullptr;
  std::thread([&, right] {
    int local = 0;
    result = right ? &kept : &local;
  }).join();
  *result = 1;
}

void ThreadLocalAfterJoin(bool right) {
  static thread_local int own = 0;
  std::atomic<int*> result = nullptr;
  std::thread([&] { result = &own; }).join();
  if (right) result = &own;
  *result = 1;
}

void CopyAfterJoin(bool right) {
  char kept[24] = "", *result = nullptr, copy[24];
  std::thread([&, right] {
    char local[24] = "a line of text";
    result = right ? std::strcpy(kept, local) : local;
  }).join();
  std::memcpy(copy, result, sizeof copy);
}

// The owner has a last step to make after it has given the pointer away. Which of the two steps comes first makes no
// difference, so the search tries only one order of them.
void LocalOfRunningThread(bool right) {
  std::atomic<int*> given = nullptr;
  std::atomic<int> steps = 0;
  std::atomic<bool> read = false;
  Together(
      [&, right] {
        int local = 7;
        given = &local;
        given.notify_one();
        ++steps;
        if (right) read.wait(false);
      },
      [&] {
        given.wait(nullptr);
        assert(*given == 7);
        read = true;
        read.notify_one();
      });
}

void LocalOfNestedThreads(bool right) {
  std::thread([right] {
    int local = 0;
    std::thread inner([&] { ++local; });
    right ? inner.join() : inner.detach();
  }).join();
}

// The thread that waits for the latch destroys it; nobody may use it, or what is beside it, after having counted down.
void LatchOnAStack(bool right) {
  std::thread([right] {
    int local = 0;
    std::latch latch(1);
    std::thread([&, right] {
      if (right) ++local;
      latch.count_down();
      if (!right) ++local;
    }).detach();
    latch.wait();
  }).join();
}

void AtomicOfAThread(bool right) {
  std::mutex mutex;
  bool began = false;
  std::thread([&, right] {
    std::atomic<int> local = 0;
    std::thread inner([&] {
      {
        std::lock_guard lock(mutex);
        began = true;
      }
      ++local;
    });
    if (right) return inner.join();
    for (bool ready = false; !ready; std::this_thread::yield()) {
      std::lock_guard lock(mutex);
      ready = began;
    }
    inner.detach();
  }).join();
}

// A new thread gets the memory of the last one.
void StackUsedAgain(bool right) {
  std::atomic<int*> first = nullptr;
  int kept = 0;
  std::thread([&, right] {
    int local = 0;
    first = right ? &kept : &local;
  }).join();
  std::thread([] {}).join();
  *first = 1;
}

// A stack that the program provides outlives the thread.
void StackOfTheProgram(bool right) {
  static char stack[128 << 10] __attribute__((aligned(4096)));
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, sizeof stack);
  if (right) pthread_attr_setstack(&attributes, stack, sizeof stack);
  const auto run = [](void* result) -> void* {
    volatile int local = 1;
    *static_cast<std::atomic<volatile int*>*>(result) = &local;
    return nullptr;
  };
  pthread_t thread;
  std::atomic<volatile int*> result = nullptr;
  pthread_create(&thread, &attributes, run, &result);
  pthread_join(thread, nullptr);
  *result = 2;
}

}  // namespace

RightOrWrongPrograms EndedThreads() {
  static constexpr RightOrWrongProgram kPrograms[] = {
      {"ended_local", LocalAfterJoin},
      {"ended_thread_local", ThreadLocalAfterJoin},
      {"ended_text", CopyAfterJoin},
      {"ended_before_use", LocalOfRunningThread},
      {"ended_creator", LocalOfNestedThreads},
      {"ended_latch", LatchOnAStack},
      {"ended_atomic", AtomicOfAThread},
      {"ended_stack_used_again", StackUsedAgain},
      {"ended_stack_of_program", StackOfTheProgram},
  };
  return kPrograms;
}

}  // namespace racelab

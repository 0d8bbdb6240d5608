// Threads, time, and requests that a test makes to the runtime.

#undef NDEBUG
#include <dlfcn.h>
#include <fenv.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#include <atomic>
#include <cassert>
#include <chrono>
#include <future>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "tests/sanitizers/explored/primitives/primitives.h"

namespace racelab {
namespace {

void Detach(bool right) {
  static std::atomic<bool> done;
  done = false;
  std::thread([] { done = true; }).detach();
  while (right && !done) {
  }
  assert(done);
}

void Exception(bool right) {
  Together([right] {
    try {
      throw std::runtime_error("thrown");
    } catch (const std::logic_error&) {
    } catch (const std::runtime_error&) {
      if (!right) throw;
    }
  });
}

void Time(bool right) {
  const auto begin = std::chrono::steady_clock::now();
  Together([] { std::this_thread::sleep_for(std::chrono::hours(1)); });
  const auto slept = std::chrono::steady_clock::now() - begin;
  assert(slept >= std::chrono::hours(1));
  if (!right) assert(slept < std::chrono::minutes(1));
}

// A function of the runtime's own interface.
template <typename Function>
Function* Runtime(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_DEFAULT, name));
}

void Choice(bool right) {
  const auto choose = Runtime<int(int)>("racelab_interleave_choose");
  const auto note = Runtime<void(const char*)>("racelab_interleave_note");
  int first = 0, second = 0;
  Together([&] { first = choose(2); }, [&] { second = choose(3); });
  note("both have chosen");
  assert(first < 2 && second < 3);
  if (!right) assert(first + second < 3);
}

void PunctualTime(bool right) {
  Runtime<void()>("racelab_interleave_be_punctual")();
  std::mutex mutex;
  const auto begin = std::chrono::steady_clock::now();
  const auto wait_an_hour = [&] {
    std::unique_lock lock(mutex);
    if (right) lock.unlock();
    std::this_thread::sleep_for(std::chrono::hours(1));
  };
  Together(wait_an_hour, wait_an_hour);
  assert(std::chrono::steady_clock::now() - begin == std::chrono::hours(1));
}

void CreationFails(bool right) {
  Runtime<void(int)>("racelab_interleave_creations_may_fail")(1);
  try {
    std::thread([] {}).join();
  } catch (const std::system_error& error) {
    if (!right) throw;
    assert(error.code() == std::errc::resource_unavailable_try_again);
  }
}

// pthread_exit() destroys the objects on the stack, including the lock.
void ThreadExit(bool right) {
  std::mutex mutex;
  int value = 0;
  const auto leave = [&] {
    std::unique_lock lock(mutex);
    ++value;
    if (!right) lock.release();
    pthread_exit(nullptr);
  };
  Together(leave, leave);
  assert(value == 2);
}

// Computes for a while, or forever, without a visible operation.
void SilentLoop(bool right) {
  const auto compute = [right] {
    for (long i = 0; !right || i < 10'000'000; ++i) asm volatile("");
  };
  Together(compute, [] {});
}

// The library announces the result when the thread has ended.
void ReadyAtTheEndOfAThread(bool right) {
  std::promise<int> promise;
  std::future<int> future = promise.get_future();
  int after = 0;
  std::thread setter([&] {
    right ? promise.set_value_at_thread_exit(1) : promise.set_value(1);
    after = 42;
  });
  future.wait();
  assert(after == 42);
  future = {};  // Either this or the library's drops the last reference.
  setter.join();
}

// Each thread has its own rounding mode, inherited from its creator.
void Rounding(bool right) {
  std::mutex mutex;
  const auto meet = [&] {
    const std::scoped_lock lock(mutex);
    std::this_thread::yield();
  };
  const auto round_upwards = [&] {
    fesetround(FE_UPWARD);
    meet();
    assert(fegetround() == FE_UPWARD);
    std::thread child([] { assert(fegetround() == FE_UPWARD); });
    child.join();
  };
  Together(round_upwards, [&] {
    meet();
    assert(fegetround() == (right ? FE_TONEAREST : FE_UPWARD));
  });
  assert(fegetround() == FE_TONEAREST);
}

// The same for floating-point exceptions: those of the vector unit (double), and those of the x87 (long double).
template <typename Number>
void DivideByZero(bool right) {
  std::mutex mutex;
  std::atomic<bool> asked = false;
  const auto meet = [&] { const std::scoped_lock lock(mutex); };
  Together(
      [&] {
        volatile Number zero = 0;
        meet();
        volatile Number quotient = 1 / zero;
        (void)quotient;
        meet();
        // In the first interleaving, the other thread's question is the program's first call of <fenv.h>.
        if (asked) assert(fetestexcept(FE_DIVBYZERO) != 0);
      },
      [&] {
        meet();
        meet();
        assert((fetestexcept(FE_DIVBYZERO) == 0) == right);
        asked = true;
      });
}

// After pthread_join(), the thread's handle is no longer valid.
void SignalAfterJoin(bool right) {
  std::thread thread([] {});
  const pthread_t handle = thread.native_handle();
  if (right) pthread_kill(handle, 0);
  thread.join();
  if (!right) pthread_kill(handle, 0);
}

void CancelAfterJoin(bool right) {
  std::thread thread([] {});
  const pthread_t handle = thread.native_handle();
  if (right) pthread_cancel(handle);
  thread.join();
  if (!right) pthread_cancel(handle);
}

// The destructor of a thread that can still be joined.
void NotJoined(bool right) {
  std::thread thread([] {});
  if (right) thread.join();
}

// Each thread has a name of its own, at first its creator's.
void NamedThread(bool right) {
  char of_creator[16], of_worker[16];
  prctl(PR_GET_NAME, of_creator);
  std::promise<void> is_named, is_asked;
  std::thread worker([&] {
    char own[16];
    assert(pthread_getname_np(pthread_self(), own, sizeof own) == 0 && strcmp(own, of_creator) == 0);
    if (prctl(PR_SET_NAME, "the name of the worker") == 0) is_named.set_value();
    is_asked.get_future().wait();
  });
  if (right) is_named.get_future().wait();
  assert(pthread_getname_np(worker.native_handle(), of_worker, sizeof of_worker) == 0);
  is_asked.set_value();
  worker.join();
  assert(strcmp(of_worker, "the name of the") == 0);
  pthread_setname_np(pthread_self(), "another");
  assert(prctl(PR_GET_NAME, of_worker) == 0 && strcmp(of_worker, "another") == 0);
}

}  // namespace

RightOrWrongPrograms Threads() {
  static constexpr RightOrWrongProgram kPrimitives[] = {
      {"detach", Detach},
      {"named_thread", NamedThread},
      {"exception", Exception},
      {"time", Time},
      {"choice", Choice},
      {"punctual_time", PunctualTime},
      {"creation_fails", CreationFails},
      {"silent_loop", SilentLoop},
      {"thread_exit", ThreadExit},
      {"ready_at_the_end_of_a_thread", ReadyAtTheEndOfAThread},
      {"rounding", Rounding},
      {"divided_by_zero", DivideByZero<double>},
      {"long_divided_by_zero", DivideByZero<long double>},
      {"signal_after_join", SignalAfterJoin},
      {"cancel_after_join", CancelAfterJoin},
      {"not_joined", NotJoined},
  };
  return kPrimitives;
}

}  // namespace racelab

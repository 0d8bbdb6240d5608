// Abseil's primitives.

#undef NDEBUG
#include <cassert>

#include "absl/synchronization/barrier.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "tests/sanitizers/explored/primitives/primitives.h"

namespace racelab {
namespace {

void AbslMutex(bool right) ABSL_NO_THREAD_SAFETY_ANALYSIS {
  absl::Mutex mutex;
  int count = 0;
  const auto add = [&]() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    if (right) mutex.Lock();
    ++count;
    if (right) mutex.Unlock();
  };
  Together(add, add);
  assert(count == 2);
}

void AbslDeadlock(bool right) {
  absl::Mutex a, b;
  Together(
      [&] {
        absl::MutexLock first(&a);
        absl::MutexLock second(&b);
      },
      [&] {
        absl::MutexLock first(right ? &a : &b);
        absl::MutexLock second(right ? &b : &a);
      });
}

void AbslReaders(bool right) {
  absl::Mutex mutex;
  int value = 0;
  const auto read = [&] {
    absl::ReaderMutexLock lock(&mutex);
    if (!right) ++value;
    assert(value >= 0);
  };
  Together(read, read);
}

void AbslAwait(bool right) {
  absl::Mutex mutex;
  bool ready = false;
  Together(
      [&] {
        absl::MutexLock lock(&mutex);
        mutex.Await(absl::Condition(&ready));
        assert(ready);
      },
      [&] {
        absl::MutexLock lock(&mutex);
        ready = right;
      });
}

void AbslCondVar(bool right) {
  absl::Mutex mutex;
  absl::CondVar condition;
  bool ready = false;
  Together(
      [&] {
        absl::MutexLock lock(&mutex);
        if (!right) condition.Wait(&mutex);
        while (!ready) condition.Wait(&mutex);
      },
      [&] {
        absl::MutexLock lock(&mutex);
        ready = true;
        condition.Signal();
      });
}

void AbslNotification(bool right) {
  absl::Notification notification;
  int value = 0;
  Together(
      [&] {
        if (right) value = 1;
        notification.Notify();
        if (!right) value = 1;
      },
      [&] {
        notification.WaitForNotification();
        assert(value == 1);
      });
}

void AbslBlockingCounter(bool right) {
  absl::BlockingCounter counter(right ? 1 : 2);  // If 2, only one of the two decrements.
  int value = 0;
  Together(
      [&] {
        value = 1;
        counter.DecrementCount();
      },
      [&] {
        counter.Wait();
        assert(value == 1);
      });
}

void AbslBarrier(bool right) {
  auto* barrier = new absl::Barrier(2);
  int first = 0, second = 0;
  Together(
      [&] {
        first = 1;
        if (right && barrier->Block()) delete barrier;
        assert(second == 1);
      },
      [&] {
        second = 1;
        if (right && barrier->Block()) delete barrier;
        assert(first == 1);
      });
}

}  // namespace

RightOrWrongPrograms Abseil() {
  static constexpr RightOrWrongProgram kPrimitives[] = {
      {"absl_mutex", AbslMutex},
      {"absl_deadlock", AbslDeadlock},
      {"absl_readers", AbslReaders},
      {"absl_await", AbslAwait},
      {"absl_cond_var", AbslCondVar},
      {"absl_notification", AbslNotification},
      {"absl_blocking_counter", AbslBlockingCounter},
      {"absl_barrier", AbslBarrier},
  };
  return kPrimitives;
}

}  // namespace racelab

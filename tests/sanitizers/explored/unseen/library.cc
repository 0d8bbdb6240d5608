#include "tests/sanitizers/explored/unseen/library.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace unseen {
namespace {

int Exchange(int& word, int value) { return __atomic_exchange_n(&word, value, __ATOMIC_ACQ_REL); }

struct Job {
  void (*function)(void*);
  void* argument;
  int done = 0;
};

void* Work(void* argument) {
  Job& job = *static_cast<Job*>(argument);
  job.function(job.argument);
  __atomic_store_n(&job.done, 1, __ATOMIC_RELEASE);
  syscall(SYS_futex, &job.done, FUTEX_WAKE, 1, nullptr, nullptr, 0);
  return nullptr;
}

}  // namespace

void Acquire(Lock& lock) {
  int expected = 0;
  if (__atomic_compare_exchange_n(&lock.state, &expected, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) return;
  while (Exchange(lock.state, 2) != 0) syscall(SYS_futex, &lock.state, FUTEX_WAIT, 2, nullptr, nullptr, 0);
}

void Release(Lock& lock) {
  if (Exchange(lock.state, 0) == 2) syscall(SYS_futex, &lock.state, FUTEX_WAKE, 1, nullptr, nullptr, 0);
}

void Put(Slot& slot, int* value) {
  __atomic_store_n(&slot.value, value, __ATOMIC_RELEASE);
  syscall(SYS_futex, &slot.value, FUTEX_WAKE, 1, nullptr, nullptr, 0);
}

int* Take(Slot& slot) {
  while (true) {
    if (int* value = __atomic_exchange_n(&slot.value, nullptr, __ATOMIC_ACQ_REL)) return value;
    syscall(SYS_futex, &slot.value, FUTEX_WAIT, 0, nullptr, nullptr, 0);
  }
}

void RunElsewhere(void (*function)(void*), void* argument) {
  static Job job;
  job = {function, argument};
  pthread_t thread;
  pthread_create(&thread, nullptr, Work, &job);
  while (__atomic_load_n(&job.done, __ATOMIC_ACQUIRE) == 0)
    syscall(SYS_futex, &job.done, FUTEX_WAIT, 0, nullptr, nullptr, 0);
}

Large Collect(long a, long b, long c, long d, long e, long f, long g, double h, long i) {
  return {{a + b, c + d, e + f, g, static_cast<long>(h) + i}};
}

void Throw(int value) { throw value; }

}  // namespace unseen

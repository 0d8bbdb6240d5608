// The real threads whose thread-local storage the program's threads use, and the setting back of that storage.

#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/fatal.h"
#include "sanitizers/interleave/interceptors/real.h"

namespace racelab::interleave {
namespace {

std::size_t storage_bytes = 0;
char* saved[kMaxThreads];
int parked = 0;  // The futex on which the real threads sleep until the process ends.

long RawFutex(int* word, int operation, int value) {
  long result;
  register long timeout asm("r10") = 0;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(SYS_futex), "D"(word), "S"(operation), "d"(value), "r"(timeout)
               : "rcx", "r11", "memory");
  return result;
}

struct Parking {
  std::uintptr_t thread_pointer;
  int ready;
};

void* Park(void* argument) {
  auto& parking = *static_cast<Parking*>(argument);
  sigset_t all;
  sigfillset(&all);
  REAL(pthread_sigmask)(SIG_BLOCK, &all, nullptr);
  parking.thread_pointer = ThreadPointer();
  __atomic_store_n(&parking.ready, 1, __ATOMIC_RELEASE);
  RawFutex(&parking.ready, FUTEX_WAKE_PRIVATE, 1);
  for (;;) RawFutex(&parked, FUTEX_WAIT_PRIVATE, 0);
}

char* Storage(int thread) {
  return reinterpret_cast<char*>(execution.threads[thread].fibre.thread_pointer) - storage_bytes;
}

}  // namespace

void PrepareThreads() {
  if (storage_bytes != 0) return;
  ProbePointerChange();
  storage_bytes = StaticThreadLocalBytes();
  for (int t = 0; t < kMaxThreads; ++t) {
    Thread& thread = execution.threads[t];
    MapStack(thread.fibre);
    saved[t] = static_cast<char*>(AllocateRuntimeMemory(storage_bytes));
    if (t == 0) {
      thread.fibre.thread_pointer = ThreadPointer();
      thread.handle = REAL(pthread_self)();
      continue;
    }
    Parking parking = {};
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 64 << 10);
    if (REAL(pthread_create)(&thread.handle, &attributes, Park, &parking) != 0) {
      Fatal("cannot create the %d threads that the runtime needs: %s", kMaxThreads, strerror(errno));
    }
    pthread_attr_destroy(&attributes);
    while (__atomic_load_n(&parking.ready, __ATOMIC_ACQUIRE) == 0) RawFutex(&parking.ready, FUTEX_WAIT_PRIVATE, 0);
    thread.fibre.thread_pointer = parking.thread_pointer;
    memcpy(saved[t], Storage(t), storage_bytes);
  }
}

void SaveMainThreadLocals() { memcpy(saved[0], Storage(0), storage_bytes); }

void RestoreThreadLocals(int thread) { memcpy(Storage(thread), saved[thread], storage_bytes); }

}  // namespace racelab::interleave
